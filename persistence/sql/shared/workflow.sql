select id, owner, kind, version, state, revision, data, timers, wake_at, attention, search, created_at, changed_at, closed_at
from workflow where id = :id
