#include "daemon/demo_books.hpp"
#include "tests/e2e/daemon/customer.hpp"
#include "tests/e2e/daemon/sweeping.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

demo::Town calm() {
    demo::Town town;
    town.misfortune = false;
    return town;
}
demo::Pace sweeping(std::chrono::milliseconds every) {
    demo::Pace pace = quick_pace();
    pace.reconcile_after = 60s; // the bookings themselves ask for nothing meanwhile
    pace.sweep_every = every;
    return pace;
}

class Sweeps : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Stores, Sweeps, testing::Values("sqlite", "postgresql"), [](const auto& test) { return test.param; });

TEST_P(Sweeps, WebhookAfterItsReconciledTwinIsADuplicate) {
    Stage stage(GetParam(), sweeping(1s), calm());
    stage.daemon().start();
    stage.sandbox().control("POST", "/webhooks/pause");
    Customer customer(stage, "coaching-60", "late@example.org");
    book_on_calendly(stage, "coaching-60", "late@example.org");
    ASSERT_TRUE(stage.eventually([&] { return !booking_of(stage, "late@example.org").empty(); })) << stage.daemon().log_tail();
    customer.adopt(text_field(booking_of(stage, "late@example.org"), "id").value());
    customer.await_state("PAYMENT_PENDING");
    customer.await_link("checkout");
    customer.pay();
    customer.await_state("CONFIRMED");
    customer.await_link("meeting");
    const auto before = customer.detail();
    stage.sandbox().control("POST", "/webhooks/resume");
    ASSERT_TRUE(stage.eventually([&] { return stage.sandbox().webhooks().pending() == 0; }));
    EXPECT_THAT(stage.metrics(),
                testing::ContainsRegex(R"(appointd_webhooks_total\{disposition="duplicate",provider="stripe"\} [1-9])"));
    EXPECT_THAT(stage.metrics(), testing::HasSubstr(R"(appointd_webhooks_total{disposition="duplicate",provider="calendly"} 1)"));
    EXPECT_EQ(customer.state(), "CONFIRMED");
    EXPECT_EQ(customer.money(), Customer::part(Customer::part(before, "data"), "money"));
    EXPECT_EQ(customer.live_meetings(), 1u);
    EXPECT_THAT(customer.attention(), IsEmpty());
}

TEST_P(Sweeps, ReconciledTwinOfAWebhookLeavesNoRow) {
    Stage stage(GetParam(), sweeping(1s), calm());
    stage.daemon().start();
    Customer customer(stage, "coaching-60");
    customer.reach_meeting();
    customer.await_quiet();
    const auto done = sweeps_done(stage, "stripe"), calendly = sweeps_done(stage, "calendly");
    ASSERT_TRUE(
        stage.eventually([&] { return sweeps_done(stage, "stripe") > done && sweeps_done(stage, "calendly") > calendly; }));
    EXPECT_THAT(reconciled_types(stage, customer.id()), testing::Each("meeting.created"))
        << "Zoom alone names no event: its meeting is told once more, and ignored";
    EXPECT_EQ(customer.state(), "CONFIRMED");
}

TEST_P(Sweeps, RefundByHandAndDisputeOfWhichNobodyToldAreFound) {
    Stage stage(GetParam(), sweeping(1s), calm());
    stage.daemon().start();
    Customer refunded(stage, "coaching-60", "refunded@example.org"), disputed(stage, "coaching-60", "disputed@example.org");
    refunded.reach_meeting();
    disputed.reach_meeting();
    demo::drop_webhooks(stage.sandbox());
    refunded.control("stripe/refund", {{"payment", refunded.payment()}});
    disputed.control("stripe/dispute", {{"payment", disputed.payment()}});
    refunded.await_state("REFUNDED");
    disputed.await_attention("dispute");
}

TEST_P(Sweeps, TwinMeetingOfWhichNobodyToldIsDeleted) {
    Stage stage(GetParam(), sweeping(1s), calm());
    stage.daemon().start();
    Customer customer(stage, "coaching-60");
    customer.reach_meeting();
    demo::drop_webhooks(stage.sandbox());
    customer.control("zoom/meeting", {{"agenda", "ref:" + customer.id()}, {"topic", "a create that landed late"}});
    ASSERT_EQ(customer.live_meetings(), 2u);
    EXPECT_TRUE(stage.eventually([&] { return customer.live_meetings() == 1; })) << stage.daemon().log_tail();
    EXPECT_EQ(customer.state(), "CONFIRMED");
}

TEST_P(Sweeps, KilledInMidSweepGoesOn) {
    Stage stage(GetParam(), sweeping(1s), calm());
    stage.daemon().start();
    demo::drop_webhooks(stage.sandbox());
    sandbox::Fault slow;
    slow.kind = sandbox::FaultKind::slow;
    slow.provider = sandbox::Provider::calendly;
    slow.route = "GET /scheduled_events";
    slow.delay = 2s;
    slow.count = 1;
    book_on_calendly(stage, "coaching-60", "crash@example.org");
    stage.sandbox().faults().add(slow);
    const auto before = calls(stage, "calendly GET /scheduled_events");
    ASSERT_TRUE(stage.eventually([&] {
        for (const auto& one : sweeps(stage))
            if (text_field(one, "state") == std::optional<std::string>("LISTING")) return true;
        return calls(stage, "calendly GET /scheduled_events") > before + 3;
    }));
    stage.daemon().kill();
    stage.daemon().start();
    EXPECT_TRUE(stage.eventually([&] { return !booking_of(stage, "crash@example.org").empty(); }, 60s))
        << stage.daemon().log_tail();
    EXPECT_THAT(sweeps(stage), SizeIs(3)) << "the same workflows went on";
}

TEST_P(Sweeps, ProviderThatKnowsNoSuchListDisturbsNobody) {
    Stage stage(GetParam(), sweeping(1s), calm());
    for (const int status : {404, 500}) {
        sandbox::Fault fault;
        fault.kind = sandbox::FaultKind::error_before;
        fault.status = status;
        fault.provider = status == 404 ? sandbox::Provider::stripe : sandbox::Provider::calendly;
        fault.route = status == 404 ? "GET /v1/events" : "GET /scheduled_events";
        stage.sandbox().faults().add(fault);
    }
    stage.daemon().start();
    ASSERT_TRUE(stage.eventually([&] { return calls(stage, "stripe GET /v1/events") >= 3; }));
    Customer customer(stage, "coaching-60");
    customer.reach_meeting();
    EXPECT_LE(calls(stage, "stripe GET /v1/events"), 30) << "each later than the one before";
    const auto metrics = stage.metrics();
    EXPECT_THAT(metrics, testing::HasSubstr(R"(appointd_breaker_state{provider="stripe"} 0)"));
    EXPECT_THAT(metrics, testing::Not(testing::ContainsRegex(R"(appointd_attention\{[^}]*\} [1-9])")));
    EXPECT_THAT(stage.loop().await(demo::count_dead_letters(stage.web(), stage.places())), 0u);
}

TEST_P(Sweeps, ListsOfWorkflowsAreOfBookingsUnlessTheKindIsNamed) {
    Stage stage(GetParam(), sweeping(60s), calm());
    stage.daemon().start();
    ASSERT_TRUE(stage.eventually([&] { return sweeps(stage).size() == 3; }));
    const auto data = demo::data_of(stage.get(stage.places().admin_url + "/admin/v1/workflows"));
    EXPECT_THAT(data->at("items").as_array(), IsEmpty());
}

TEST(SweepingNodes, TwoNodesComeToOneSweep) {
    Stage stage("postgresql", sweeping(3s), calm());
    stage.daemon().launch(); // both begin at the same time
    const net::ReservedPort public_port, admin_port;
    demo::Places places = stage.places();
    places.admin_url = "http://" + admin_port.address();
    demo::Setup setup = demo::setup_for(places, stage.sandbox().environment(), stage.store(), stage.pace());
    setup.environment["APPOINTD_LISTEN"] = public_port.address();
    Daemon other(places, setup, stage.directory().string(), "other");
    other.launch();
    stage.daemon().await_ready();
    other.await_ready();
    ASSERT_TRUE(stage.eventually([&] { return sweeps_done(stage, "stripe") >= 3; }, 60s)) << stage.daemon().log_tail();
    EXPECT_THAT(sweeps(stage), SizeIs(3)) << "one for each account, not for each node";
    EXPECT_LE(calls(stage, "stripe GET /v1/events"), sweeps_done(stage, "stripe") + 1) << "one call for each sweep";
}

TEST_P(Sweeps, SubscriptionThatWasDisabledIsMadeAnewAndItsGapSweptAtOnce) {
    demo::Pace pace = sweeping(1h);
    pace.subscribe = true;
    Stage stage(GetParam(), pace, calm());
    stage.daemon().start();
    ASSERT_TRUE(stage.eventually([&] { return sweeps(stage).size() == 3; }));
    stage.daemon().terminate();
    stage.sandbox().act([](sandbox::World& world, Time now) {
        for (const auto& subscription : world.calendly.state().subscriptions)
            world.calendly.delivery_failed(subscription.id, true, now);
    });
    book_on_calendly(stage, "coaching-60", "gap@example.org");
    stage.daemon().start();
    EXPECT_TRUE(stage.eventually([&] { return !booking_of(stage, "gap@example.org").empty(); })) << stage.daemon().log_tail();
}

} // namespace
} // namespace appointd::e2e
