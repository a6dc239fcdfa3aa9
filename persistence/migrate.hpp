#pragma once

#include "foundation/result.hpp"
#include "foundation/time.hpp"
#include "persistence/catalogue.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::persistence {

/// One forward-only step of the schema. Released ones never change; the checksum guards that.
struct Migration {
    int number = 0; ///< from the file's name, "001_workflows": 1, 2, 3 ... without a gap
    std::string name;
    std::string checksum; ///< SHA-256 of the file
    int oldest = 0;       ///< "-- oldest: N": a binary whose own newest migration is below N may not use the schema after it
    std::string_view text;
};

/// Those embedded in this binary, in order. Throws std::logic_error on a gap or a missing "-- oldest:" line.
std::vector<Migration> migrations_of(Dialect dialect);

struct MigrationReport {
    int before = 0, after = 0;        ///< number of the newest migration; 0: an empty database
    std::vector<std::string> applied; ///< names, in order
};

/// Brings the database up to this binary's schema, each step in a transaction of its own, under a lock that lets one program
/// migrate at a time. Nothing to do is fine, so is a database that a newer, still compatible binary has migrated further. Errors:
/// database_url_invalid, database_unavailable, database_busy, schema_changed (an applied migration is not the one we carry),
/// schema_too_new (it needs a newer binary), schema_failed (a step was refused; nothing of it stands).
Result<MigrationReport> migrate(std::string_view url,
                                Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));

/// The same with other steps than the binary's own, for tests of the mechanism.
Result<MigrationReport> migrate(std::string_view url, std::span<const Migration> steps, Time now);

/// Whether a binary that carries our migrations fits a schema whose newest step is `number` and that asks for `oldest`.
/// Errors: schema_outdated, schema_too_new; the message says what to do.
Result<void> check_schema(Dialect dialect, int oldest, int number);

} // namespace appointd::persistence
