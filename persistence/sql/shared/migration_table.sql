create table if not exists schema_migration (
  number int primary key,
  name text not null,
  checksum text not null,
  oldest int not null,
  applied_at bigint not null
)
