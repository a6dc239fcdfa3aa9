delete from event where workflow_id = :id and seq is not null
