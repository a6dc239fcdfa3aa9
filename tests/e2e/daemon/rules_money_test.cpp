// design.md section 4, the rules about money and meetings: each test is named after its rule.
#include "tests/e2e/daemon/rules.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::Contains;
using testing::IsEmpty;

class MoneyRules : public Rules {
protected:
    explicit MoneyRules(demo::Pace pace = steady_pace()) : Rules(std::move(pace)) {}
};
APPOINTD_ON_BOTH_STORES(MoneyRules);

class LostMoneyRules : public MoneyRules {
protected:
    LostMoneyRules() : MoneyRules(quick_pace()) {} // reconciliation comes soon
};
APPOINTD_ON_BOTH_STORES(LostMoneyRules);

TEST_P(MoneyRules, AnyOtherCapturedPaymentGoesBackWholeAndDisturbsNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("stripe/payment", {{"amount", 777}, {"currency", "usd"}, {"metadata", {{"booking_id", ann.id()}}}});
    ann.await_money("refunded", 777);
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 12345 + 777);
    EXPECT_EQ(ann.live_meetings(), 1U);
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MoneyRules, WrongAmountNeverConfirms) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"amount", 1}});
    ann.await_attention("amount_mismatch");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(MoneyRules, DeclinedCardIsNotTheEndOfTheSession) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/decline", {{"session", ann.session()}, {"code", "insufficient_funds"}});
    ann.await_state("PAYMENT_FAILED");
    ann.pay();
    ann.await_state("CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 12345);
}

TEST_P(MoneyRules, MoneyThatComesAfterTheCancelGoesBackWhole) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay-later", {{"session", ann.session()}});
    ann.control("calendly/cancel", {{"invitee", ann.invitee()}, {"by", "invitee"}});
    ann.await_state("CANCELED");
    ann.control("stripe/settle", {{"session", ann.session()}, {"success", true}});
    ann.await_state("REFUNDED");
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
}

TEST_P(MoneyRules, RefundedIsEnteredWhenStripeSaysSucceededNotWhenWeAsk) {
    stage.sandbox().control("POST", "/settings", {{"stripe_refunds_pending", true}});
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("calendly/cancel", {{"invitee", ann.invitee()}, {"by", "host"}});
    ann.await_money("refunding", 12345);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    const json::object ledger = ann.ledger();
    const json::object payment = array_field(ledger, "payments")->front().as_object();
    const std::string refund = *text_field(array_field(payment, "refunds")->front().as_object(), "refund");
    ann.control("stripe/settle-refund", {{"refund", refund}, {"status", "succeeded"}});
    ann.await_state("REFUNDED");
}

TEST_P(MoneyRules, RefundThatFailsAfterSuccessIsBackToCanceledAndFlagged) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("calendly/cancel", {{"invitee", ann.invitee()}, {"by", "host"}});
    ann.await_state("REFUNDED");
    const json::object ledger = ann.ledger();
    const json::object payment = array_field(ledger, "payments")->front().as_object();
    const std::string refund = *text_field(array_field(payment, "refunds")->front().as_object(), "refund");
    ann.control("stripe/settle-refund", {{"refund", refund}, {"status", "failed"}, {"reason", "expired_or_canceled_card"}});
    ann.await_state("CANCELED");
    EXPECT_THAT(ann.attention(), Contains("refund_failed"));
    EXPECT_EQ(int_field(ann.money(), "refunded"), 0);
}

TEST_P(MoneyRules, DisputeIsFlaggedAndTheSessionGoesOn) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const json::object made = ann.control("stripe/dispute", {{"payment", ann.payment()}, {"reason", "fraudulent"}});
    ann.await_attention("dispute");
    EXPECT_EQ(ann.state(), "CONFIRMED");
    ann.control("stripe/close-dispute", {{"dispute", *text_field(made, "dispute")}, {"outcome", "lost"}});
    ann.await_attention("dispute_lost");
    EXPECT_EQ(int_field(ann.money(), "lost"), 12345);
}

TEST_P(MoneyRules, RefundMadeByHandAtStripeOfTheWholeEndsRefunded) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("stripe/refund", {{"payment", ann.payment()}});
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 0U);
    EXPECT_FALSE(ann.slot_is_taken());
}

TEST_P(MoneyRules, GoodwillPartRefundedByHandChangesNoState) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("stripe/refund", {{"payment", ann.payment()}, {"amount", 345}});
    ann.await_money("refunded", 345);
    EXPECT_EQ(ann.state(), "CONFIRMED");
}

/// A session of somebody's that was paid, with that metadata.
std::string paid_session(const std::string& name, const json::object& metadata, const std::string& reference = "") {
    json::object session{{"id", "cs_test_" + name},
                         {"object", "checkout.session"},
                         {"status", "complete"},
                         {"payment_status", "paid"},
                         {"payment_intent", "pi_" + name},
                         {"amount_subtotal", 900},
                         {"amount_total", 900},
                         {"currency", "usd"},
                         {"metadata", metadata}};
    session["client_reference_id"] = reference.empty() ? json::value(nullptr) : json::value(reference);
    return json::serialize(json::object{{"id", "evt_" + name},
                                        {"object", "event"},
                                        {"created", ByHand::now().time_since_epoch() / 1s},
                                        {"livemode", false},
                                        {"type", "checkout.session.completed"},
                                        {"data", {{"object", session}}}});
}

TEST_P(MoneyRules, OtherProgramsIdsAreNoMarksOfOurs) {
    const std::string random = "f47ac10b-58cc-4372-a567-0e02b2c3d479", timed = "c232ab00-9414-11ec-b3c8-9f6bdeced846";
    const std::string bodies[] = {paid_session("shop", {{"booking_id", random}}), paid_session("club", {}, timed)};
    for (const std::string& body : bodies) EXPECT_EQ(disposition_of(hand.send_signed(Provider::stripe, body)), "ignored") << body;
    EXPECT_EQ(ignored_in_the_inbox("not ours"), 2U);
}

/// Whoever waits has a second.
class ShortWaitRules : public Rules {
protected:
    ShortWaitRules() : Rules(steady_pace(), impatient()) {}
    static demo::Setup impatient() {
        demo::Setup more = more_session_types();
        more.environment["APPOINTD_ENGINE_DEFERRED_TTL"] = "1s";
        return more;
    }
};
APPOINTD_ON_BOTH_STORES(ShortWaitRules);

TEST_P(ShortWaitRules, MoneyOfABookingThatNeverWasEndsAsNotOursUnlessWeSayThatWeAskedForIt) {
    const std::string nobodys = "019a9f00-0000-7000-8000-000000000001";
    const std::string foreign = paid_session("other", {{"booking_id", nobodys}}, nobodys);
    const std::string staging = paid_session("staging", {{"booking_id", nobodys}, {"appointd", "https://staging.example.org"}});
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::stripe, foreign)), "deferred");
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::stripe, staging)), "ignored");
    EXPECT_TRUE(stage.eventually([&] { return ignored_in_the_inbox("not ours: no such booking") == 1; }));
    EXPECT_EQ(dead_letters(), 0U);
    const std::string lost = paid_session("lost", {{"booking_id", nobodys}, {"appointd", stage.places().public_url}});
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::stripe, lost)), "deferred");
    EXPECT_TRUE(stage.eventually([&] { return dead_letters() == 1; }))
        << "our money, and its booking is gone: a person must know";
}

TEST_P(MoneyRules, WhatIsNotOursIsIgnoredAndNeverFillsTheDeadLetters) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const json::object stray = ann.control("stripe/payment", {{"amount", 900}, {"currency", "usd"}});
    ann.control("stripe/refund", {{"payment", *text_field(stray, "payment")}});
    const json::object foreign = ann.control("zoom/meeting", {{"topic", "Somebody else's"}});
    ann.control("zoom/delete", {{"meeting", *text_field(foreign, "meeting")}});
    ASSERT_TRUE(stage.eventually([&] { return stage.sandbox().webhooks().pending() == 0; }));
    EXPECT_EQ(dead_letters(), 0U);
    EXPECT_EQ(ann.state(), "CONFIRMED");
}

TEST_P(LostMoneyRules, LostPaymentWebhookIsFoundByReconciliation) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    fault(sandbox::FaultKind::drop, sandbox::Provider::stripe);
    ann.pay();
    ann.await_state("CONFIRMED");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MoneyRules, MeetingDeletedByHandIsMadeAgainOnceThenAPersonIsTold) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string first = ann.meeting();
    ann.control("zoom/delete", {{"meeting", first}});
    ann.await_detail("another meeting", [&](const json::object& detail) {
        const auto id = text_field(Customer::part(Customer::part(detail, "data"), "meeting"), "id").value_or("");
        return !id.empty() && id != first;
    });
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 1U);
    EXPECT_THAT(ann.attention(), IsEmpty());
    ann.control("zoom/delete", {{"meeting", ann.meeting()}});
    ann.await_attention("meeting_deleted");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(MoneyRules, OperatorsEventThatTheStateRefusesChangesNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const auto revision = int_field(ann.detail(), "revision");
    EXPECT_EQ(ann.operate("operator.mark_paid", {{"amount", 12345}, {"reference", "cash"}}), 409);
    EXPECT_EQ(int_field(ann.detail(), "revision"), revision);
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", 1000}}), 200);
    ann.await_money("refunded", 1000);
    EXPECT_EQ(ann.state(), "CONFIRMED");
}

} // namespace
} // namespace appointd::e2e
