-- Durable and bounded: an acknowledged commit survives, no question waits for ever, no forgotten transaction keeps its locks.
select set_config('default_transaction_isolation', 'read committed', false),
  set_config('synchronous_commit', case when current_setting('synchronous_commit') in ('off', 'local') then 'on'
    else current_setting('synchronous_commit') end, false),
  set_config('lock_timeout', :lock_timeout, false),
  set_config('statement_timeout', :statement_timeout, false),
  set_config('idle_in_transaction_session_timeout', :statement_timeout, false),
  set_config('default_transaction_read_only', :read_only, false),
  set_config('plan_cache_mode', :plans, false),
  set_config('client_min_messages', 'warning', false)
