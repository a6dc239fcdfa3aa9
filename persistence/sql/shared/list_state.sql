-- As list, along the index of one kind's state.
select id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at
from workflow
where kind = :kind and state = :state
  and id < :before and id >= :least
  and (cast(:calm as text) is null or attention is null)
  and (cast(:from as text) is null or created_at >= :from)
  and (cast(:to as text) is null or created_at < :to)
  and (cast(:changed_from as text) is null or changed_at >= :changed_from)
  and (cast(:like as text) is null or search like :like escape '!' or id between :low and :high)
order by id desc limit :room
