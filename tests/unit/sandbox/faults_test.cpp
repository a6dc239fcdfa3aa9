#include "sandbox/faults.hpp"

#include "foundation/json.hpp"
#include "sandbox/clock.hpp"

#include <gtest/gtest.h>

namespace appointd::sandbox {
namespace {

Fault fault(FaultKind kind) {
    Fault made;
    made.kind = kind;
    return made;
}

TEST(Faults, FitByProviderAndRoute) {
    Faults faults(1);
    Fault one = fault(FaultKind::error_before);
    one.provider = Provider::stripe;
    one.route = "POST /v1/refunds";
    faults.add(one);
    EXPECT_FALSE(faults.draw_call(Provider::zoom, "POST /v1/refunds"));
    EXPECT_FALSE(faults.draw_call(Provider::stripe, "GET /v1/refunds"));
    EXPECT_TRUE(faults.draw_call(Provider::stripe, "POST /v1/refunds"));
}

TEST(Faults, EndAfterTheirCount) {
    Faults faults(1);
    Fault one = fault(FaultKind::lost_answer);
    one.count = 2;
    faults.add(one);
    EXPECT_TRUE(faults.draw_call(Provider::zoom, "GET /"));
    EXPECT_TRUE(faults.draw_call(Provider::zoom, "GET /"));
    EXPECT_FALSE(faults.draw_call(Provider::zoom, "GET /"));
}

TEST(Faults, RollTheSameWithTheSameSeed) {
    const auto played = [](std::uint64_t seed) {
        Faults faults(seed);
        Fault one = fault(FaultKind::error_before);
        one.rate = 0.3;
        faults.add(one);
        std::string rolls;
        for (int i = 0; i < 200; ++i) rolls += faults.draw_call(Provider::zoom, "GET /") ? '1' : '0';
        return rolls;
    };
    EXPECT_EQ(played(7), played(7));
    EXPECT_NE(played(7), played(8));
    const std::string rolls = played(7);
    const auto hits = std::count(rolls.begin(), rolls.end(), '1');
    EXPECT_GT(hits, 30);
    EXPECT_LT(hits, 90);
}

TEST(Faults, OfWebhooksAreNotDrawnForCalls) {
    Faults faults(1);
    const int id = faults.add(fault(FaultKind::duplicate));
    EXPECT_FALSE(faults.draw_call(Provider::stripe, "GET /"));
    EXPECT_EQ(faults.draw_webhook(Provider::stripe, "charge.refunded", {FaultKind::duplicate, FaultKind::drop}).size(), 1u);
    EXPECT_TRUE(faults.remove(id));
    EXPECT_FALSE(faults.remove(id));
}

TEST(Faults, AreReadFromJson) {
    const auto parsed = parse_fault({{"kind", "slow"}, {"provider", "zoom"}, {"delay", "2s"}, {"rate", 0.5}, {"count", 3}});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->kind, FaultKind::slow);
    EXPECT_EQ(parsed->delay, std::chrono::seconds(2));
    EXPECT_EQ(parsed->count, 3);
    EXPECT_FALSE(parse_fault({{"kind", "nonsense"}}));
    EXPECT_FALSE(parse_fault({{"kind", "slow"}, {"provider", "paypal"}}));
}

TEST(Clock, AdvancesItselfButNotItsSource) {
    Clock clock([] { return from_micros(1'000'000); });
    clock.advance(std::chrono::hours(1));
    clock.advance(std::chrono::hours(-1));
    EXPECT_EQ(clock.source_now(), from_micros(1'000'000));
    EXPECT_EQ(clock.now() - clock.source_now(), std::chrono::hours(1));
}

} // namespace
} // namespace appointd::sandbox
