-- Locks the workflows that a batch names directly or through a key, in id order; nodes that lock in one order cannot deadlock.
-- `lateral` keeps the plan what it must be on every size of table: the list outside, one index probe for each.
with named as materialized (
  select u.id from (
    select cast(x.id as uuid) as id from json_array_elements_text(:workflows) x(id)
    union
    select c.workflow_id from json_array_elements_text(:keys) k(key)
      cross join lateral (select workflow_id from correlation where key = k.key and workflow_id is not null offset 0) c
  ) u
  order by u.id
)
select w.id, w.owner, w.kind, w.version, w.state, w.revision, w.data, w.timers, w.wake_at, w.attention, w.search,
  w.created_at, w.changed_at, w.closed_at
from named
cross join lateral (select * from workflow where workflow.id = named.id for no key update) w
