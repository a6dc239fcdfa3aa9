select workflow_id from correlation where key = :key and workflow_id is not null
