-- A dead letter stays until somebody decided it.
delete from event where workflow_id = :id and seq is null and disposition <> 'dead'
