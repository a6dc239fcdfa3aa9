-- Proposals: what is due is read again under the lock.
select id, wake_at from workflow where wake_at <= :now order by wake_at limit :room
