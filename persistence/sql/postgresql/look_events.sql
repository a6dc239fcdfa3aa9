-- Events seen before (whole where they may be decided again), and those that wait for a locked workflow or a named key.
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, e.payload, e.result, e.raw, e.address, e.expires_at, 1 as named
from json_array_elements_text(:events) x(id)
cross join lateral (
  select id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition, reason,
    case when disposition in ('deferred', 'dead') then payload end as payload, result,
    case when disposition in ('deferred', 'dead') then raw end as raw, address, expires_at
  from event where event.id = cast(x.id as uuid) offset 0
) e
union all
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, e.payload, e.result, e.raw, e.address, e.expires_at, 0
from json_array_elements_text(:workflows) x(id)
cross join lateral (
  select * from event where event.workflow_id = cast(x.id as uuid) and event.seq is null and event.disposition = 'deferred' offset 0
) e
union all
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, e.payload, e.result, e.raw, e.address, e.expires_at, 0
from json_array_elements_text(:keys) k(key)
cross join lateral (select * from event where event.waits_for = k.key and event.disposition = 'deferred' offset 0) e
