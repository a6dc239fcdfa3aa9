#include "tests/integration/engine/engine_fixture.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

struct Breakers final : Observer {
    void breaker(const Lane&, Breaker state) override {
        const std::lock_guard lock(mutex);
        states.push_back(state);
    }
    std::size_t count(Breaker state) {
        const std::lock_guard lock(mutex);
        return static_cast<std::size_t>(std::count(states.begin(), states.end(), state));
    }
    std::mutex mutex;
    std::vector<Breaker> states;
};

/// Who may call a provider when.
class Calls : public EngineTest {
protected:
    void begin(int count) {
        std::vector<std::future<Answer>> answers;
        for (int n = 1; n <= count; ++n) answers.push_back(node().send(parcel_ordered(id(n), clock.now())));
        for (auto& answer : answers) answer.get();
    }
    int labeled(int count) {
        int sum = 0;
        for (int n = 1; n <= count; ++n) sum += state(id(n)) == "labeled";
        return sum;
    }
};
INSTANTIATE_TEST_SUITE_P(Every, Calls, every_database(), database_name);

TEST_P(Calls, StopBehindAnOpenBreakerAndCostNoAttempt) {
    Breakers breakers;
    options.retry = {.base = 100ms, .cap = 100ms, .max_attempts = 6};
    options.breaker_failures = 5;
    nodes[0] = std::make_unique<Node>(*faults, world, clock, options, 1, &breakers);
    nodes[0]->start();
    world.set_mood("label.print", World::Mood::ill);
    begin(1);
    ASSERT_TRUE(advancing_until(50ms, [&] { return breakers.count(Breaker::open) == 1; }));
    const std::size_t before = world.attempts().size();
    clock.advance(4s);
    EXPECT_FALSE(eventually([&] { return world.attempts().size() > before; }, 80ms));
    world.set_mood("label.print", World::Mood::well);
    clock.advance(1100ms);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(breakers.count(Breaker::half_open), 1u);
    EXPECT_EQ(breakers.count(Breaker::closed), 1u);
    nodes.clear();
}

TEST_P(Calls, KeepToTheAccountsRate) {
    options.throttles["post"] = Throttle{.per_second = 10, .burst = 5, .in_flight = 64};
    begin(20);
    EXPECT_TRUE(eventually([&] { return labeled(20) == 5; }));
    EXPECT_FALSE(eventually([&] { return labeled(20) > 5; }, 60ms));
    clock.advance(300ms);
    EXPECT_TRUE(eventually([&] { return labeled(20) == 8; }));
    EXPECT_TRUE(advancing_until(200ms, [&] { return labeled(20) == 20; }));
    EXPECT_EQ(world.attempts().size(), 20u);
}

TEST_P(Calls, KeepToTheirPlacesAndTakeTheNextAtOnce) {
    options.throttles["post"].in_flight = 4;
    world.set_mood("label.print", World::Mood::silent);
    begin(12);
    ASSERT_TRUE(eventually([&] { return world.silent() == 4; }));
    EXPECT_FALSE(eventually([&] { return world.silent() > 4; }, 60ms));
    world.answer("label.print", World::Mood::well);
    EXPECT_TRUE(eventually([&] { return labeled(12) == 12; })) << "without the clock moving";
}

TEST_P(Calls, GoByPriority) {
    options.throttles["post"].in_flight = 1;
    world.set_mood("slow", World::Mood::silent);
    node().submit(script(id(1), "begin", R"({"requests":[{"kind":"slow"}]})"));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    clock.advance(1ms);
    node().submit(script(id(2), "begin", R"({"requests":[{"kind":"rest","priority":5}]})"));
    clock.advance(1ms);
    node().submit(script(id(3), "begin", R"({"requests":[{"kind":"in","priority":2}]})"));
    clock.advance(1ms);
    node().submit(script(id(4), "begin", R"({"requests":[{"kind":"refund","priority":0}]})"));
    world.answer("slow", World::Mood::well);
    ASSERT_TRUE(eventually([&] { return world.attempts().size() == 4; }));
    const auto all = world.attempts();
    EXPECT_EQ(all[1].kind, "refund");
    EXPECT_EQ(all[2].kind, "in");
    EXPECT_EQ(all[3].kind, "rest");
}

TEST_P(Calls, OfOneAccountHoldUpNoOther) {
    options.throttles["post"].in_flight = 1;
    world.set_mood("slow", World::Mood::silent);
    node().submit(
        script(id(1), "begin", R"({"requests":[{"kind":"slow"},{"kind":"slow"},{"kind":"quick","provider":"other"}]})"));
    EXPECT_TRUE(eventually([&] { return world.attempts_of({id(1), 1, 2}) == 1; }));
    EXPECT_EQ(world.silent(), 1u);
}

TEST_P(Calls, PauseForA429) {
    world.set_mood("label.print", World::Mood::busy);
    world.set_retry_after(20s);
    world.set_touch([](const Attempt&, AttemptResult& result) { result.throttled = result.kind == AttemptResult::Kind::wait; });
    begin(1);
    ASSERT_TRUE(eventually([&] { return !activity({id(1), 1, 0}).last_error.empty(); }));
    world.set_mood("label.print", World::Mood::well);
    node().submit(parcel_ordered(id(2), clock.now())); // the pause is the account's, not the activity's
    EXPECT_FALSE(eventually([&] { return world.attempts().size() > 1; }, 60ms));
    clock.advance(20s);
    EXPECT_TRUE(eventually([&] { return labeled(2) == 2; }));
}

} // namespace
} // namespace appointd::engine::testing
