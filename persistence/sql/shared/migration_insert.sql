insert into schema_migration (number, name, checksum, oldest, applied_at) values (:number, :name, :checksum, :oldest, :now)
