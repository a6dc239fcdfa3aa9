select kind, state, count(*) from workflow group by kind, state order by kind, state
