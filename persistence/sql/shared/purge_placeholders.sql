-- Keys that somebody waited for until the wait was over.
delete from correlation where key in (
  select c.key from correlation c
  where c.workflow_id is null and c.since < :before
    and not exists (select 1 from event e where e.waits_for = c.key and e.disposition = 'deferred')
  limit :room) and workflow_id is null
