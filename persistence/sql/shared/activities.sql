select workflow_id, seq, n, lane, priority, kind, state, round, generation, epoch, tries, ready_at, first_sent_at, request, outcome,
  last_error, created_at
from activity where workflow_id = :id order by seq, n
