update activity set state = :state, tries = :tries, generation = :generation, ready_at = :ready_at, outcome = :outcome,
  last_error = :last_error, first_sent_at = case when :clear_first_sent = 1 then null else first_sent_at end
where workflow_id = :workflow_id and seq = :seq and n = :n and epoch = :epoch and state = 'open'
