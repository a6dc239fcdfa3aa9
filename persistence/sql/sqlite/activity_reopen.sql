update activity set state = 'open', round = round + 1, tries = 0, ready_at = :ready_at, outcome = null
where workflow_id = :workflow_id and seq = :seq and n = :n and state <> 'open'
