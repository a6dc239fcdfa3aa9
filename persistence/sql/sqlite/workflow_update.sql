update workflow set version = :version, state = :state, revision = :revision, data = :data, timers = :timers, wake_at = :wake_at,
  attention = :attention, search = :search, changed_at = :changed_at, closed_at = :closed_at
where id = :id and revision = :was
