insert into workflow (id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at)
values (:id, :owner, :kind, :version, :state, :revision, :data, :timers, :wake_at, :attention, :search, :created_at, :changed_at, :closed_at)
on conflict do nothing
