#include "tests/unit/engine/desk.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using DeliberationTimer = Desk;

TEST_F(DeliberationTimer, FiresWhatIsDueAndKeepsTheRest) {
    commit(event(id(1), R"({"timers":{"a":60,"b":90},"on":{"timer.a":{"state":"rang"}}})", "begin"));
    const Time set_for = now + 60s;
    now += 70s;
    const Plan plan = commit(due(id(1)));
    EXPECT_EQ(row(id(1)).state, "rang");
    EXPECT_EQ(row(id(1)).wake_at, set_for + 30s);
    ASSERT_EQ(plan.fired.size(), 1u);
    EXPECT_EQ(plan.fired[0].first.at, set_for);
    EXPECT_EQ(plan.fired[0].second, "puppet\na");
    const EventRow& rang = rows.events.rbegin()->second;
    EXPECT_EQ(rang.type, "timer.a");
    EXPECT_EQ(rang.source, "timer");
    EXPECT_EQ(rang.occurred_at, set_for);
    EXPECT_EQ(rang.payload, R"({"name":"a","set":1})");
    EXPECT_EQ(rang.id, make_event_id(set_for, "timer", to_string(id(1)) + ".a.1"));
}

TEST_F(DeliberationTimer, WritesNothingForAStaleProposal) {
    commit(event(id(1), R"({"timers":{"a":60}})"));
    EXPECT_TRUE(commit(due(id(1))).writes.empty());
    now += 50s;
    commit(event(id(1), R"({"timers":{"a":60}})")); // moved
    now += 20s;
    const Plan plan = commit(due(id(1)));
    EXPECT_TRUE(plan.writes.empty());
    EXPECT_TRUE(plan.fired.empty());
    EXPECT_TRUE(commit(due(id(7))).writes.empty()) << "a workflow that is gone";
}

TEST_F(DeliberationTimer, DoesNotFireWhatAnEarlierOneDropped) {
    commit(event(id(1), R"({"timers":{"a":60,"b":30},"on":{"timer.b":{"timers":{"a":null}},"timer.a":{}}})", "begin"));
    now += 100s;
    const Plan plan = commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.b");
    EXPECT_EQ(plan.fired.size(), 1u);
    EXPECT_FALSE(row(id(1)).wake_at);
}

TEST_F(DeliberationTimer, FiresInTheOrderOfTheirInstantsAndAgainWhenSetAgain) {
    commit(event(id(1), R"({"timers":{"a":60,"b":30},"on":{"timer.a":{},"timer.b":{"timers":{"b":5}}}})", "begin"));
    now += 100s;
    commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.b timer.a");
    EXPECT_EQ(row(id(1)).wake_at, now + 5s);
    now += 5s;
    commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.b timer.a timer.b");
}

TEST_F(DeliberationTimer, IsGoneAndDeadWhereItsTransitionThrows) {
    commit(event(id(1), R"({"timers":{"a":60},"on":{"timer.a":{"decide":"throw","reason":"boom"}}})", "begin"));
    now += 60s;
    commit(due(id(1)));
    EXPECT_FALSE(row(id(1)).wake_at);
    EXPECT_EQ(row(id(1)).revision, 1);
    EXPECT_THAT(history(id(1)), ElementsAre("begin:applied", "timer.a:dead"));
    EXPECT_TRUE(commit(due(id(1))).writes.empty());
    commit(event(id(1), "{}")); // the row's next step
    EXPECT_EQ(row(id(1)).revision, 2);
}

TEST_F(DeliberationTimer, LeavesHistoryWhereItIsDeferredOrRefused) {
    commit(event(
        id(1),
        R"({"timers":{"a":60,"b":60},"on":{"timer.a":{"decide":"defer","reason":"not now"},"timer.b":{"decide":"refuse","reason":"never"}}})",
        "begin"));
    now += 60s;
    commit(due(id(1)));
    EXPECT_THAT(history(id(1)), ElementsAre("begin:applied", "timer.a:ignored", "timer.b:ignored"));
    EXPECT_FALSE(row(id(1)).wake_at);
}

TEST_F(DeliberationTimer, StaysWhereThisNodeDoesNotKnowTheVersion) {
    commit(event(id(1), R"({"timers":{"a":60},"on":{"timer.a":{}}})", "begin"));
    rows.workflows.at(id(1)).version = 2;
    now += 60s;
    EXPECT_TRUE(commit(due(id(1))).writes.empty()) << "another node knows it, and fires it";
    kinds.push_back(make_puppet(2));
    commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.a");
}

TEST_F(DeliberationTimer, WakesWhatIsParked) {
    commit(event(id(1), R"({"timers":{"a":60},"on":{"timer.a":{}}})", "begin"));
    commit(event(id(1), R"({"decide":"defer_until_twice"})", "early"));
    now += 60s;
    commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.a early");
}

TEST_F(DeliberationTimer, IsDeadWhereTheDatabaseRefusesWhatItDecides) {
    commit(event(id(1), R"({"timers":{"a":60,"b":61},"on":{"timer.a":{},"timer.b":{}}})", "begin"));
    now += 70s;
    Work work = due(id(1));
    work.condemned = true;
    commit(work);
    EXPECT_EQ(log(id(1)), "begin");
    EXPECT_EQ(dead().size(), 1u) << "the first one only: the other may be innocent";
    commit(due(id(1)));
    EXPECT_EQ(log(id(1)), "begin timer.b");
}

} // namespace
} // namespace appointd::engine::testing
