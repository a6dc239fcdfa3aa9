select id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition, reason, payload,
  result, raw, address, expires_at
from event where workflow_id = :id and seq > :after order by seq limit :room
