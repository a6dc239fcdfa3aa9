-- oldest: 1
-- Workflows, their events (inbox, dedupe and history in one), open activities, correlation keys. docs/storage.md says what each column is for.

create table workflow (
  id text primary key not null,
  owner text not null default '',
  kind text not null,
  version integer not null,
  state text not null,
  revision integer not null,
  data text not null,
  timers text not null default '{}',
  wake_at integer,
  attention text,
  search text not null default '',
  created_at integer not null,
  changed_at integer not null,
  closed_at integer
);
create index workflow_state on workflow (kind, state, id);
create index workflow_wake on workflow (wake_at) where wake_at is not null;
create index workflow_attention on workflow (id) where attention is not null;
create index workflow_closed on workflow (closed_at) where closed_at is not null;

create table event (
  id text primary key not null,
  workflow_id text,
  seq integer,
  source text not null,
  type text not null,
  waits_for text,
  occurred_at integer not null,
  received_at integer not null,
  decided_at integer not null,
  version integer,
  batch text not null,
  disposition text not null,
  reason text,
  payload text not null,
  result text,
  raw text,
  address text,
  expires_at integer,
  constraint event_belongs check ((workflow_id is null) = (seq is null) or disposition in ('deferred', 'dead'))
);
create unique index event_history on event (workflow_id, seq) where seq is not null;
-- Conditions beyond the disposition keep the planner from using one of these indexes for a question that another one answers.
create index event_waiting on event (waits_for) where disposition = 'deferred' and waits_for is not null;
-- Deferred and dead rows that name a workflow without a place in its history.
create index event_parked on event (workflow_id) where seq is null and workflow_id is not null;
create index event_expiry on event (expires_at) where disposition = 'deferred' and expires_at is not null;
create index event_dead on event (id) where disposition = 'dead';
-- What was never ours has no workflow whose end retention could wait for.
create index event_unowned on event (decided_at) where workflow_id is null and disposition = 'ignored';

create table activity (
  workflow_id text not null,
  seq integer not null,
  n integer not null,
  lane text not null,
  priority integer not null,
  kind text not null,
  state text not null,
  round integer not null default 1,
  generation integer not null default 1,
  epoch integer not null,
  tries integer not null,
  ready_at integer not null,
  first_sent_at integer,
  request text not null,
  outcome text,
  last_error text,
  created_at integer not null,
  primary key (workflow_id, seq, n)
) without rowid;
-- `state` is in it so that counting what is ready reads the index alone.
create index activity_ready on activity (lane, priority, ready_at, state) where state = 'open';

create table correlation (
  key text primary key not null,
  workflow_id text,
  since integer not null
) without rowid;
create index correlation_workflow on correlation (workflow_id);
-- Placeholders of those who wait; only retention asks for them, and the second condition keeps other plans off this index.
create index correlation_unowned on correlation (since) where workflow_id is null and since is not null;

create table definition (
  kind text not null,
  version integer not null,
  fingerprint text not null,
  primary key (kind, version)
);

create table node (
  id text primary key not null,
  seen_at integer not null,
  versions text not null
);
