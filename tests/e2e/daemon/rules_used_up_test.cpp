// Calls whose attempts were all used up although the provider did what was asked: the next round does it no second time.
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::FaultKind;
using sandbox::Provider;
using testing::IsEmpty;

demo::Pace two_attempts() {
    demo::Pace pace = steady_pace();
    pace.max_attempts = 2;
    return pace;
}

class UsedUpRules : public Rules {
protected:
    UsedUpRules() : Rules(two_attempts()) {}

    void next_round(Customer& customer, std::string_view kind) {
        stage.sandbox().faults().clear();
        EXPECT_EQ(customer.operate("operator.retry", {{"activity", customer.call_id(kind)}}), 200);
        customer.await_no_attention();
        customer.await_quiet();
    }
    void cancel_at_the_middle_tier(Customer& customer) {
        const Time start = now() + 72h;
        customer.ask();
        customer.take_slot_at(start);
        customer.pay();
        customer.await_link("meeting");
        customer.await_quiet();
        fault(FaultKind::lost_answer, Provider::stripe, "POST /v1/refunds");
        customer.cancel("invitee", start - 3h);
    }
    static std::size_t refunds(Customer& customer) {
        const json::object ledger = customer.ledger();
        return array_field(array_field(ledger, "payments")->front().as_object(), "refunds")->size();
    }
};
APPOINTD_ON_BOTH_STORES(UsedUpRules);

TEST_P(UsedUpRules, RefundOfWhichAWebhookToldNeedsNoOtherRound) {
    Customer ann(stage, "tiers");
    cancel_at_the_middle_tier(ann);
    ann.await_money("refunded", 1650);
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_EQ(ann.operate("operator.retry", {{"activity", ann.call_id("refund.create")}}), 409);
    EXPECT_EQ(refunds(ann), 1U);
    EXPECT_EQ(int_field(ann.money(), "kept"), 3350);
}

TEST_P(UsedUpRules, RefundOfWhichNoWebhookToldGoesOutOnce) {
    Customer ann(stage, "tiers");
    fault(FaultKind::drop, Provider::stripe, "refund.");
    fault(FaultKind::drop, Provider::stripe, "charge.refund");
    cancel_at_the_middle_tier(ann);
    ann.await_attention("activity_exhausted");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunding"), 1650);
    next_round(ann, "refund.create");
    EXPECT_EQ(refunds(ann), 1U);
    EXPECT_EQ(int_field(ann.money(), "refunded"), 1650);
}

TEST_P(UsedUpRules, CheckoutThatWasOpenedIsFoundByTheNextRound) {
    fault(FaultKind::lost_answer, Provider::stripe, "POST /v1/checkout/sessions");
    Customer ann(stage, "coaching-60");
    ann.ask();
    ann.take_slot();
    ann.await_attention("checkout_failed");
    ann.await_quiet();
    next_round(ann, "checkout.create");
    ann.await_link("checkout");
    EXPECT_EQ(array_field(ann.ledger(), "sessions")->size(), 1U);
    ann.pay();
    ann.await_link("meeting");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

} // namespace
} // namespace appointd::e2e
