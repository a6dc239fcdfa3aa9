update activity set ready_at = :now where workflow_id = :workflow_id and seq = :seq and n = :n and epoch = :epoch and state = 'open'
