-- The oldest of a state is the first along its index: ids are in order of creation.
select g.kind, g.state, g.count, (
  select w.created_at from workflow w where w.kind = g.kind and w.state = g.state order by w.id limit 1)
from (select kind, state, count(*) as count from workflow group by kind, state) g
order by g.kind, g.state
