#include "tests/integration/engine/engine_fixture.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

class TimersFire : public EngineTest {};
INSTANTIATE_TEST_SUITE_P(Every, TimersFire, every_database(), database_name);

TEST_P(TimersFire, OnceAndNotBefore) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    clock.advance(10min - 1s);
    EXPECT_FALSE(eventually([&] { return state(id(1)) == "lost"; }, 60ms));
    clock.advance(1s);
    EXPECT_TRUE(reaches(id(1), "lost"));
    EXPECT_EQ(story(id(1)), "parcel.ordered:applied timer.patience:applied");
}

TEST_P(TimersFire, AgainEachTimeTheyAreSet) {
    order(id(1));
    ASSERT_TRUE(reaches(id(1), "labeled"));
    for (int n = 1; n <= 2; ++n) {
        clock.advance(1h);
        EXPECT_TRUE(eventually([&] { return facts(id(1)).nudges == n; }));
    }
    clock.advance(1h);
    EXPECT_TRUE(eventually([&] { return !row(id(1)).wake_at; }));
    EXPECT_EQ(facts(id(1)).nudges, 2);
    EXPECT_EQ(history(id(1)).size(), 5u);
}

TEST_P(TimersFire, AfterARestartEverythingThatCameDueMeanwhile) {
    world.set_mood("label.print", World::Mood::silent);
    for (int n = 0; n < 20; ++n) order(id(n));
    switch_off();
    clock.advance(24h);
    node();
    for (int n = 0; n < 20; ++n) EXPECT_TRUE(reaches(id(n), "lost"));
}

TEST_P(TimersFire, OnceWithTwoNodes) {
    world.set_mood("label.print", World::Mood::silent);
    for (int n = 0; n < 30; ++n) order(id(n));
    node(1);
    clock.advance(11min);
    for (int n = 0; n < 30; ++n) {
        EXPECT_TRUE(reaches(id(n), "lost"));
        EXPECT_EQ(story(id(n)), "parcel.ordered:applied timer.patience:applied");
    }
}

TEST_P(TimersFire, DespiteFaults) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    faults->fail_next({Fault::conflict, Fault::unavailable, Fault::unknown_lost, Fault::unknown_done});
    clock.advance(11min);
    EXPECT_TRUE(reaches(id(1), "lost"));
    EXPECT_TRUE(eventually([&] { return story(id(1)) == "parcel.ordered:applied timer.patience:applied"; }));
}

TEST_P(TimersFire, NotWhereTheyWereDropped) {
    order(id(1));
    ASSERT_TRUE(reaches(id(1), "labeled"));
    clock.advance(11min);
    EXPECT_FALSE(eventually([&] { return history(id(1)).size() > 2; }, 60ms));
}

} // namespace
} // namespace appointd::engine::testing
