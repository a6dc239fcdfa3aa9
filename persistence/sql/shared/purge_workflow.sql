delete from workflow where id = :id and closed_at < :before
