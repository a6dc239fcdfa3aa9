delete from node where seen_at < :before
