update correlation set workflow_id = :workflow_id, since = :since where key = :key and workflow_id is null
