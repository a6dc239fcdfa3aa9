// What puts a booking in front of a person: nothing fails in silence, nothing is stranded, and a flag goes when its cause does.
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

demo::Pace soon_given_up() {
    demo::Pace pace = steady_pace();
    pace.slot_timeout = 2s;
    return pace;
}

class AttentionRules : public Rules {
protected:
    AttentionRules() : Rules(soon_given_up()) {}
    /// The provider refuses these calls for good from now on.
    void refuse(Provider provider, std::string route) {
        sandbox::Fault refused;
        refused.kind = sandbox::FaultKind::error_before;
        refused.provider = provider;
        refused.route = std::move(route);
        refused.status = 400;
        stage.sandbox().faults().add(refused);
    }
};
APPOINTD_ON_BOTH_STORES(AttentionRules);

TEST_P(AttentionRules, LinkThatCannotBeMadeIsFlaggedAndTheTimeoutEndsTheBooking) {
    refuse(Provider::calendly, "POST /scheduling_links");
    const json::object body{{"session_type", "tiers"}, {"invitee", {{"name", "Ann Poe"}, {"email", "ann@example.org"}}}};
    const auto made = demo::data_of(stage.post(stage.places().public_url + "/api/bookings", body));
    ASSERT_TRUE(made);
    Customer ann(stage, "tiers");
    ann.adopt(text_field(*made, "id").value_or(""));
    ann.await_attention("link_failed");
    EXPECT_EQ(ann.state(), "INITIATED");
    ann.await_state("ABANDONED");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(AttentionRules, CheckoutThatCannotBeMadeIsFlaggedAndTheDeadlineFreesTheSlot) {
    refuse(Provider::stripe, "POST /v1/checkout/sessions");
    Customer ann(stage, "brief");
    ann.ask();
    ann.take_slot();
    ann.await_attention("checkout_failed");
    EXPECT_EQ(ann.state(), "SCHEDULED");
    ann.await_state("ABANDONED");
    ann.await_quiet();
    EXPECT_FALSE(ann.slot_is_taken());
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(AttentionRules, SlotThatCannotBeFreedIsFlaggedUntilItIsFree) {
    refuse(Provider::calendly, "POST /scheduled_events");
    Customer ann(stage, "brief");
    ann.reach_checkout();
    ann.await_attention("slot_held");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "ABANDONED");
    EXPECT_TRUE(ann.slot_is_taken());
    ann.cancel("host"); // a person does it at Calendly
    ann.await_no_attention();
    EXPECT_EQ(ann.state(), "ABANDONED");
}

TEST_P(AttentionRules, MeetingThatCannotBeRemovedIsFlaggedAndSoIsItsUse) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    refuse(Provider::zoom, "DELETE /v2/meetings");
    const std::string meeting = ann.meeting();
    ann.cancel("host");
    ann.await_attention("meeting_left");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "REFUNDED");
    EXPECT_EQ(ann.live_meetings(), 1U);
    ann.control("zoom/start", {{"meeting", meeting}});
    ann.await_attention("used_after_cancel");
    EXPECT_EQ(ann.state(), "REFUNDED");
}

TEST_P(AttentionRules, RefundThatIsRefusedIsFlaggedAndMayBeAskedForAgain) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    refuse(Provider::stripe, "POST /v1/refunds");
    ann.cancel("host");
    ann.await_attention("refund_failed");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    EXPECT_EQ(int_field(ann.money(), "refunding"), 0);
    stage.sandbox().faults().clear();
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", 5000}}), 200);
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), Not(Contains("refund_failed")));
}

TEST_P(AttentionRules, DisputeOfMoneyThatWentBackIsFlaggedAndLostItWentBackTwice) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    ann.cancel("host");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    const json::object made = ann.control("stripe/dispute", {{"payment", ann.payment()}, {"amount", 5000}});
    ann.await_attention("dispute_after_refund");
    EXPECT_EQ(ann.state(), "REFUNDED");
    ann.control("stripe/close-dispute", {{"dispute", *text_field(made, "dispute")}, {"outcome", "lost"}});
    ann.await_attention("paid_twice_back");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "captured"), 5000);
    EXPECT_EQ(int_field(ann.money(), "lost"), 5000);
}

} // namespace
} // namespace appointd::e2e
