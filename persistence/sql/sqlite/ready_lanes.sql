-- Over the index of open activities alone.
select lane, count(*) as ready from activity where state = 'open' and ready_at <= :now group by lane order by lane
