-- Keys and activities that the locks protect. Read before look_events: a placeholder seen here has its waiting event seen there.
-- Placeholders are locked, in key order: nobody can join those that wait between this look and the binding of the key, where a
-- binding that only asks whether the key is still free would strand the newcomer.
with asked as materialized (
  select k.key from json_array_elements_text(:keys) k(key) order by k.key
), free as materialized (
  select c.key from asked k
  cross join lateral (
    select key from correlation where correlation.key = k.key and workflow_id is null for no key update
  ) c
)
select 'activity' as what, null as key, a.workflow_id, a.seq, a.n, a.kind, a.state, a.round, a.generation, a.epoch, a.tries, a.outcome,
  a.request, a.created_at
from json_to_recordset(:activities) x(workflow_id uuid, seq int, n int)
cross join lateral (
  select * from activity where activity.workflow_id = x.workflow_id and activity.seq = x.seq and activity.n = x.n offset 0
) a
union all
select 'key', c.key, c.workflow_id, null, null, null, null, null, null, null, null, null, null, null
from asked k
cross join lateral (select key, workflow_id from correlation where correlation.key = k.key and workflow_id is not null offset 0) c
union all
select 'key', key, null, null, null, null, null, null, null, null, null, null, null, null from free
