-- Deferred events whose wait is over.
select id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition, reason, payload,
  result, raw, address, expires_at
from event where expires_at <= :now and disposition = 'deferred' order by expires_at limit :room
