select number, name, checksum, oldest, applied_at from schema_migration order by number
