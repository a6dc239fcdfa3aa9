#include "persistence/migrate.hpp"
#include "persistence/open.hpp"
#include "persistence/session.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace appointd::persistence {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Time now{std::chrono::seconds(1'800'000'000)};

struct SqliteEmpty {
    static constexpr Dialect dialect = Dialect::sqlite;
    static constexpr const char* name = "Sqlite";
    test::TemporaryDirectory directory{"migrations"};
    std::string url = "sqlite:///" + (directory.path() / "empty.db").string();
};
struct PostgresEmpty {
    static constexpr Dialect dialect = Dialect::postgresql;
    static constexpr const char* name = "Postgres";
    std::string url = test::PostgresCluster::of_this_program().fresh_database();
};
struct EmptyNames {
    template <class Database> static std::string GetName(int) { return Database::name; }
};

template <class Backend> class Migrations : public testing::Test {
protected:
    /// The binary's own steps and one more, as the next release might carry.
    std::vector<Migration> with_next(std::string_view sql, int oldest) {
        auto steps = migrations_of(Backend::dialect);
        const int number = steps.back().number + 1;
        steps.push_back({.number = number, .name = "next", .checksum = "sum", .oldest = oldest, .text = sql});
        return steps;
    }
    Session session() { return {parse_database_url(backend.url).value(), {}, nullptr}; }
    int carried() { return migrations_of(Backend::dialect).back().number; }
    Backend backend;
};
using Backends = testing::Types<SqliteEmpty, PostgresEmpty>;
TYPED_TEST_SUITE(Migrations, Backends, EmptyNames);

TYPED_TEST(Migrations, EmptyDatabaseIsRefusedUntilItIsMigratedAndMigratingAgainDoesNothing) {
    EXPECT_EQ(open_stores(this->backend.url).error().code, "schema_outdated");
    const auto first = migrate(this->backend.url, now).value();
    EXPECT_EQ(first.before, 0);
    EXPECT_EQ(first.after, this->carried());
    EXPECT_THAT(first.applied, SizeIs(static_cast<std::size_t>(this->carried())));
    EXPECT_TRUE(open_stores(this->backend.url));
    const auto second = migrate(this->backend.url, now).value();
    EXPECT_EQ(second.before, this->carried());
    EXPECT_THAT(second.applied, IsEmpty());
}

TYPED_TEST(Migrations, StepsAppliedByTwoReleasesAreTheSameAsByOne) {
    const auto steps = this->with_next("create table extra (id int primary key);\ncreate index extra_id on extra (id);", 1);
    ASSERT_TRUE(migrate(this->backend.url, now));
    const auto report = migrate(this->backend.url, steps, now).value();
    EXPECT_EQ(report.before, this->carried());
    EXPECT_THAT(report.applied, ElementsAre("next"));
    auto session = this->session();
    EXPECT_NO_THROW(session.script("insert into extra values (1)"));
}

TYPED_TEST(Migrations, TwoProgramsMigratingAtOnceApplyEachStepOnce) {
    std::vector<std::string> applied[2];
    {
        std::jthread other([&] { applied[0] = migrate(this->backend.url, now).value().applied; });
        applied[1] = migrate(this->backend.url, now).value().applied;
    }
    EXPECT_EQ(applied[0].size() + applied[1].size(), static_cast<std::size_t>(this->carried()));
    EXPECT_TRUE(open_stores(this->backend.url));
}

TYPED_TEST(Migrations, StepThatFailsLeavesNothingOfItself) {
    const auto steps = this->with_next("create table extra (id int primary key);\ninsert into nowhere values (1);", 1);
    const auto failed = migrate(this->backend.url, steps, now);
    EXPECT_EQ(failed.error().code, "schema_failed");
    EXPECT_TRUE(open_stores(this->backend.url)) << "the steps before it stand";
    auto session = this->session();
    EXPECT_ANY_THROW(session.script("insert into extra values (1)"));
}

TYPED_TEST(Migrations, ChangedStepIsRefused) {
    auto steps = migrations_of(TypeParam::dialect);
    steps.front().checksum = "of another text";
    ASSERT_TRUE(migrate(this->backend.url, steps, now));
    const auto refused = migrate(this->backend.url, now);
    EXPECT_EQ(refused.error().code, "schema_changed");
    EXPECT_THAT(refused.error().message, HasSubstr(steps.front().name));
}

TYPED_TEST(Migrations, SchemaOfANewerReleaseIsUsedWhereItAllowsAndRefusedWhereItDoesNot) {
    auto steps = this->with_next("create table extra (id int primary key);", 1);
    ASSERT_TRUE(migrate(this->backend.url, steps, now));
    EXPECT_TRUE(migrate(this->backend.url, now)) << "additive: the release before keeps running";
    auto opened = open_stores(this->backend.url);
    ASSERT_TRUE(opened);
    const auto reader = opened->readers->open().value();
    EXPECT_TRUE(reader->ping());

    const int number = steps.back().number + 1;
    steps.push_back(
        {.number = number, .name = "breaking", .checksum = "sum", .oldest = number, .text = "create table more (id int);"});
    ASSERT_TRUE(migrate(this->backend.url, steps, now));
    EXPECT_EQ(migrate(this->backend.url, now).error().code, "schema_too_new");
    EXPECT_EQ(open_stores(this->backend.url).error().code, "schema_too_new");
    EXPECT_THAT(open_stores(this->backend.url).error().message, HasSubstr("start a newer appointd"));
    EXPECT_EQ(reader->ping().error().code, "schema_too_new") << "a running node notices";
}

TEST(Migration, BothDatabasesCarryTheSameSteps) {
    const auto postgresql = migrations_of(Dialect::postgresql), sqlite = migrations_of(Dialect::sqlite);
    ASSERT_EQ(postgresql.size(), sqlite.size());
    for (std::size_t at = 0; at < sqlite.size(); ++at) {
        EXPECT_EQ(postgresql[at].name, sqlite[at].name);
        EXPECT_EQ(postgresql[at].oldest, sqlite[at].oldest);
    }
}

} // namespace appointd::persistence
