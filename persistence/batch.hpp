#pragma once

#include "engine/ports/store.hpp"
#include "persistence/batch_counts.hpp"
#include "persistence/session.hpp"

namespace appointd::persistence {

/// Store::commit: begin, lock, look, decide, write, compare counts, commit; or roll back and say why.
/// What `decide` throws goes through, after the rollback.
engine::CommitReport commit_batch(Session& session, const engine::Names& names, const engine::Decide& decide);

/// Write a batch inside the open transaction and count the rows done. PostgreSQL: one statement, one JSON parameter a table.
/// SQLite: kept row statements. On both, changes come before the rows that the same batch inserts: a batch names a row once.
Counts write_postgresql(Session& session, const engine::Writes& writes);
Counts write_sqlite(Session& session, const engine::Writes& writes);

/// The instant of a batch, for the rows that have none of their own: the latest that its events were decided at.
Time decided_at(const engine::Writes& writes);

} // namespace appointd::persistence
