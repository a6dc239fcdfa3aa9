-- The one question about time: the clock measures its distance to the database's with it.
select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
