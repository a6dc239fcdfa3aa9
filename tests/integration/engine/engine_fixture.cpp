#include "tests/integration/engine/engine_fixture.hpp"

#include "engine/runtime/replay.hpp"
#include "persistence/migrate.hpp"
#include "persistence/open.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/engine/memory_store.hpp"
#include "tests/support/engine/puppet.hpp"

#include <iostream>

namespace appointd::engine::testing {

namespace {

struct InMemory final : TestDatabase {
    Stores& stores() override { return store; }
    Readers& readers() override { return store.readers(); }
    MemoryStore store{2};
};

struct OnDisk final : TestDatabase {
    explicit OnDisk(const std::string& url) {
        if (const auto migrated = persistence::migrate(url); !migrated) throw std::runtime_error(migrated.error().message);
        auto opened = persistence::open_stores(url);
        if (!opened) throw std::runtime_error(opened.error().message);
        database = std::move(*opened);
    }
    Stores& stores() override { return *database.stores; }
    Readers& readers() override { return *database.readers; }
    std::unique_ptr<test::TemporaryDirectory> directory; // first: it goes last
    persistence::Database database;
};

} // namespace

std::unique_ptr<TestDatabase> make_database(const std::string& kind) {
    if (kind == "memory") return std::make_unique<InMemory>();
    if (kind == "sqlite") {
        auto directory = std::make_unique<test::TemporaryDirectory>("engine");
        auto database = std::make_unique<OnDisk>("sqlite:///" + (directory->path() / "engine.db").string());
        database->directory = std::move(directory);
        return database;
    }
    try { // one database for all tests of the program: making and dropping one takes longer than most of them
        static const std::string url = test::PostgresCluster::of_this_program().fresh_database();
        auto database = std::make_unique<OnDisk>(url);
        test::PostgresCluster::execute(url, "truncate workflow, event, activity, correlation, definition, node");
        return database;
    } catch (const std::exception& error) {
        std::cerr << "no PostgreSQL: " << error.what() << "\n";
        return nullptr;
    }
}

void EngineTest::SetUp() {
    database = make_database(GetParam());
    if (!database) GTEST_SKIP() << "no such database here";
    faults = std::make_unique<FaultyStores>(database->stores());
    reader = std::move(*database->readers().open());
}

void EngineTest::TearDown() {
    nodes.clear();
    if (!reader) return;
    const Definitions definitions({make_puppet(), make_parcel()});
    WorkflowFilter filter;
    filter.limit = 200;
    for (bool more = true; more;) {
        const auto rows = reader->list(filter);
        ASSERT_TRUE(rows) << rows.error().message;
        for (const WorkflowRow& stored : *rows) {
            const auto report = replay(*reader, definitions, stored.id);
            if (!report && report.error().code == "version_missing") continue; // a test's own version
            ASSERT_TRUE(report && *report);
            const auto& first = (*report)->first;
            if (first) ADD_FAILURE() << first->seq << " " << first->type << ": " << first->recorded << " / " << first->replayed;
            for (const auto& found : (*report)->differences)
                ADD_FAILURE() << stored.kind << " " << found.what << ": " << found.stored << " / " << found.replayed;
        }
        more = rows->size() == 200;
        if (more) filter.before = rows->back().id;
    }
}

Node& EngineTest::node(std::size_t n) {
    auto& slot = nodes[n];
    if (!slot) {
        slot = std::make_unique<Node>(*faults, world, clock, options, n + 1);
        slot->start();
    }
    return *slot;
}

WorkflowId EngineTest::id(int n) const {
    RandomBytes bytes{};
    bytes[8] = static_cast<std::uint8_t>(n >> 8);
    bytes[9] = static_cast<std::uint8_t>(n);
    return make_workflow_id(from_micros(1'790'000'000'000'000), bytes);
}

Incoming EngineTest::script(WorkflowId workflow, std::string type, std::string payload) const {
    Incoming incoming;
    incoming.event.id = make_event_id(clock.now(), "outside", to_string(workflow) + type);
    incoming.event.source = "outside";
    incoming.event.type = std::move(type);
    incoming.event.occurred_at = clock.now();
    incoming.event.payload = std::move(payload);
    incoming.event.raw = "raw";
    incoming.address.targets.emplace_back(workflow);
    incoming.address.unclaimed = Unclaimed::start;
    incoming.address.kind = "puppet";
    incoming.address.fresh = workflow;
    return incoming;
}

WorkflowRow EngineTest::row(WorkflowId workflow) {
    const auto found = reader->workflow(workflow);
    if (!found || !*found) return {};
    return **found;
}

std::vector<EventRow> EngineTest::history(WorkflowId workflow) {
    auto rows = reader->history(workflow, 0, 10'000);
    return rows ? *rows : std::vector<EventRow>{};
}

std::string EngineTest::story(WorkflowId workflow) {
    std::string text;
    for (const EventRow& event : history(workflow))
        text += (text.empty() ? "" : " ") + event.type + ":" + std::string(to_string(event.disposition));
    return text;
}

ActivityRow EngineTest::activity(const ActivityId& id) {
    const auto rows = reader->activities(id.workflow);
    if (rows)
        for (const ActivityRow& one : *rows)
            if (one.id == id) return one;
    return {};
}

bool EngineTest::reaches(WorkflowId workflow, const std::string& wanted) {
    return eventually([&] { return state(workflow) == wanted; });
}

bool EngineTest::advancing_until(Duration step, const std::function<bool()>& holds) {
    for (int n = 0; n < 2'000; ++n) {
        if (eventually(holds, std::chrono::milliseconds(15))) return true;
        clock.advance(step);
    }
    return false;
}

} // namespace appointd::engine::testing
