#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

#include <csignal>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::size_t demo_size = 60;

class Load : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Stores, Load, testing::Values("sqlite", "postgresql"), [](const auto& test) { return test.param; });

TEST_P(Load, EveryBookingEndsRightAndBothLedgersAgree) {
    Stage stage(GetParam());
    stage.daemon().start();
    const auto runs = stage.begin_load(demo_size, 11).get();
    EXPECT_THAT(stage.problems_of(runs), IsEmpty()) << stage.daemon().log_tail();
    EXPECT_EQ(stage.daemon().terminate(), 0);
}

TEST_P(Load, KillNineSeveralTimesInMidLoadLosesNothingAndDoublesNothing) {
    Stage stage(GetParam());
    stage.daemon().start();
    auto runs = stage.begin_load(demo_size, 12);
    for (const std::size_t crash_at : {5U, 15U, 25U, 35U, 45U}) {
        ASSERT_TRUE(stage.eventually([&] { return stage.ended() >= crash_at; }, 90s)) << stage.daemon().log_tail();
        stage.daemon().kill();
        stage.daemon().start(); // on the same ports, at once
    }
    EXPECT_THAT(stage.problems_of(runs.get()), IsEmpty()) << stage.daemon().log_tail();
}

TEST_P(Load, TerminateUnderLoadEndsWithZeroInTimeAndNothingIsLost) {
    Stage stage(GetParam());
    stage.daemon().start();
    auto runs = stage.begin_load(demo_size, 13);
    for (const std::size_t stop_at : {10U, 30U}) {
        ASSERT_TRUE(stage.eventually([&] { return stage.ended() >= stop_at; }, 90s)) << stage.daemon().log_tail();
        EXPECT_EQ(stage.daemon().terminate(), 0) << stage.daemon().log_tail();
        stage.daemon().start();
    }
    EXPECT_THAT(stage.problems_of(runs.get()), IsEmpty()) << stage.daemon().log_tail();
}

TEST_P(Load, ProvidersThatFailLimitAndLoseAnswersCostNothing) {
    demo::Pace pace = quick_pace();
    pace.slot_timeout = 20s; // a limit holds Calendly's lane up for seconds: a link that comes late is no customer who stays away
    Stage stage(GetParam(), pace);
    using sandbox::FaultKind;
    const auto misbehave = [&](FaultKind kind, double rate, int status = 500) {
        for (const auto provider : {sandbox::Provider::calendly, sandbox::Provider::stripe, sandbox::Provider::zoom}) {
            sandbox::Fault fault;
            fault.kind = kind;
            fault.provider = provider; // of the mail relay a 5xx would be a refusal for good
            fault.rate = rate;
            fault.status = status;
            stage.sandbox().faults().add(fault);
        }
    };
    misbehave(FaultKind::rate_limited, 0.03);
    misbehave(FaultKind::error_before, 0.04, 503);
    misbehave(FaultKind::error_after, 0.03, 502);
    misbehave(FaultKind::lost_answer, 0.04);
    misbehave(FaultKind::cut_before, 0.03);
    stage.daemon().start();
    const auto runs = stage.begin_load(demo_size, 14).get();
    stage.sandbox().faults().clear();
    EXPECT_THAT(stage.problems_of(runs), IsEmpty()) << stage.daemon().log_tail();
}

} // namespace
} // namespace appointd::e2e
