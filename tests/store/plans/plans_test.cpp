#include "persistence/catalogue.hpp"
#include "persistence/migrate.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <map>
#include <stdexcept>

#include <sqlite3.h>

namespace appointd::persistence {

/// What runs for every batch, claim and poll.
constexpr std::array hot_on_both{"lock",
                                 "look_marks",
                                 "look_events",
                                 "claim",
                                 "ready_lanes",
                                 "due",
                                 "expired",
                                 "event",
                                 "closed_before",
                                 "purge_workflow",
                                 "purge_history",
                                 "purge_parked",
                                 "purge_activities",
                                 "purge_keys",
                                 "purge_unowned",
                                 "workflow",
                                 "activities",
                                 "history",
                                 "parked",
                                 "owner_of"};
constexpr std::array hot_on_sqlite{"event_free",    "workflow_update", "activity_attempt",
                                   "activity_skip", "activity_reopen", "key_bind"};
constexpr std::array tables{"workflow", "event", "activity", "correlation"};

/// 100,000 workflows with their history: most are closed, some wait, a few are open activities.
std::string filling(Dialect dialect) {
    const bool postgres = dialect == Dialect::postgresql;
    const std::string id = postgres ? "cast(lpad(to_hex(i), 32, '0') as uuid)" : "printf('00000000-0000-0000-0000-%012x', i)";
    const std::string numbers = postgres ? "generate_series(1, 100000) i" : "numbers";
    const std::string with =
        postgres ? "" : "with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < 100000) ";
    const std::string text = postgres ? "repeat('x', 200)" : "printf('%200s', 'x')";
    return with +
           "insert into workflow (id, kind, version, state, revision, data, wake_at, attention, search, created_at, changed_at, "
           "closed_at) select " +
           id + ", 'booking', 1, case when i % 10 = 0 then 'CONFIRMED' else 'COMPLETED' end, 1, " + text +
           ", case when i % 10 = 0 then i end, case when i % 1000 = 0 then 'x' end, 'name', i, i, case when i % 10 <> 0 then i "
           "end from " +
           numbers + ";\n" + with +
           "insert into event (id, workflow_id, seq, source, type, waits_for, occurred_at, received_at, decided_at, version, "
           "batch, "
           "disposition, payload, expires_at) select " +
           id + ", " + id +
           ", case when i % 100 > 0 then 1 end, 's', 't', "
           "case when i % 100 = 0 then 'k' || i end, i, i, i, 1, " +
           id + ", case when i % 100 > 0 then 'applied' else 'deferred' end, " + text +
           ", case when i % 100 = 0 then i end from " + numbers + ";\n" + with +
           "insert into activity (workflow_id, seq, n, lane, priority, kind, state, epoch, tries, ready_at, request, created_at) "
           "select " +
           id + ", 1, 0, '/stripe/default', 2, 'k', case when i % 20 = 0 then 'open' else 'succeeded' end, 1, 1, i, " + text +
           ", i from " + numbers + ";\n" + with + "insert into correlation (key, workflow_id, since) select 'k' || i, " + id +
           ", i from " + numbers + ";\n";
}

/// What an open page asks when it searches for an invitee: by text, of the last days alone.
const std::map<std::string, std::string> search_of_a_page{{"kind", "'booking'"},
                                                          {"from", "99000"},
                                                          {"like", "'%invitee-0001%'"},
                                                          {"before", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"},
                                                          {"least", "'00000000-0000-0000-0000-000000018300'"},
                                                          {"room", "20"}};

/// PostgreSQL: ":name" to "$n", as SOCI does it; and the name of each.
std::pair<std::string, std::vector<std::string>> numbered(const std::string& sql) {
    std::string text;
    std::vector<std::string> names;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        if (sql[at] != ':') {
            text += sql[at];
            continue;
        }
        text += '$';
        std::string& name = names.emplace_back();
        text += std::to_string(names.size());
        while (at + 1 < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[at + 1])) || sql[at + 1] == '_'))
            name += sql[++at];
    }
    return {text, names};
}

class PostgresPlans : public testing::Test {
protected:
    PostgresPlans() : url(test::PostgresCluster::of_this_program().fresh_database()) { migrate(url).value(); }

    /// The generic plan, which is what writing sessions keep; of a reader's question the one for what is `given`. All lines of
    /// it.
    std::string plan(const std::string& name, const std::map<std::string, std::string>& given = {}) {
        const auto [text, names] = numbered(statement_text(Dialect::postgresql, name));
        std::string values;
        for (const std::string& parameter : names) {
            const auto value = given.find(parameter);
            values += (values.empty() ? "(" : ", ") + (value == given.end() ? "null" : value->second);
        }
        if (!names.empty()) values += ")";
        return test::PostgresCluster::execute(
            url, std::string("set plan_cache_mode = ") + (given.empty() ? "force_generic_plan" : "force_custom_plan") +
                     "; prepare asked as " + text + "; explain (format json) execute asked" + values);
    }
    void expect_index_access() {
        std::vector<std::string> names(hot_on_both.begin(), hot_on_both.end());
        names.emplace_back("write");
        for (const std::string& name : names) EXPECT_THAT(plan(name), testing::Not(testing::HasSubstr("Seq Scan"))) << name;
    }
    std::string url;
};

TEST_F(PostgresPlans, HotStatementsUseIndexesOnAnEmptyStoreAndOnALargeOne) {
    expect_index_access();
    test::PostgresCluster::execute(url, "set synchronous_commit = off; " + filling(Dialect::postgresql));
    expect_index_access();
    test::PostgresCluster::execute(url, "analyze");
    expect_index_access();
    // Each question has one index that answers it: no walk through another one's entries.
    EXPECT_THAT(plan("look_events"), testing::AllOf(testing::HasSubstr("event_parked"), testing::HasSubstr("event_waiting")));
    EXPECT_THAT(plan("expired"), testing::HasSubstr("event_expiry"));
    // A search by text has no index of its own: it goes along the ids, and ends at the least that is wanted.
    EXPECT_THAT(plan("list", search_of_a_page), testing::HasSubstr("(id >= '00000000-0000-0000-0000-000000018300'::uuid)"));
    EXPECT_THAT(plan("list", search_of_a_page), testing::Not(testing::HasSubstr("Seq Scan")));
    EXPECT_THAT(plan("write"),
                testing::Not(testing::AnyOf(testing::HasSubstr("activity_ready"), testing::HasSubstr("correlation_unowned"))));
}

class SqlitePlans : public testing::Test {
protected:
    SqlitePlans() : path((directory.path() / "plans.db").string()) {
        migrate("sqlite:///" + path).value();
        if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) throw std::runtime_error("no database");
    }
    ~SqlitePlans() override { sqlite3_close(database); }

    /// The lines of a plan: "SEARCH w USING INDEX …", "SCAN x VIRTUAL TABLE INDEX 1:".
    std::vector<std::string> plan(const std::string& name) {
        const std::string sql = "explain query plan " + statement_text(Dialect::sqlite, name);
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(name + ": " + sqlite3_errmsg(database));
        std::vector<std::string> lines;
        while (sqlite3_step(statement) == SQLITE_ROW)
            lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
        sqlite3_finalize(statement);
        return lines;
    }
    void expect_index_access() {
        std::vector<std::string> names(hot_on_both.begin(), hot_on_both.end());
        names.insert(names.end(), hot_on_sqlite.begin(), hot_on_sqlite.end());
        for (const std::string& name : names)
            for (const std::string& line : plan(name))
                for (const char* table : tables) // by name, or by the alias that our statements give it
                    for (const std::string& shown : {std::string(table), std::string(1, table[0])})
                        EXPECT_NE(line, "SCAN " + shown) << name;
    }
    bool uses(const std::string& name, const std::string& index) {
        for (const std::string& line : plan(name))
            if (line.find("INDEX " + index) != std::string::npos) return true;
        return false;
    }
    /// Which part of an index a list reads: both ends of it.
    void expect_bounded_lists() {
        EXPECT_TRUE(uses("list", "sqlite_autoindex_workflow_1 (id>? AND id<?)"));
        EXPECT_TRUE(uses("list_attention", "workflow_attention (id>? AND id<?)"));
        EXPECT_TRUE(uses("list_state", "workflow_state (kind=? AND state=? AND id>? AND id<?)"));
    }

    test::TemporaryDirectory directory{"plans"};
    std::string path;
    sqlite3* database = nullptr;
};

TEST_F(SqlitePlans, HotStatementsUseIndexesOnAnEmptyStoreAndOnALargeOne) {
    expect_index_access();
    ASSERT_EQ(sqlite3_exec(database, ("pragma synchronous = off; begin; " + filling(Dialect::sqlite) + "commit;").c_str(),
                           nullptr, nullptr, nullptr),
              SQLITE_OK)
        << sqlite3_errmsg(database);
    expect_index_access();
    expect_bounded_lists();
    ASSERT_EQ(sqlite3_exec(database, "analyze", nullptr, nullptr, nullptr), SQLITE_OK);
    expect_index_access();
    EXPECT_TRUE(uses("look_events", "event_parked"));
    EXPECT_TRUE(uses("look_events", "event_waiting"));
    EXPECT_TRUE(uses("expired", "event_expiry"));
    EXPECT_TRUE(uses("claim", "activity_ready"));
    EXPECT_TRUE(uses("due", "workflow_wake"));
    expect_bounded_lists();
}

} // namespace appointd::persistence
