-- Events seen before (whole where they may be decided again), and those that wait for a named workflow or key.
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, case when e.disposition in ('deferred', 'dead') then e.payload end as payload, e.result,
  case when e.disposition in ('deferred', 'dead') then e.raw end as raw, e.address, e.expires_at, 1 as named
from json_each(:events) x cross join event e on e.id = x.value
union all
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, e.payload, e.result, e.raw, e.address, e.expires_at, 0
from json_each(:workflows) x
cross join event e on e.workflow_id = x.value and e.workflow_id is not null and e.seq is null and e.disposition = 'deferred'
union all
select e.id, e.workflow_id, e.seq, e.source, e.type, e.waits_for, e.occurred_at, e.received_at, e.decided_at, e.version, e.batch,
  e.disposition, e.reason, e.payload, e.result, e.raw, e.address, e.expires_at, 0
from json_each(:keys) k cross join event e on e.waits_for = k.value and e.waits_for is not null and e.disposition = 'deferred'
