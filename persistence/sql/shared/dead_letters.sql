select id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition, reason, payload,
  result, raw, address, expires_at
from event where disposition = 'dead' and (cast(:before as text) is null or id < :before) order by id desc limit :room
