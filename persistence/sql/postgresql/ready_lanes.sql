-- Walks from one (lane, priority) to the next by index, so a long queue that waits for its retry costs nothing; counts to 1000 each.
with recursive step(lane, priority) as (
  (select lane, priority from activity where state = 'open' order by lane, priority limit 1)
  union all
  select n.lane, n.priority from step
  cross join lateral (
    select a.lane, a.priority from activity a
    where a.state = 'open' and (a.lane, a.priority) > (step.lane, step.priority) order by a.lane, a.priority limit 1
  ) n
)
select step.lane, sum(ready.n) as ready
from step
cross join lateral (
  select count(*) as n from (
    select 1 from activity a
    where a.state = 'open' and a.lane = step.lane and a.priority = step.priority and a.ready_at <= :now limit 1000
  ) x
) ready
group by step.lane having sum(ready.n) > 0
order by step.lane
