#include "engine/runtime/lane_control.hpp"

#include "tests/support/engine/manual_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

struct Breakers final : Observer {
    void breaker(const Lane&, Breaker state) override { states.push_back(state); }
    std::vector<Breaker> states;
};

struct LaneControlTest : ::testing::Test {
    LaneControlTest() { options.throttles["post"] = Throttle{.per_second = 10, .burst = 4, .in_flight = 3}; }
    AttemptResult result(AttemptResult::Kind kind, bool ok = true) {
        AttemptResult answer;
        answer.kind = kind;
        answer.provider_ok = ok;
        return answer;
    }
    void fail(int times) {
        for (int n = 0; n < times; ++n) {
            ASSERT_EQ(lanes().reserve(post, 1), 1);
            lanes().ended(post, result(AttemptResult::Kind::retry, false));
        }
    }
    void wide_open() { options.throttles["post"] = Throttle{.per_second = 1000, .burst = 1000, .in_flight = 100}; }
    LaneControl& lanes() {
        if (!control) control = std::make_unique<LaneControl>(options, clock, breakers);
        return *control;
    }

    Options options;
    ManualClock clock;
    Breakers breakers;
    std::unique_ptr<LaneControl> control;
    Lane post = lane("", "post", "default"), other = lane("", "other", "default");
};

TEST_F(LaneControlTest, GivesAsManyPlacesAsCallsMayBeInFlight) {
    EXPECT_EQ(lanes().reserve(post, 10), 3);
    EXPECT_EQ(lanes().reserve(post, 1), 0);
    lanes().ended(post, result(AttemptResult::Kind::succeeded));
    EXPECT_EQ(lanes().reserve(post, 10), 1);
    EXPECT_EQ(lanes().in_flight(), 3);
}

TEST_F(LaneControlTest, FillsItsBucketAtTheAccountsLimitDividedByTheLiveNodes) {
    options.throttles["post"].in_flight = 100;
    EXPECT_EQ(lanes().reserve(post, 10), 4);
    EXPECT_EQ(lanes().reserve(post, 10), 0);
    clock.advance(200ms);
    EXPECT_EQ(lanes().reserve(post, 10), 2);
    lanes().set_nodes(2);
    clock.advance(200ms);
    EXPECT_EQ(lanes().reserve(post, 10), 1);
    clock.advance(1h);
    EXPECT_EQ(lanes().reserve(post, 10), 4) << "no more than the burst";
}

TEST_F(LaneControlTest, HoldsUpNoOtherLane) {
    lanes().reserve(post, 10);
    EXPECT_EQ(lanes().reserve(other, 100), 16) << "the default throttle";
}

TEST_F(LaneControlTest, LetsThoseThatWaitGoBeforeTheNewlyBorn) {
    lanes().set_backlog(post, true);
    EXPECT_FALSE(lanes().reserve(post));
    EXPECT_EQ(lanes().reserve(post, 1), 1);
    lanes().set_backlog(post, false);
    EXPECT_TRUE(lanes().reserve(post));
    EXPECT_TRUE(lanes().reserve(post));
    EXPECT_FALSE(lanes().reserve(post));
    lanes().give_back(post, 1);
    EXPECT_FALSE(lanes().reserve(post)) << "the one that was refused waits in the store";
}

TEST_F(LaneControlTest, PausesAsLongAsTheProviderAsks) {
    ASSERT_EQ(lanes().reserve(post, 1), 1);
    AttemptResult throttled = result(AttemptResult::Kind::wait);
    throttled.throttled = true;
    throttled.retry_after = 5s;
    lanes().ended(post, throttled);
    EXPECT_EQ(lanes().reserve(post, 1), 0);
    clock.advance(4900ms);
    EXPECT_EQ(lanes().reserve(post, 1), 0);
    clock.advance(100ms);
    EXPECT_EQ(lanes().reserve(post, 1), 1);
    EXPECT_TRUE(breakers.states.empty()) << "a 429 is an answer";
}

TEST_F(LaneControlTest, OpensItsBreakerThenLetsOneCallTry) {
    wide_open();
    fail(5);
    EXPECT_EQ(lanes().reserve(post, 10), 0);
    clock.advance(4900ms);
    EXPECT_EQ(lanes().reserve(post, 10), 0);
    clock.advance(100ms);
    EXPECT_EQ(lanes().reserve(post, 10), 1);
    EXPECT_EQ(lanes().reserve(post, 10), 0);
    lanes().ended(post, result(AttemptResult::Kind::succeeded));
    EXPECT_EQ(lanes().reserve(post, 10), 10);
    EXPECT_THAT(breakers.states, ElementsAre(Breaker::open, Breaker::half_open, Breaker::closed));
}

TEST_F(LaneControlTest, WaitsLongerEachTimeTheTryFails) {
    wide_open();
    fail(5);
    clock.advance(5s);
    fail(1);
    clock.advance(9900ms);
    EXPECT_EQ(lanes().reserve(post, 1), 0);
    clock.advance(100ms);
    EXPECT_EQ(lanes().reserve(post, 1), 1);
}

TEST_F(LaneControlTest, CountsOnlyFailuresInARow) {
    wide_open();
    fail(4);
    ASSERT_EQ(lanes().reserve(post, 1), 1);
    lanes().ended(post, result(AttemptResult::Kind::failed)); // a 4xx: the provider is well
    fail(4);
    EXPECT_TRUE(breakers.states.empty());
    ASSERT_EQ(lanes().reserve(post, 1), 1);
    lanes().ended(post, result(AttemptResult::Kind::wait)); // never sent: says nothing
    fail(1);
    EXPECT_THAT(breakers.states, ElementsAre(Breaker::open));
}

TEST_F(LaneControlTest, ClosedGivesNobodyAPlace) {
    lanes().close();
    EXPECT_EQ(lanes().reserve(post, 1), 0);
    EXPECT_FALSE(lanes().reserve(other));
}

TEST_F(LaneControlTest, GivenBackPlacesAndTokensAreFreeAgain) {
    EXPECT_EQ(lanes().reserve(post, 10), 3);
    lanes().give_back(post, 3);
    EXPECT_EQ(lanes().in_flight(), 0);
    EXPECT_EQ(lanes().reserve(post, 10), 3);
}

} // namespace
} // namespace appointd::engine::testing
