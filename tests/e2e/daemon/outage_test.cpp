#include "tests/e2e/daemon/by_hand.hpp"
#include "tests/e2e/daemon/gate.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::IsEmpty;

TEST(DatabaseOutage, WebhooksAre503WithRetryAfterAndWorkAgainAfterIt) {
    testing_support::Loop loop;
    const std::string real = fresh_store("postgresql", {});
    Gate gate(loop, {static_cast<unsigned short>(test::port_of(real))});
    Stage stage(test::with_port(real, gate.port()), "", quick_pace(), {});
    stage.daemon().start();
    ByHand hand(stage);
    const std::string body = invitee_created("intro-15", "outage-invitee", "outage@example.org");

    gate.shut();
    const auto refused = hand.send_signed(Provider::calendly, body);
    EXPECT_EQ(refused.status, 503) << demo::words_for(refused);
    EXPECT_TRUE(net::find_header(refused.headers, "Retry-After"));
    const auto ready = [&] { return stage.get(stage.places().admin_url + "/readyz").status == 200; };
    EXPECT_TRUE(stage.eventually([&] { return !ready(); }));
    EXPECT_EQ(stage.get(stage.places().admin_url + "/healthz").status, 200);

    gate.open();
    EXPECT_TRUE(stage.eventually(ready)) << stage.daemon().log_tail();
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::calendly, body)), "applied") << stage.daemon().log_tail();
}

TEST(DatabaseOutage, LoadThatMeetsSeveralOutagesEndsRight) {
    testing_support::Loop loop;
    const std::string real = fresh_store("postgresql", {});
    Gate gate(loop, {static_cast<unsigned short>(test::port_of(real))});
    Stage stage(test::with_port(real, gate.port()), "", quick_pace(), {});
    stage.daemon().start();
    auto runs = stage.begin_load(40, 31);
    for (const std::size_t at : {5U, 15U, 25U}) {
        ASSERT_TRUE(stage.eventually([&] { return stage.ended() >= at; }, 90s)) << stage.daemon().log_tail();
        gate.shut();
        stage.eventually([&] { return stage.get(stage.places().admin_url + "/readyz").status != 200; }, 3s);
        gate.open();
    }
    EXPECT_THAT(stage.problems_of(runs.get()), IsEmpty()) << stage.daemon().log_tail();
}

} // namespace
} // namespace appointd::e2e
