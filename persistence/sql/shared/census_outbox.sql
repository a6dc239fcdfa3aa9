select lane, count(*), min(created_at) from activity where state = 'open' group by lane order by lane
