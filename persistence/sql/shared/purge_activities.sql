delete from activity where workflow_id = :id
