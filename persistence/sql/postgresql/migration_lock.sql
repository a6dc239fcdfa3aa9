-- One migrating program at a time; the number is only ours.
select pg_advisory_xact_lock(7021791820)
