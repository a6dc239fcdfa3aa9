#pragma once

#include "persistence/migrate.hpp"
#include "persistence/open.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace appointd::test {

using namespace engine;
using namespace std::chrono_literals;

constexpr Time start_of_test{std::chrono::seconds(1'800'000'000)};
inline Time at(int seconds) { return start_of_test + std::chrono::seconds(seconds); }

Uuid numbered_uuid(unsigned table, unsigned number);
inline WorkflowId workflow_id(unsigned number) { return WorkflowId{numbered_uuid(1, number)}; }
inline EventId event_id(unsigned number) { return EventId{numbered_uuid(2, number)}; }
inline BatchId batch_id(unsigned number) { return BatchId{numbered_uuid(3, number)}; }
inline CorrelationKey key(const std::string& name) { return correlation_key("", "zoom", "default", "meeting", name); }
inline const Lane stripe{"/stripe/default"};
inline const Lane zoom{"/zoom/default"};

WorkflowRow a_workflow(unsigned number, int revision = 1);
/// An applied event, the workflow's `seq`th.
EventRow an_event(unsigned number, unsigned workflow, int seq);
/// Waits under a key until `expires`; on a workflow too, where one is given.
EventRow a_deferred(unsigned number, const CorrelationKey& waits_for, Time expires, std::optional<WorkflowId> workflow = {});
ActivityRow an_activity(unsigned workflow, int seq, int n, const Lane& lane = stripe);
/// By a node that knows what a_workflow is, with a lease of 30 s.
Claim a_claim(int now_seconds, int room = 10, const Lane& lane = stripe);
/// The end of a wait: `row` applied in place `seq` of a workflow.
Writes::Freed freed(EventRow row, unsigned workflow, int seq, Disposition was = Disposition::deferred);

/// One of the two databases, empty and migrated.
struct SqliteDatabase {
    static constexpr bool is_postgres = false;
    static constexpr const char* name = "Sqlite";
    TemporaryDirectory directory{"store"};
    std::string url = "sqlite:///" + (directory.path() / "store of a test.db").string();
};
/// A database of the program's cluster, emptied for each test.
struct PostgresDatabase {
    static constexpr bool is_postgres = true;
    static constexpr const char* name = "Postgres";
    std::string url = emptied_url();
    static std::string emptied_url();
};

struct DatabaseNames {
    template <class Database> static std::string GetName(int) { return Database::name; }
};

/// Verbs of a store under test; `store` is the first of as many sessions as a test opens.
template <class Backend> class StoreSuite : public testing::Test {
protected:
    StoreSuite() {
        const auto migrated = persistence::migrate(backend.url);
        if (!migrated) throw std::runtime_error(migrated.error().message);
        auto opened = persistence::open_stores(backend.url);
        if (!opened) throw std::runtime_error(opened.error().message);
        database = *std::move(opened);
        store = another_session();
        reader = database.readers->open().value();
    }

    std::unique_ptr<Store> another_session() { return database.stores->open().value(); }

    /// Writes that need no decision. What was looked at is kept in `looked`.
    CommitReport write(const Writes& writes, const Names& names = {}) { return write(*store, writes, names); }
    CommitReport write(Store& session, const Writes& writes, const Names& names = {}) {
        return session.commit(names, [&](Look&& look) {
            looked = std::move(look);
            return std::optional(writes);
        });
    }
    Look look(const Names& names) {
        store->commit(names, [&](Look&& seen) {
            looked = std::move(seen);
            return std::nullopt;
        });
        return looked;
    }
    void must_write(const Writes& writes, const Names& names = {}) {
        const auto report = write(writes, names);
        ASSERT_EQ(report.status, Commit::committed) << report.detail;
    }

    /// A workflow that one event began.
    void begin_workflow(unsigned number) {
        must_write({.events = {an_event(number * 100, number, 1)}, .workflows = {{a_workflow(number), 0}}});
    }
    /// An activity of a workflow's first event, in that state.
    void request(const ActivityRow& activity) { must_write({.activities = {activity}}); }
    ActivityRow activity(const ActivityId& id) {
        for (const ActivityRow& row : reader->activities(id.workflow).value())
            if (row.id == id) return row;
        throw std::runtime_error("no such activity");
    }

    Backend backend;
    persistence::Database database;
    std::unique_ptr<Store> store;
    std::unique_ptr<Reader> reader;
    Look looked;
};

} // namespace appointd::test
