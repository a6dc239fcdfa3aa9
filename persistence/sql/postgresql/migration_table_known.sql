select 1 where to_regclass('schema_migration') is not null
