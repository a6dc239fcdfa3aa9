// The checkout: what confirms a booking, what does not, and what happens to money that comes early, late, twice or wrong.
#include "sandbox/stripe/render.hpp"
#include "tests/e2e/daemon/rules.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// An event of Stripe's as its API version says; `id` makes it another one.
std::string stripe_event(const std::string& id, const std::string& type, json::object object, bool livemode = false) {
    json::object event{{"id", id}, {"object", "event"}, {"type", type}, {"livemode", livemode}};
    event["created"] = std::chrono::duration_cast<std::chrono::seconds>(ByHand::now().time_since_epoch()).count();
    event["data"] = json::object{{"object", std::move(object)}};
    return json::serialize(event);
}

class CheckoutRules : public Rules {
protected:
    CheckoutRules() = default;
    explicit CheckoutRules(demo::Setup more) : Rules(steady_pace(), std::move(more)) {}

    std::size_t sessions(Customer& customer) { return array_field(customer.ledger(), "sessions")->size(); }
    json::object session_object(const std::string& session) {
        return stage.sandbox().act([&](sandbox::World& world, Time) {
            return sandbox::stripe::session_json(*world.stripe.state().sessions.find(session), world.stripe.settings());
        });
    }
};
APPOINTD_ON_BOTH_STORES(CheckoutRules);

TEST_P(CheckoutRules, CompletedUnpaidHoldsTheSlotAndItsLateSuccessConfirms) {
    Customer ann(stage, "brief");
    ann.reach_checkout();
    ann.control("stripe/pay-later", {{"session", ann.session()}});
    ann.await_quiet();
    ann.await_detail("the deadline past",
                     [&](const json::object& detail) { return time_field(Customer::part(detail, "data"), "deadline") < now(); });
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING"); // longer than the window
    EXPECT_TRUE(ann.slot_is_taken());
    ann.control("stripe/settle", {{"session", ann.session()}, {"success", true}});
    ann.await_state("CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 5000);
}

TEST_P(CheckoutRules, AsynchronousFailureMakesAnotherCheckoutWithinTheWindow) {
    Customer ann(stage, "long-window");
    ann.reach_checkout();
    const std::string first = ann.session();
    ann.control("stripe/pay-later", {{"session", first}});
    ann.control("stripe/settle", {{"session", first}, {"success", false}});
    ann.await_detail("another checkout", [&](const json::object&) { return sessions(ann) == 2; });
    ann.await_quiet();
    ann.await_link("checkout");
    EXPECT_NE(ann.session(), first);
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    ann.pay();
    ann.await_state("CONFIRMED");
}

TEST_P(CheckoutRules, AsynchronousFailureAfterTheWindowFreesTheSlot) {
    Customer ann(stage, "brief");
    ann.reach_checkout();
    ann.control("stripe/pay-later", {{"session", ann.session()}});
    ann.await_detail("the deadline past",
                     [&](const json::object& detail) { return time_field(Customer::part(detail, "data"), "deadline") < now(); });
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    ann.control("stripe/settle", {{"session", ann.session()}, {"success", false}});
    ann.await_state("ABANDONED");
    ann.await_quiet();
    EXPECT_FALSE(ann.slot_is_taken());
    EXPECT_EQ(sessions(ann), 1U);
}

TEST_P(CheckoutRules, MoneyUnderWayWhenTheSlotBeginsIsGivenUpAndGoesBackWhenItComes) {
    Customer ann(stage, "long-window");
    ann.ask();
    ann.take_slot(3s);
    ann.await_link("checkout");
    ann.control("stripe/pay-later", {{"session", ann.session()}});
    ann.await_state("ABANDONED");
    ann.control("stripe/settle", {{"session", ann.session()}, {"success", true}});
    ann.await_state("REFUNDED");
    EXPECT_EQ(int_field(ann.money(), "refunded"), 5000);
}

TEST_P(CheckoutRules, WrongCurrencyNeverConfirms) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"currency", "eur"}});
    ann.await_attention("amount_mismatch");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(CheckoutRules, WrongAmountThatNobodyDecidesGoesBackWhenTheSlotBegins) {
    Customer ann(stage, "long-window");
    ann.ask();
    ann.take_slot(3s);
    ann.await_link("checkout");
    ann.control("stripe/pay", {{"session", ann.session()}, {"amount", 4999}});
    ann.await_attention("amount_mismatch");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "refunded"), 4999);
}

TEST_P(CheckoutRules, WrongAmountConfirmsWhenAnOperatorAcceptsIt) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"amount", 12000}});
    ann.await_attention("amount_mismatch");
    ann.await_quiet();
    const json::object accept{{"amount", 12000}, {"reference", "agreed by phone"}, {"payment", ann.payment()}};
    EXPECT_EQ(ann.operate("operator.mark_paid", accept), 200);
    ann.await_link("meeting");
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_EQ(int_field(ann.money(), "captured"), 12000);
}

TEST_P(CheckoutRules, WrongAmountThatIsReturnedByHandMayBePaidAgain) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"amount", 1}, {"currency", "usd"}});
    ann.await_attention("amount_mismatch");
    ann.await_quiet();
    ann.control("stripe/refund", {{"payment", ann.payment()}});
    ann.await_no_attention();
    ann.await_quiet();
    ann.await_link("checkout");
    ann.pay();
    ann.await_link("meeting");
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 12346);
    EXPECT_EQ(int_field(ann.money(), "refunded"), 1);
}

TEST_P(CheckoutRules, ExpireThatIsRefusedBecauseItIsCompleteMeansThatThePaymentWon) {
    Customer ann(stage, "brief");
    ann.reach_checkout();
    fault(sandbox::FaultKind::drop, Provider::stripe);
    ann.pay();
    ann.await_state("CONFIRMED"); // the deadline asked Stripe to expire it
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "captured"), 5000);
    EXPECT_TRUE(ann.slot_is_taken());
    EXPECT_THAT(ann.decisions("checkout.expire.succeeded"), ElementsAre("applied: Stripe says it is complete"));
}

TEST_P(CheckoutRules, WindowLongerThanACheckoutLivesMakesAnotherWhenItEnds) {
    Customer ann(stage, "long-window");
    ann.reach_checkout();
    const std::string first = ann.session();
    EXPECT_FALSE(ann.request("checkout.create").contains("expires_at"));
    stage.sandbox().control("POST", "/clock/advance", {{"by", "24h"}}); // Stripe ends it by itself
    ann.await_detail("another checkout", [&](const json::object&) { return sessions(ann) == 2; });
    ann.await_quiet();
    ann.await_link("checkout");
    EXPECT_NE(ann.session(), first);
    ann.pay();
    ann.await_state("CONFIRMED");
}

TEST_P(CheckoutRules, ReceiptsTaxAndPromotionCodesReachStripeAndTheAmountRuleKnowsThem) {
    for (const char* order : {"as_sent", "reversed"}) { // the session's event tells the parts, the intent's only the total
        Customer ann(stage, "extras");
        ann.reach_checkout();
        const std::string form = json::serialize(ann.request("checkout.create").at("form"));
        for (const char* field : {R"(["payment_intent_data[receipt_email]","ann.poe@example.org"])",
                                  R"(["automatic_tax[enabled]","true"])", R"(["allow_promotion_codes","true"])"})
            EXPECT_THAT(form, testing::HasSubstr(field));
        stage.sandbox().webhooks().pause();
        ann.control("stripe/pay", {{"session", ann.session()}, {"discount", 1000}, {"tax", 760}});
        deliver(order);
        ann.await_state("CONFIRMED");
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "captured"), 4760);
        EXPECT_THAT(ann.attention(), IsEmpty());
    }
}

TEST_P(CheckoutRules, PromotionThatCoversAllOfThePriceConfirmsWithoutMoney) {
    Customer ann(stage, "extras");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"discount", 5000}});
    ann.await_state("CONFIRMED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "captured"), 0);
    ann.cancel();
    ann.await_state("CANCELED");
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(CheckoutRules, DiscountAndTaxThatTheTermsDoNotAllowAreAWrongAmount) {
    Customer ann(stage, "long-window");
    ann.reach_checkout();
    ann.control("stripe/pay", {{"session", ann.session()}, {"discount", 1000}, {"tax", 1000}}); // the same total
    ann.await_attention("amount_mismatch");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
}

TEST_P(CheckoutRules, TwoEventObjectsForOneChangeAreOneFact) {
    fault(sandbox::FaultKind::twin_event, Provider::stripe);
    fault(sandbox::FaultKind::duplicate, Provider::stripe);
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    ann.control("stripe/refund", {{"payment", ann.payment()}, {"amount", 345}});
    ann.await_money("refunded", 345);
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "captured"), 12345);
    EXPECT_EQ(int_field(ann.money(), "refunded"), 345);
    EXPECT_EQ(ann.live_meetings(), 1U);
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(CheckoutRules, ThinEventIsIgnored) {
    const std::string body = R"({"id":"evt_thin","object":"v2.core.event","type":"checkout.session.completed","livemode":false,)"
                             R"("created":"2026-11-01T10:00:00.000Z","related_object":{"id":"cs_1","type":"checkout.session"}})";
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::stripe, body)), "ignored");
    EXPECT_EQ(dead_letters(), 0U);
}

TEST_P(CheckoutRules, IntentThatIsUnderWayAndThenCanceledFailsAndMayBePaidAgain) {
    Customer ann(stage, "long-window");
    ann.reach_checkout();
    const json::object intent{{"id", "pi_by_hand"},
                              {"object", "payment_intent"},
                              {"amount", 5000},
                              {"currency", "usd"},
                              {"metadata", {{"booking_id", ann.id()}}}};
    hand.send_signed(Provider::stripe, stripe_event("evt_1", "payment_intent.processing", intent));
    EXPECT_THAT(ann.decisions("payment.processing"), ElementsAre("applied: the payment is under way"));
    hand.send_signed(Provider::stripe, stripe_event("evt_2", "payment_intent.canceled", intent));
    EXPECT_THAT(ann.decisions("payment.failed"), ElementsAre("applied: the payment failed; another may be made"));
    ann.await_quiet();
    ann.await_link("checkout");
    ann.pay();
    ann.await_state("CONFIRMED");
    hand.send_signed(Provider::stripe, stripe_event("evt_3", "payment_intent.canceled", intent));
    EXPECT_EQ(ann.state(), "CONFIRMED");
}

TEST_P(CheckoutRules, EventOfTheLiveModeAtATestDaemonIsIgnoredAsWrongMode) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    json::object paid = session_object(ann.session());
    paid["payment_status"] = "paid";
    paid["status"] = "complete";
    paid["payment_intent"] = "pi_live";
    paid["livemode"] = true;
    const auto answer = hand.send_signed(Provider::stripe, stripe_event("evt_live", "checkout.session.completed", paid, true));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(disposition_of(answer), "ignored");
    EXPECT_EQ(ignored_in_the_inbox("wrong mode"), 1U);
    EXPECT_EQ(ann.state(), "PAYMENT_PENDING");
    EXPECT_EQ(int_field(ann.money(), "captured"), 0);
}

demo::Setup live_key() {
    demo::Setup more = more_session_types();
    more.environment["STRIPE_SECRET_KEY"] = "sk_live_sandbox";
    return more;
}

class LiveModeRules : public CheckoutRules {
protected:
    LiveModeRules() : CheckoutRules(live_key()) {}
};
APPOINTD_ON_BOTH_STORES(LiveModeRules);

TEST_P(LiveModeRules, EventOfTheTestModeAtALiveDaemonIsIgnoredAsWrongMode) {
    Customer ann(stage, "coaching-60");
    ann.ask();
    const json::object paid{{"id", "pi_test"},          {"object", "payment_intent"}, {"amount", 12345},
                            {"amount_received", 12345}, {"currency", "usd"},          {"metadata", {{"booking_id", ann.id()}}}};
    const auto answer = hand.send_signed(Provider::stripe, stripe_event("evt_test", "payment_intent.succeeded", paid));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(disposition_of(answer), "ignored");
    EXPECT_EQ(ignored_in_the_inbox("wrong mode"), 1U);
    EXPECT_EQ(int_field(ann.money(), "captured"), 0);
    const auto live = hand.send_signed(Provider::stripe, stripe_event("evt_real", "payment_intent.succeeded", paid, true));
    EXPECT_EQ(disposition_of(live), "applied");
    EXPECT_EQ(int_field(ann.money(), "captured"), 12345);
}

TEST_P(CheckoutRules, SurplusMoneyGoesBackInEveryState) {
    const auto more = [&](Customer& customer, std::int64_t amount) {
        customer.control("stripe/payment",
                         {{"amount", amount}, {"currency", "usd"}, {"metadata", {{"booking_id", customer.id()}}}});
    };
    Customer early(stage, "tiers", "early@example.org");
    early.ask();
    more(early, 700); // INITIATED: nobody asked for it; it goes back when the booking is paid
    early.await_attention("unexpected_money");
    early.take_slot();
    early.pay();
    early.await_money("refunded", 700);
    early.await_quiet();
    EXPECT_EQ(early.state(), "CONFIRMED");
    EXPECT_THAT(early.attention(), IsEmpty());

    const Time start = time_field(Customer::part(early.data(), "slot"), "start").value();
    early.meet(start, start + 1h);
    early.await_state("COMPLETED");
    more(early, 800);
    early.await_money("refunded", 1500);
    EXPECT_EQ(early.state(), "COMPLETED");

    Customer late(stage, "tiers", "late@example.org");
    late.reach_checkout();
    late.cancel();
    late.await_state("CANCELED");
    more(late, 900);
    late.await_state("REFUNDED");
    more(late, 901); // CANCELED for a moment, and REFUNDED again
    late.await_money("refunded", 1801);
    late.await_state("REFUNDED");
    late.await_quiet();
    EXPECT_THAT(late.decisions("ledger.reopened"), SizeIs(1));
    EXPECT_THAT(late.attention(), IsEmpty());
}

TEST_P(CheckoutRules, MoneyThatComesTooLateGoesBackOrRevivesAsTheTermsSay) {
    Customer late(stage, "brief", "late@example.org");
    late.reach_checkout();
    late.await_state("ABANDONED");
    late.control("stripe/payment", {{"amount", 5000}, {"currency", "usd"}, {"metadata", {{"booking_id", late.id()}}}});
    late.await_state("REFUNDED");

    Customer revived(stage, "group-revive", "revived@example.org"); // a seat cannot be released: the slot is still ours
    revived.ask();
    revived.take_slot();
    revived.await_state("ABANDONED");
    revived.await_quiet();
    revived.control("stripe/payment", {{"amount", 5000}, {"currency", "usd"}, {"metadata", {{"booking_id", revived.id()}}}});
    revived.await_state("CONFIRMED");
    revived.await_quiet();
    EXPECT_EQ(int_field(revived.money(), "refunded"), 0);
    EXPECT_THAT(revived.attention(), IsEmpty()); // nothing is held any more that should be free
}

TEST_P(CheckoutRules, PaidBeforeTheCancelIsSharedByTheTermsAndAfterItAllGoesBack) {
    const struct {
        const char* order;
        const char* state;
        std::int64_t refunded;
    } cases[] = {{"as_sent", "CANCELED", 1650}, {"reversed", "REFUNDED", 5000}};
    for (const auto& one : cases) {
        Customer ann(stage, "tiers");
        ann.ask();
        ann.take_slot(3h);
        ann.await_link("checkout");
        ann.await_quiet();
        stage.sandbox().webhooks().pause();
        ann.pay();
        ann.cancel();
        deliver(one.order);
        ann.await_state(one.state);
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << one.order;
        EXPECT_EQ(int_field(ann.money(), "kept"), 5000 - one.refunded) << one.order;
    }
}

} // namespace
} // namespace appointd::e2e
