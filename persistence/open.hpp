#pragma once

#include "engine/ports/reader.hpp"
#include "engine/ports/store.hpp"
#include "foundation/result.hpp"

#include <chrono>
#include <memory>
#include <string_view>

namespace appointd::persistence {

struct StoreOptions {
    int lanes = 2;                                      ///< pipelines at once on PostgreSQL; SQLite has one writer, so one
    std::chrono::milliseconds lock_timeout{5000};       ///< after it a batch is rolled back and decided anew
    std::chrono::milliseconds statement_timeout{15000}; ///< PostgreSQL: no statement takes longer
};

/// A database as the engine and the HTTP API see it. Both open as many sessions as they are asked for, from any thread, and
/// outlive them by shared ownership of what they share.
struct Database {
    std::unique_ptr<engine::Stores> stores;
    std::unique_ptr<engine::Readers> readers;
};

/// Checks that the database answers and that its schema fits (run `migrate` before).
/// Errors: database_url_invalid, database_unavailable, schema_outdated, schema_too_new. Messages hold no password.
Result<Database> open_stores(std::string_view url, const StoreOptions& options = {});

} // namespace appointd::persistence
