#include "daemon/demo_books.hpp"
#include "tests/e2e/daemon/stage.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::size_t every_script_and_some = 30;

/// A world in which no webhook is ever delivered.
class Unheard : public testing::TestWithParam<const char*> {
protected:
    static demo::Pace pace() {
        demo::Pace pace = demo::unheard_pace();
        pace.lease = quick_pace().lease;
        pace.log_level = "info";
        return pace;
    }
    Stage stage{GetParam(), pace(), unheard_town()};
};
INSTANTIATE_TEST_SUITE_P(Stores, Unheard, testing::Values("sqlite", "postgresql"), [](const auto& test) { return test.param; });

TEST_P(Unheard, EveryBookingEndsRightByReconciliationAloneThoughKilledTwice) {
    stage.daemon().start();
    auto runs = stage.begin_load(every_script_and_some, 41, every_script_and_some);
    for (const std::size_t crash_at : {4U, 8U}) {
        ASSERT_TRUE(stage.eventually([&] { return stage.ended() >= crash_at; }, 120s)) << stage.daemon().log_tail();
        stage.daemon().kill();
        stage.daemon().start();
    }
    EXPECT_THAT(stage.problems_of(runs.get()), IsEmpty()) << stage.daemon().log_tail();
    EXPECT_THAT(stage.loop().await(demo::count_webhooks(stage.web(), stage.places())), IsEmpty()) << "not one came";
}

} // namespace
} // namespace appointd::e2e
