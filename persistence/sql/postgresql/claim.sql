-- Takes over ready activities of a lane. Rows that another node is claiming are skipped, so two claimers share none. Those of
-- workflows on a version that the claimer does not know stay for a node that does.
-- The equality on `op` tells the planner that few rows are meant: the update probes the primary key on a table of any size.
with ready as materialized (
  select 'claim' as op, workflow_id, seq, n from activity
  where state = 'open' and lane = :lane and ready_at <= :now
    and (select position(' ' || w.kind || '/' || w.version || ' ' in ' ' || :versions || ' ')
         from workflow w where w.id = activity.workflow_id) > 0
  order by priority, ready_at limit :room for no key update skip locked
)
update activity a
set epoch = a.epoch + 1, ready_at = :until, first_sent_at = coalesce(a.first_sent_at, :now)
from ready r
where r.op = 'claim' and a.workflow_id = r.workflow_id and a.seq = r.seq and a.n = r.n
returning a.workflow_id, a.seq, a.n, a.lane, a.priority, a.kind, a.state, a.round, a.generation, a.epoch, a.tries, a.ready_at,
  a.first_sent_at, a.request, a.outcome, a.last_error, a.created_at
