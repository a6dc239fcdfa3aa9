-- The transaction already holds the one write lock: this only reads. `cross join` fixes the order: the list outside, the index inside.
with named as materialized (
  select x.value as id from json_each(:workflows) x
  union
  select c.workflow_id from json_each(:keys) k cross join correlation c on c.key = k.value where c.workflow_id is not null
)
select w.id, w.owner, w.kind, w.version, w.state, w.revision, w.data, w.timers, w.wake_at, w.attention, w.search,
  w.created_at, w.changed_at, w.closed_at
from named cross join workflow w on w.id = named.id
order by w.id
