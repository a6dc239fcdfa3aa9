-- Events that were never ours: no workflow's end will take them along.
delete from event where id in (
  select id from event where workflow_id is null and disposition = 'ignored' and decided_at < :before order by decided_at limit :room)
