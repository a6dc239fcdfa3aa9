-- Keys and activities that the locks protect. Read before look_events: a placeholder seen here has its waiting event seen there.
select 'key' as what, c.key, c.workflow_id, null as seq, null as n, null as kind, null as state, null as round, null as generation,
  null as epoch, null as tries, null as outcome,
  null as request, null as created_at
from json_array_elements_text(:keys) k(key)
cross join lateral (select key, workflow_id from correlation where correlation.key = k.key offset 0) c
union all
select 'activity', null, a.workflow_id, a.seq, a.n, a.kind, a.state, a.round, a.generation, a.epoch, a.tries, a.outcome,
  a.request, a.created_at
from json_to_recordset(:activities) x(workflow_id uuid, seq int, n int)
cross join lateral (
  select * from activity where activity.workflow_id = x.workflow_id and activity.seq = x.seq and activity.n = x.n offset 0
) a
