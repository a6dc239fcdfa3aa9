select versions from node where seen_at >= :alive_after
