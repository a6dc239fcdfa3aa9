update activity set state = 'skipped' where workflow_id = :workflow_id and seq = :seq and n = :n and state = 'open'
