select id from workflow where closed_at < :before order by closed_at limit :room
