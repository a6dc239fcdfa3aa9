-- Takes over ready activities of a lane; there is one writer, so nobody else is claiming. Those of workflows on a version that
-- the claimer does not know stay for a node that does.
update activity
set epoch = epoch + 1, ready_at = :until, first_sent_at = coalesce(first_sent_at, :now)
where (workflow_id, seq, n) in (
  select workflow_id, seq, n from activity
  where state = 'open' and lane = :lane and ready_at <= :now
    and (select instr(' ' || :versions || ' ', ' ' || w.kind || '/' || w.version || ' ')
         from workflow w where w.id = activity.workflow_id) > 0
  order by priority, ready_at limit :room)
returning workflow_id, seq, n, lane, priority, kind, state, round, generation, epoch, tries, ready_at, first_sent_at, request, outcome,
  last_error, created_at
