select coalesce(max(oldest), 0), coalesce(max(number), 0) from schema_migration
