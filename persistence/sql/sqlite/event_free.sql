update event set workflow_id = :workflow_id, seq = :seq, waits_for = :waits_for, disposition = :disposition, reason = :reason,
  result = :result, decided_at = :decided_at, version = :version, batch = :batch, address = :address, expires_at = :expires_at
where id = :id and disposition = :was
