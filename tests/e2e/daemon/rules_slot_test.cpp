// design.md section 4, the rules about slots: each test is named after its rule.
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

class SlotRules : public Rules {
protected:
    explicit SlotRules(demo::Pace pace = steady_pace()) : Rules(std::move(pace)) {}
};
APPOINTD_ON_BOTH_STORES(SlotRules);

class LostSlotRules : public SlotRules {
protected:
    LostSlotRules() : SlotRules(quick_pace()) {} // reconciliation comes soon
};
APPOINTD_ON_BOTH_STORES(LostSlotRules);

demo::Pace impatient() {
    demo::Pace pace = steady_pace();
    pace.slot_timeout = 1s;
    return pace;
}

class TimeoutRules : public SlotRules {
protected:
    TimeoutRules() : SlotRules(impatient()) {}
};
APPOINTD_ON_BOTH_STORES(TimeoutRules);

TEST_P(SlotRules, RescheduleInEitherOrderKeepsBookingPaymentAndMeeting) {
    for (const char* order : {"as_sent", "reversed"}) {
        Customer ann(stage, "coaching-60");
        ann.reach_meeting();
        const std::string meeting = ann.meeting();
        stage.sandbox().webhooks().pause();
        const Time start = now() + 72h;
        ann.reschedule(start);
        deliver(order);
        ann.await_start(start);
        ann.await_quiet();
        EXPECT_EQ(ann.state(), "CONFIRMED") << order;
        EXPECT_EQ(int_field(ann.money(), "captured"), 12345) << order;
        EXPECT_EQ(int_field(ann.money(), "refunded"), 0) << order;
        EXPECT_EQ(ann.meeting(), meeting) << order;
        EXPECT_EQ(ann.live_meetings(), 1U) << order;
        EXPECT_THAT(ann.attention(), IsEmpty()) << order;
    }
}

TEST_P(SlotRules, UtmContentIsAClaimNotAProof) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    // A stranger books directly and claims Ann's booking, which has its invitee.
    json::object body{{"event_type", "coaching-60"}, {"start", to_iso(now() + 96h)}};
    body["email"] = "mallory@example.org";
    body["tracking"] = json::object{{"utm_content", ann.id()}};
    ann.control("calendly/book", std::move(body));
    const std::string other = found_by("mallory@example.org");
    EXPECT_NE(other, ann.id());
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(text_field(Customer::part(ann.data(), "slot"), "invitee"), ann.invitee());
}

TEST_P(TimeoutRules, SlotTakenAfterAbandonmentWithoutASlotRevives) {
    Customer ann(stage, "coaching-60");
    ann.ask();
    ann.await_state("ABANDONED");
    ann.take_slot();
    ann.pay();
    ann.await_state("CONFIRMED");
    ann.await_link("meeting");
    EXPECT_EQ(ann.live_meetings(), 1U);
}

TEST_P(LostSlotRules, LostCalendlyWebhookIsHealedByReconciliation) {
    fault(sandbox::FaultKind::drop, sandbox::Provider::calendly, "invitee.created", 1);
    Customer ann(stage, "coaching-60");
    ann.ask();
    ann.take_slot();
    ann.pay(); // which waits for the checkout link: the slot was found by its tracking
    ann.await_state("CONFIRMED");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(LostSlotRules, LostHalfOfARescheduleIsHealedByReconciliation) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    fault(sandbox::FaultKind::drop, sandbox::Provider::calendly, "invitee.created", 1);
    const Time start = now() + 72h;
    ann.reschedule(start);
    ann.await_start(start);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(ann.live_meetings(), 1U);
}

TEST_P(SlotRules, CalendlyThatCollectedTheMoneyMeansNoSecondCheckoutAndAFlag) {
    Customer ann(stage, "coaching-60");
    json::object body{{"event_type", "coaching-60"}, {"email", "paid.there@example.org"}};
    body["start"] = to_iso(now() + 48h);
    body["payment"] = json::object{{"external_id", "ch_1"}, {"provider", "stripe"}, {"amount", 123.45},
                                   {"currency", "USD"},     {"terms", ""},          {"successful", true}};
    ann.control("calendly/book", std::move(body));
    ann.adopt(found_by("paid.there@example.org"));
    ann.await_attention("paid_at_calendly");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "SCHEDULED");
    EXPECT_TRUE(array_field(ann.ledger(), "sessions")->empty());
}

TEST_P(SlotRules, ConferenceThatCalendlyMadeIsTakenAndNoMeetingIsMade) {
    Customer ann(stage, "office-45");
    ann.reach_checkout();
    ann.pay();
    EXPECT_NE(ann.await_link("meeting").find("zoom.us/j/"), std::string::npos);
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(SlotRules, DeadlineFreesTheSlotAndClosesTheCheckout) {
    Customer ann(stage, "brief");
    ann.reach_checkout();
    ann.await_state("ABANDONED");
    ann.await_quiet();
    EXPECT_FALSE(ann.slot_is_taken());
    EXPECT_EQ(text_field(array_field(ann.ledger(), "sessions")->front().as_object(), "status"), "expired");
}

TEST_P(SlotRules, InviteesCancellationFollowsTheNoticeTiersAndTheHostsDoesNot) {
    const struct {
        std::chrono::seconds notice;
        const char* by;
        std::int64_t refunded;
        const char* state;
    } cases[] = {{48h, "invitee", 12345, "REFUNDED"}, {3h, "invitee", 6173, "CANCELED"}, {3h, "host", 12345, "REFUNDED"}};
    for (const auto& one : cases) {
        Customer ann(stage, "coaching-60");
        ann.ask();
        ann.take_slot(one.notice + 60s);
        ann.pay();
        ann.await_link("meeting");
        ann.control("calendly/cancel", {{"invitee", ann.invitee()}, {"by", one.by}});
        ann.await_state(one.state);
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << one.by;
        EXPECT_EQ(int_field(ann.money(), "kept"), 12345 - one.refunded) << one.by;
        EXPECT_EQ(ann.live_meetings(), 0U) << one.by;
    }
}

} // namespace
} // namespace appointd::e2e
