-- Newest first; ids are in order of creation. A filter that is not given is null; the bounds of the id are always given, so that the
-- index begins and ends there.
select id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at
from workflow
where id < :before and id >= :least
  and (cast(:kind as text) is null or kind = :kind)
  and (cast(:state as text) is null or state = :state)
  and (cast(:calm as text) is null or attention is null)
  and (cast(:from as text) is null or created_at >= :from)
  and (cast(:to as text) is null or created_at < :to)
  and (cast(:changed_from as text) is null or changed_at >= :changed_from)
  and (cast(:like as text) is null or search like :like escape '!' or id between :low and :high)
order by id desc limit :room
