// A reschedule reaches us as a cancel and a create that name each other: the booking stays one booking, whatever comes first.
#include "sandbox/calendly/render.hpp"
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::ElementsAre;
using testing::IsEmpty;

class RescheduleRules : public Rules {
protected:
    RescheduleRules() = default;
    explicit RescheduleRules(demo::Pace pace) : Rules(std::move(pace)) {}

    Time meeting_start(Customer& customer) {
        const json::object ledger = customer.ledger();
        for (const json::value& meeting : *array_field(ledger, "meetings"))
            if (text_field(meeting.as_object(), "status") != "deleted")
                return time_field(meeting.as_object(), "start").value_or(Time{});
        return {};
    }
    /// Calendly's webhook of that type about the invitee as it stands there now.
    std::string webhook_about(std::string type, const std::string& invitee) {
        return stage.sandbox().act([&](sandbox::World& world, Time at) {
            const auto& state = world.calendly.state();
            const auto& one = *state.invitees.find(sandbox::calendly::id_of(invitee));
            return sandbox::calendly::webhook_body(type, one, state, world.calendly.settings(), at);
        });
    }
    /// Restarts the daemon without that session type.
    void take_out(const std::string& session_type) {
        ASSERT_EQ(stage.daemon().terminate(), 0);
        stage.daemon().reconfigure([&](demo::Setup& setup) {
            const auto begin = setup.toml.find("\n[[session_type]]\nid = \"" + session_type + "\"");
            ASSERT_NE(begin, std::string::npos);
            setup.toml.erase(begin, setup.toml.find("\n[[session_type]]", begin + 1) - begin);
        });
        stage.daemon().start();
    }
    std::int64_t reschedules(Customer& customer) {
        return int_field(Customer::part(customer.data(), "slot"), "reschedules").value_or(0);
    }
};
APPOINTD_ON_BOTH_STORES(RescheduleRules);

TEST_P(RescheduleRules, ChainOfReschedulesInAnyOrderEndsAtTheNewest) {
    for (const char* order : {"as_sent", "reversed", "shuffled", "shuffled", "shuffled", "shuffled"}) {
        Customer ann(stage, "coaching-60");
        ann.reach_meeting();
        const std::string meeting = ann.meeting();
        stage.sandbox().webhooks().pause();
        ann.reschedule(now() + 72h);
        ann.reschedule(now() + 96h);
        const Time last = now() + 120h;
        ann.reschedule(last);
        deliver(order);
        ann.await_start(last);
        ann.await_quiet();
        EXPECT_EQ(ann.state(), "CONFIRMED") << order;
        EXPECT_EQ(text_field(Customer::part(ann.data(), "slot"), "invitee"), ann.invitee()) << order;
        EXPECT_EQ(ann.meeting(), meeting) << order;
        EXPECT_EQ(ann.live_meetings(), 1U) << order;
        EXPECT_EQ(meeting_start(ann), last) << order;
        EXPECT_EQ(int_field(ann.money(), "refunded"), 0) << order;
        EXPECT_THAT(ann.attention(), IsEmpty()) << order;
    }
    EXPECT_EQ(count_of_workflows(), 6U);
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(RescheduleRules, ChainThatComesBackwardsBeforeItsBookingHasASlotIsOneBooking) {
    for (const char* order : {"reversed", "shuffled", "shuffled", "shuffled"}) {
        Customer ann(stage, "coaching-60");
        ann.ask();
        stage.sandbox().webhooks().pause();
        ann.take_slot();
        ann.reschedule(now() + 72h);
        const Time last = now() + 96h;
        ann.reschedule(last);
        deliver(order);
        ann.await_start(last);
        ann.await_link("checkout");
        ann.await_quiet();
        EXPECT_EQ(ann.state(), "PAYMENT_PENDING") << order;
        EXPECT_EQ(text_field(Customer::part(ann.data(), "slot"), "invitee"), ann.invitee()) << order;
        EXPECT_EQ(array_field(ann.ledger(), "sessions")->size(), 1U) << order;
    }
    EXPECT_EQ(count_of_workflows(), 4U) << "one for each";
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(RescheduleRules, BeforePaymentTheCheckoutStays) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    const std::string session = ann.session();
    const Time start = now() + 72h;
    ann.reschedule(start);
    ann.await_start(start);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(array_field(ann.ledger(), "sessions")->size(), 1U);
    ann.pay();
    ann.await_link("meeting");
    EXPECT_EQ(ann.session(), session);
    EXPECT_EQ(meeting_start(ann), start);
}

TEST_P(RescheduleRules, WhileMoneyIsUnderWayBothArrive) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay-later", {{"session", ann.session()}});
    const Time start = now() + 72h;
    ann.reschedule(start);
    ann.await_start(start);
    ann.control("stripe/settle", {{"session", ann.session()}, {"success", true}});
    ann.await_link("meeting");
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(meeting_start(ann), start);
    EXPECT_EQ(int_field(ann.money(), "captured"), 12345);
}

TEST_P(RescheduleRules, PaidBetweenTheHalvesTheMeetingIsMadeWhereTheSlotLands) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    stage.sandbox().webhooks().pause(); // the second half waits
    const Time start = now() + 72h;
    const std::string old = ann.invitee();
    ann.reschedule(start);
    const auto half = hand.send_signed(Provider::calendly, webhook_about("invitee.canceled", old));
    EXPECT_EQ(disposition_of(half), "applied");
    ann.control("stripe/pay", {{"session", ann.session()}});
    deliver("reversed"); // the money first, then the new slot
    ann.await_link("meeting");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 1U);
    EXPECT_EQ(meeting_start(ann), start);
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(RescheduleRules, CancelOfTheNewSlotThatOvertakesItIsHeldUntilItIsKnown) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    stage.sandbox().webhooks().pause();
    ann.reschedule(now() + 72h);
    ann.cancel();
    deliver("reversed");
    ann.await_state("REFUNDED"); // two days' notice: all of it
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
    EXPECT_EQ(ann.live_meetings(), 0U);
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(RescheduleRules, MoreReschedulesThanTheTermsAllowAreFlaggedAndNotUndone) {
    Customer ann(stage, "once");
    ann.reach_meeting();
    Time start = now() + 72h;
    ann.reschedule(start);
    ann.await_start(start);
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
    start = now() + 96h;
    ann.reschedule(start);
    ann.await_start(start);
    ann.await_attention("too_many_reschedules");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(reschedules(ann), 2);
    EXPECT_EQ(meeting_start(ann), start);
}

TEST_P(RescheduleRules, BookingWhoseTypeLeftTheConfigurationFollowsAChainThatComesBackwards) {
    stage.sandbox().control("POST", "/settings", {{"calendly_tracking_survives_reschedule", false}});
    Customer ann(stage, "tiers");
    ann.ask();
    ann.await_link("scheduling");
    take_out("tiers");
    stage.sandbox().webhooks().pause();
    ann.take_slot();
    const Time start = now() + 96h;
    ann.reschedule(start);
    deliver("reversed");
    ann.await_start(start);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(count_of_workflows(), 1U);
}

TEST_P(RescheduleRules, SessionTypeThatLeftTheConfigurationBeginsNoFreeBooking) {
    Customer ann(stage, "tiers");
    ann.reach_checkout();
    stage.sandbox().webhooks().pause();
    ann.reschedule(now() + 72h);
    ASSERT_EQ(ann.operate("operator.cancel"), 200);
    take_out("tiers");
    deliver("as_sent");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    EXPECT_EQ(count_of_workflows(), 1U);
    EXPECT_EQ(ignored_in_the_inbox("no session type for this event type"), 1U);
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(RescheduleRules, OneWebhookCalledRescheduledCountsLikeThePair) {
    for (const bool tells_the_new_one : {true, false}) {
        Customer ann(stage, "coaching-60");
        ann.reach_meeting();
        const std::string old = ann.invitee();
        stage.sandbox().webhooks().pause();
        const Time start = now() + 72h;
        ann.reschedule(start);
        const std::string told = tells_the_new_one ? ann.invitee() : old;
        const std::string body = webhook_about("invitee.rescheduled", told);
        EXPECT_EQ(disposition_of(hand.send_signed(Provider::calendly, body)), "applied") << body;
        if (tells_the_new_one)
            ann.await_start(start);
        else
            EXPECT_THAT(ann.decisions("slot.moving"), ElementsAre("applied: being rescheduled"));
        deliver("as_sent"); // and the pair besides
        ann.await_start(start);
        ann.await_quiet();
        EXPECT_EQ(ann.state(), "CONFIRMED");
        EXPECT_EQ(reschedules(ann), 1);
        EXPECT_EQ(meeting_start(ann), start);
    }
}

TEST_P(RescheduleRules, MovedAfterTheSessionIsInFrontOfAPersonOnlyWherePeopleMet) {
    Customer met(stage, "coaching-60", "met@example.org");
    met.reach_meeting();
    Time start = time_field(Customer::part(met.data(), "slot"), "start").value();
    met.meet(start, start + 1h);
    met.await_state("COMPLETED");
    met.await_quiet();
    met.reschedule(now() + 96h);
    met.await_attention("moved_after_session");
    met.await_quiet();
    EXPECT_EQ(met.state(), "COMPLETED");

    Customer alone(stage, "coaching-60", "alone@example.org");
    alone.reach_meeting();
    start = time_field(Customer::part(alone.data(), "slot"), "start").value();
    alone.meet(start, start + 1min, false);
    alone.await_state("COMPLETED");
    alone.await_quiet();
    const Time later = now() + 96h;
    alone.reschedule(later);
    alone.await_start(later);
    alone.await_quiet();
    EXPECT_EQ(alone.state(), "CONFIRMED");
    EXPECT_EQ(int_field(alone.money(), "kept"), 0);
    EXPECT_THAT(alone.attention(), IsEmpty());
}

demo::Pace asking_soon() {
    demo::Pace pace = steady_pace();
    pace.reschedule_timeout = 300ms;
    return pace;
}

class LostHalfRules : public RescheduleRules {
protected:
    LostHalfRules() : RescheduleRules(asking_soon()) {}
};
APPOINTD_ON_BOTH_STORES(LostHalfRules);

TEST_P(LostHalfRules, LostHalvesAreLookedForAlongTheWholeChain) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    fault(sandbox::FaultKind::drop, Provider::calendly, "invitee.created");
    ann.reschedule(now() + 72h);
    const Time last = now() + 96h;
    ann.reschedule(last);
    ann.await_start(last);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(text_field(Customer::part(ann.data(), "slot"), "invitee"), ann.invitee());
    EXPECT_EQ(meeting_start(ann), last);
}

TEST_P(LostHalfRules, SecondHalfThatNeverComesIsAskedForAndRefundsNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    fault(sandbox::FaultKind::drop, Provider::calendly, "invitee.created");
    sandbox::Fault nothing;
    nothing.kind = sandbox::FaultKind::error_before;
    nothing.provider = Provider::calendly;
    nothing.route = "GET /scheduled_events";
    nothing.status = 404;
    stage.sandbox().faults().add(nothing);
    ann.reschedule(now() + 72h);
    ann.await_detail("a third look", [](const json::object& detail) {
        std::size_t looks = 0;
        for (const json::value& call : *array_field(detail, "activities"))
            if (text_field(call.as_object(), "kind") == "slot.look") ++looks;
        return looks >= 3;
    });
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "refunded"), 0);
    EXPECT_EQ(ann.live_meetings(), 1U);
    stage.sandbox().faults().clear(); // and when it can be found after all
    ann.await_detail("the new slot", [&](const json::object& detail) {
        return text_field(Customer::part(Customer::part(detail, "data"), "slot"), "invitee") == ann.invitee();
    });
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 1U);
}

} // namespace
} // namespace appointd::e2e
