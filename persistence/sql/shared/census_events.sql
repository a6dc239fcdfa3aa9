select (select count(*) from event where disposition = 'dead'),
  (select count(*) from event where disposition = 'deferred' and expires_at is not null),
  (select min(wake_at) from workflow where wake_at is not null)
