-- A whole batch in one statement: a table's rows are one JSON parameter, and beside it one array for each wide text column (JSON
-- inside JSON costs the database more than everything else here). The answer counts the rows done. Each element says by `op` what it
-- is for; that equality also tells the planner that few rows are meant, so updates probe the index on a table of any size.
with
event_rows as materialized (
  select * from rows from (
    json_to_recordset(:events) as (op text, was text, id uuid, workflow_id uuid, seq int, source text, type text, waits_for text,
      occurred_at bigint, received_at bigint, decided_at bigint, version int, batch uuid, disposition text, reason text, result text,
      address text, expires_at bigint),
    unnest(cast(:payloads as text[])), unnest(cast(:raws as text[]))
  ) as t(op, was, id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition,
    reason, result, address, expires_at, payload, raw)
),
workflow_rows as materialized (
  select * from rows from (
    json_to_recordset(:workflows) as (op text, was int, id uuid, owner text, kind text, version int, state text, revision int,
      wake_at bigint, attention text, search text, created_at bigint, changed_at bigint, closed_at bigint),
    unnest(cast(:data as text[])), unnest(cast(:timers as text[]))
  ) as t(op, was, id, owner, kind, version, state, revision, wake_at, attention, search, created_at, changed_at, closed_at, data, timers)
),
activity_rows as materialized (
  select * from rows from (
    json_to_recordset(:activities) as (op text, was text, workflow_id uuid, seq int, n smallint, lane text, priority smallint,
      kind text, state text, round int, generation int, epoch int, tries int, ready_at bigint, first_sent_at bigint,
      clear_first_sent boolean, last_error text, created_at bigint),
    unnest(cast(:requests as text[])), unnest(cast(:outcomes as text[]))
  ) as t(op, was, workflow_id, seq, n, lane, priority, kind, state, round, generation, epoch, tries, ready_at, first_sent_at,
    clear_first_sent, last_error, created_at, request, outcome)
),
key_rows as materialized (
  select * from json_to_recordset(:keys) as t(op text, key text, workflow_id uuid, since bigint)
),
events as (
  insert into event (id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition,
    reason, payload, result, raw, address, expires_at)
  select id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, batch, disposition,
    reason, payload, result, raw, address, expires_at
  from event_rows where op = 'insert' order by id
  on conflict do nothing returning 1
),
freed as (
  update event e set workflow_id = t.workflow_id, seq = t.seq, waits_for = t.waits_for, disposition = t.disposition,
    reason = t.reason, result = t.result, decided_at = t.decided_at, version = t.version, batch = t.batch, address = t.address,
    expires_at = t.expires_at
  from event_rows t where t.op = 'free' and e.id = t.id and e.disposition = t.was returning 1
),
begun as (
  insert into workflow (id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at,
    closed_at)
  select id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at
  from workflow_rows where op = 'insert' order by id
  on conflict do nothing returning 1
),
moved as (
  update workflow w set version = t.version, state = t.state, revision = t.revision, data = t.data, timers = t.timers,
    wake_at = t.wake_at, attention = t.attention, search = t.search, changed_at = t.changed_at, closed_at = t.closed_at
  from workflow_rows t where t.op = 'update' and w.id = t.id and w.revision = t.was returning 1
),
requested as (
  insert into activity (workflow_id, seq, n, lane, priority, kind, state, round, generation, epoch, tries, ready_at, first_sent_at,
    request, outcome, last_error, created_at)
  select workflow_id, seq, n, lane, priority, kind, state, round, generation, epoch, tries, ready_at, first_sent_at,
    request, outcome, last_error, created_at
  from activity_rows where op = 'insert'
  on conflict do nothing returning 1
),
attempted as (
  update activity a set state = t.state, tries = t.tries, generation = t.generation, ready_at = t.ready_at, outcome = t.outcome,
    last_error = t.last_error, first_sent_at = case when t.clear_first_sent then null else a.first_sent_at end
  from activity_rows t
  where t.op = 'attempt' and a.workflow_id = t.workflow_id and a.seq = t.seq and a.n = t.n and a.epoch = t.epoch and a.state = t.was
  returning 1
),
skipped as (
  update activity a set state = 'skipped'
  from activity_rows t
  where t.op = 'skip' and a.workflow_id = t.workflow_id and a.seq = t.seq and a.n = t.n and a.state = t.was returning 1
),
reopened as (
  update activity a set state = 'open', round = a.round + 1, tries = 0, ready_at = t.ready_at, outcome = null
  from activity_rows t
  where t.op = 'reopen' and a.workflow_id = t.workflow_id and a.seq = t.seq and a.n = t.n and a.state <> 'open' returning 1
),
keyed as (
  insert into correlation as c (key, workflow_id, since)
  select key, workflow_id, since from key_rows where op = 'key' order by key
  on conflict (key) do update set since = case when c.workflow_id is null then excluded.since else c.since end
    where c.workflow_id is not distinct from excluded.workflow_id
  returning 1
),
bound as (
  update correlation c set workflow_id = t.workflow_id, since = t.since
  from key_rows t where t.op = 'bind' and c.key = t.key and c.workflow_id is null returning 1
)
select (select count(*) from events) as events, (select count(*) from freed) as freed, (select count(*) from begun) as begun,
  (select count(*) from moved) as moved, (select count(*) from requested) as requested, (select count(*) from attempted) as attempted,
  (select count(*) from skipped) as skipped, (select count(*) from reopened) as reopened, (select count(*) from keyed) as keyed,
  (select count(*) from bound) as bound
