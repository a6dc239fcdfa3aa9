-- A workflow's id begins with the moment it was made, so the least id is the oldest: all from the index, no row is read.
select kind, state, count(*), min(cast(id as text)) from workflow group by kind, state order by kind, state
