-- As list, along the index of those that need attention.
select id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at
from workflow
where attention is not null
  and id < :before and id >= :least
  and (cast(:kind as text) is null or kind = :kind)
  and (cast(:state as text) is null or state = :state)
  and (cast(:reason as text) is null or ',' || attention || ',' like :reason escape '!')
  and (cast(:from as text) is null or created_at >= :from)
  and (cast(:to as text) is null or created_at < :to)
  and (cast(:changed_from as text) is null or changed_at >= :changed_from)
  and (cast(:like as text) is null or search like :like escape '!' or id between :low and :high)
order by id desc limit :room
