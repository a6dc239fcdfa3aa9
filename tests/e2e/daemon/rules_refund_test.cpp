// Money that goes back: by the terms, by hand, at Stripe, and what banks do to it.
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

class RefundRules : public Rules {
protected:
    /// Ids of Stripe's refunds of the first payment, oldest first.
    std::vector<std::string> refunds(Customer& customer) {
        std::vector<std::string> ids;
        const json::object ledger = customer.ledger();
        const json::object payment = array_field(ledger, "payments")->front().as_object();
        for (const json::value& refund : *array_field(payment, "refunds"))
            ids.push_back(text_field(refund.as_object(), "refund").value_or(""));
        return ids;
    }
    std::string dispute(Customer& customer, bool inquiry = false) {
        const json::object body{{"payment", customer.payment()}, {"reason", "fraudulent"}, {"inquiry", inquiry}};
        return text_field(customer.control("stripe/dispute", body), "dispute").value_or("");
    }
    void close(Customer& customer, const std::string& dispute, std::string_view outcome) {
        customer.control("stripe/close-dispute", {{"dispute", dispute}, {"outcome", outcome}});
    }
};
APPOINTD_ON_BOTH_STORES(RefundRules);

TEST_P(RefundRules, TiersTakeTheGreatestNoticeNotAboveAndRoundUpAndReturnNothingBelowAll) {
    const struct {
        std::chrono::seconds notice;
        std::int64_t refunded;
        const char* state;
    } cases[] = {{24h, 5000, "REFUNDED"}, {24h - 1s, 1650, "CANCELED"}, {2h, 1650, "CANCELED"}, {2h - 1s, 0, "CANCELED"}};
    for (const auto& one : cases) {
        Customer ann(stage, "tiers");
        const Time start = now() + 72h;
        ann.ask();
        ann.take_slot_at(start);
        ann.pay();
        ann.await_link("meeting");
        ann.await_quiet();
        ann.cancel("invitee", start - one.notice); // notice counts from Calendly's own moment
        ann.await_state(one.state);
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << one.notice.count();
        EXPECT_EQ(int_field(ann.money(), "kept"), 5000 - one.refunded) << one.notice.count();
        EXPECT_EQ(ann.live_meetings(), 0U);
    }
}

TEST_P(RefundRules, CancelAtOrAfterTheStartIsInFrontOfAPerson) {
    Customer ann(stage, "tiers");
    const Time start = now() + 48h;
    ann.ask();
    ann.take_slot_at(start);
    ann.pay();
    ann.await_link("meeting");
    ann.await_quiet();
    ann.cancel("invitee", start);
    ann.await_attention("canceled_after_start");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "refunded"), 0);
}

TEST_P(RefundRules, CancelAfterTheSessionCountsOnlyWhereItCameBeforeTheStartAndNobodyMet) {
    Customer met(stage, "tiers", "met@example.org"), unmet(stage, "tiers", "unmet@example.org");
    for (Customer* one : {&met, &unmet}) {
        one->reach_meeting();
        const Time start = time_field(Customer::part(one->data(), "slot"), "start").value();
        one->meet(start, start + 1h, one == &met);
        one->await_state("COMPLETED");
        one->await_quiet();
        one->cancel("invitee", start - 3h);
    }
    met.await_attention("canceled_late");
    met.await_quiet();
    EXPECT_EQ(met.state(), "COMPLETED");
    unmet.await_state("CANCELED");
    unmet.await_money("refunded", 1650);
}

TEST_P(RefundRules, CumulativeHintAloneMakesUsListTheRefunds) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    fault(sandbox::FaultKind::drop, Provider::stripe, "refund.");
    fault(sandbox::FaultKind::drop, Provider::stripe, "charge.refund.");
    ann.control("stripe/refund", {{"payment", ann.payment()}, {"amount", 300}});
    ann.await_money("refunded", 300);
    ann.control("stripe/refund", {{"payment", ann.payment()}, {"amount", 45}});
    ann.await_money("refunded", 345);
    EXPECT_EQ(ann.state(), "CONFIRMED");
    ann.control("stripe/refund", {{"payment", ann.payment()}}); // and the rest
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(RefundRules, RefundOfACompletedSessionByHandEndsRefunded) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Time start = time_field(Customer::part(ann.data(), "slot"), "start").value();
    ann.meet(start, start + 1h);
    ann.await_state("COMPLETED");
    ann.control("stripe/refund", {{"payment", ann.payment()}, {"amount", 345}});
    ann.await_money("refunded", 345);
    EXPECT_EQ(ann.state(), "COMPLETED");
    ann.control("stripe/refund", {{"payment", ann.payment()}});
    ann.await_state("REFUNDED");
    EXPECT_EQ(int_field(ann.money(), "kept"), 0);
}

TEST_P(RefundRules, RefundThatFailsAtOnceIsFlaggedAndPaidElsewhereSettlesIt) {
    stage.sandbox().control("POST", "/settings", {{"stripe_refunds_pending", true}});
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.cancel("host");
    ann.await_money("refunding", 12345);
    ann.await_quiet();
    ann.control("stripe/settle-refund", {{"refund", refunds(ann).front()}, {"status", "requires_action"}});
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    ann.control("stripe/settle-refund", {{"refund", refunds(ann).front()}, {"status", "failed"}, {"reason", "declined"}});
    ann.await_attention("refund_failed");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    EXPECT_EQ(ann.operate("operator.refunded_elsewhere", {{"amount", 12345}, {"reference", "bank transfer 17"}}), 200);
    ann.await_state("REFUNDED");
    EXPECT_THAT(ann.attention(), Not(Contains("refund_failed")));
}

TEST_P(RefundRules, DisputeHoldsRefundsBackUntilItIsWon) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string opened = dispute(ann);
    ann.await_attention("dispute");
    ann.cancel("host");
    ann.await_state("CANCELED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunded"), 0);
    EXPECT_EQ(int_field(ann.money(), "refunding"), 12345);
    EXPECT_THAT(refunds(ann), IsEmpty());
    close(ann, opened, "won");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(RefundRules, DisputeThatIsLostEndsTheRefundsThatWaitedForIt) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string opened = dispute(ann);
    ann.await_attention("dispute");
    ann.cancel("host");
    ann.await_state("CANCELED");
    ann.await_quiet();
    close(ann, opened, "lost");
    ann.await_attention("dispute_lost");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CANCELED");
    EXPECT_EQ(int_field(ann.money(), "lost"), 12345);
    EXPECT_EQ(int_field(ann.money(), "refunding"), 0);
    EXPECT_THAT(refunds(ann), IsEmpty());
}

TEST_P(RefundRules, DisputeThatIsWonOnAppealBringsTheMoneyBackToWhereItWas) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string opened = dispute(ann);
    close(ann, opened, "lost");
    ann.await_attention("dispute_lost");
    EXPECT_EQ(int_field(ann.money(), "lost"), 12345);
    stage.sandbox().control("POST", "/clock/advance", {{"by", "1m"}});
    close(ann, opened, "won");
    ann.await_no_attention();
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "lost"), 0);
    EXPECT_EQ(int_field(ann.money(), "waiting"), 12345);
    EXPECT_EQ(ann.state(), "CONFIRMED");
}

TEST_P(RefundRules, DisputeThatWasPreventedIsInFrontOfAPersonAndHoldsRefunds) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    close(ann, dispute(ann), "prevented");
    ann.await_detail("that it was prevented", [](const json::object& detail) {
        const json::object money = Customer::part(Customer::part(detail, "data"), "money");
        const auto* disputes = array_field(money, "disputes");
        return disputes && !disputes->empty() && text_field(disputes->front().as_object(), "phase") == "prevented";
    });
    EXPECT_THAT(ann.attention(), testing::ElementsAre("dispute"));
    ann.cancel("host");
    ann.await_state("CANCELED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunding"), 12345);
    EXPECT_EQ(int_field(ann.money(), "refunded"), 0);
    EXPECT_EQ(ann.operate("operator.resolve", {{"reason", "dispute"}, {"note", "the bank left it with us"}}), 200);
    ann.await_state("REFUNDED");
}

TEST_P(RefundRules, DisputeThatIsWonClearsItsFlagAndTheSessionStands) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string opened = dispute(ann);
    ann.await_attention("dispute");
    close(ann, opened, "won");
    ann.await_no_attention();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(ann.live_meetings(), 1U);
}

TEST_P(RefundRules, InquiryIsFlaggedAndBlocksNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    dispute(ann, true);
    ann.await_attention("dispute");
    ann.cancel("host");
    ann.await_state("REFUNDED");
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
}

TEST_P(RefundRules, RefundThatStripeRefusesBecauseItWasMadeElsewhereIsASuccess) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    fault(sandbox::FaultKind::drop, Provider::stripe); // nobody tells us
    ann.control("stripe/refund", {{"payment", ann.payment()}});
    ann.cancel("host");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(RefundRules, EchoesOfOurOwnCallsChangeNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.cancel", {{"refund", "full"}}), 200);
    ann.await_state("REFUNDED");
    ann.await_quiet();
    for (const char* echo :
         {"slot.canceled", "meeting.deleted"}) // both were our doing; which half came first is a matter of luck
        for (const std::string& decision : ann.decisions(echo))
            EXPECT_THAT(decision, testing::AnyOf("ignored: already canceled (echo)", "ignored: gone (echo)",
                                                 "applied: already canceled; the slot is free", "applied: removed by us (echo)"))
                << echo;
    EXPECT_EQ(refunds(ann).size(), 1U);
    EXPECT_EQ(int_field(ann.money(), "refunded"), 12345);
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_EQ(dead_letters(), 0U);
}

} // namespace
} // namespace appointd::e2e
