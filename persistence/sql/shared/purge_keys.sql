delete from correlation where workflow_id = :id
