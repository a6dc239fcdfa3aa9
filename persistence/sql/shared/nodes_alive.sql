select count(*) from node where seen_at >= :alive_after
