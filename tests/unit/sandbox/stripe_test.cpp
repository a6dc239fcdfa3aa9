#include "tests/unit/sandbox/stripe_fixture.hpp"

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(StripeTest, SessionsOpenWithoutAPaymentIntentForADay) {
    const auto answer = post("/v1/checkout/sessions", session_form());
    ASSERT_EQ(answer.status, 200) << answer.body;
    const json::value session = body_of(answer);
    EXPECT_EQ(text(session, "status"), "open");
    EXPECT_TRUE(pick(session, "payment_intent").is_null());
    EXPECT_EQ(pick(session, "amount_total"), json::value(5000));
    EXPECT_THAT(text(session, "url"), HasSubstr("http://127.0.0.1:9400/pay/cs_test_"));
    EXPECT_EQ(pick(session, "expires_at"), json::value(unix_seconds(now + 24h)));
    EXPECT_THAT(header(answer, "Request-Id"), HasSubstr("req_"));
}

TEST_F(StripeTest, BadRequestsAreNamedByParameterAndCode) {
    EXPECT_EQ(code(post("/v1/checkout/sessions", session_form("&colour=red"))), "parameter_unknown");
    EXPECT_EQ(code(post("/v1/checkout/sessions", session_form("&payment_method_types[0]=card"))), "parameter_unknown");
    EXPECT_EQ(code(post("/v1/checkout/sessions", "mode=payment&success_url=x")), "parameter_missing");
    const auto early = post("/v1/checkout/sessions", session_form("&expires_at=" + std::to_string(unix_seconds(now + 29min))));
    EXPECT_EQ(message(early), "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.");
    EXPECT_EQ(get("/v1/checkout/sessions/cs_none").status, 404);
    EXPECT_EQ(code(get("/v1/checkout/sessions/cs_none")), "resource_missing");
    EXPECT_THAT(message(get("/v1/nothing")), HasSubstr("Unrecognized request URL (GET: /v1/nothing)"));
    const auto json_body = machine.api(
        request("POST", "/v1/refunds", {{"Authorization", "Bearer sk_test_sandbox"}, {"Content-Type", "application/json"}}, "{}"),
        now);
    EXPECT_EQ(json_body.status, 400);
    EXPECT_EQ(machine.api(request("GET", "/v1/refunds", {{"Authorization", "Bearer no"}}), now).status, 401);
}

TEST_F(StripeTest, PayingCompletesTheSessionAndKeepsMetadataApart) {
    const std::string session = text(body_of(post("/v1/checkout/sessions", session_form("&metadata[only]=here"))), "id");
    const std::string payment = *machine.pay(session, {}, now);
    const auto webhooks = journal.take_webhooks();
    EXPECT_THAT(types_of(webhooks), ElementsAre("charge.succeeded", "checkout.session.completed", "payment_intent.succeeded"));
    const json::value event = body_of(webhooks[1]);
    EXPECT_EQ(text(event, "data/object/payment_status"), "paid");
    EXPECT_EQ(text(event, "data/object/payment_intent"), payment);
    EXPECT_TRUE(pick(event, "data/object/url").is_null());
    EXPECT_TRUE(pick(event, "request/idempotency_key").is_null());
    const json::value intent = body_of(get("/v1/payment_intents/" + payment));
    EXPECT_EQ(text(intent, "metadata/booking_id"), "bk_42");
    EXPECT_TRUE(pick(intent, "metadata/only").is_null());
    const json::value expanded = body_of(get("/v1/checkout/sessions/" + session + "?expand[]=payment_intent.latest_charge"));
    EXPECT_EQ(pick(expanded, "payment_intent/latest_charge/amount_captured"), json::value(5000));
}

TEST_F(StripeTest, ADeclineLeavesTheSessionOpenForAnotherTry) {
    const std::string session = open();
    ASSERT_TRUE(machine.decline(session, "insufficient_funds", now));
    EXPECT_THAT(types_of(journal.take_webhooks()), ElementsAre("charge.failed", "payment_intent.payment_failed"));
    const json::value shown = body_of(get("/v1/checkout/sessions/" + session));
    EXPECT_EQ(text(shown, "status"), "open");
    const std::string payment = *machine.pay(session, {}, now);
    EXPECT_EQ(payment, text(shown, "payment_intent"));
}

TEST_F(StripeTest, ExpiringACompleteSessionIsRefusedInStripesWords) {
    const std::string session = open();
    ASSERT_TRUE(machine.pay(session, {}, now));
    const auto refused = post("/v1/checkout/sessions/" + session + "/expire", "", "k1");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(message(refused), "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a "
                                "status of `complete`.");
}

TEST_F(StripeTest, ExpiringAnOpenSessionEmitsItWithTheRequestsKey) {
    const std::string session = open();
    const auto answer = post("/v1/checkout/sessions/" + session + "/expire", "", "bk42-expire-1");
    EXPECT_EQ(text(body_of(answer), "status"), "expired");
    const auto webhooks = journal.take_webhooks();
    ASSERT_THAT(types_of(webhooks), ElementsAre("checkout.session.expired"));
    EXPECT_EQ(text(body_of(webhooks[0]), "request/idempotency_key"), "bk42-expire-1");
}

TEST_F(StripeTest, ASessionExpiresByItselfAfterADay) {
    const std::string session = open();
    now += 24h;
    machine.tick(now);
    EXPECT_THAT(types_of(journal.take_webhooks()), ElementsAre("checkout.session.expired"));
    EXPECT_EQ(machine.pay(session, {}, now).error().code, "invalid");
}

TEST_F(StripeTest, DelayedMethodsCompleteUnpaidAndSettleLater) {
    const std::string session = open(), other = open();
    ASSERT_TRUE(machine.pay_later(session, {}, now));
    EXPECT_THAT(types_of(journal.take_webhooks()), ElementsAre("payment_intent.processing", "checkout.session.completed"));
    EXPECT_EQ(text(body_of(get("/v1/checkout/sessions/" + session)), "payment_status"), "unpaid");
    ASSERT_TRUE(machine.settle_later(session, true, now));
    EXPECT_EQ(types_of(journal.take_webhooks()).back(), "checkout.session.async_payment_succeeded");
    ASSERT_TRUE(machine.pay_later(other, {}, now));
    ASSERT_TRUE(machine.settle_later(other, false, now));
    EXPECT_EQ(types_of(journal.take_webhooks()).back(), "checkout.session.async_payment_failed");
}

TEST_F(StripeTest, RefundsKeepWithinTheCharge) {
    const std::string payment = paid();
    const auto part = post("/v1/refunds", "payment_intent=" + payment + "&amount=4300&metadata[refund_id]=r1", "r1");
    ASSERT_EQ(part.status, 200) << part.body;
    const auto webhooks = journal.take_webhooks();
    ASSERT_THAT(types_of(webhooks), ElementsAre("refund.created", "charge.refunded"));
    EXPECT_EQ(text(body_of(webhooks[0]), "data/object/metadata/refund_id"), "r1");
    EXPECT_EQ(pick(body_of(webhooks[1]), "data/object/amount_refunded"), json::value(4300));
    const auto over = post("/v1/refunds", "payment_intent=" + payment + "&amount=2000", "r2");
    EXPECT_EQ(message(over), "Refund amount (€20.00) is greater than unrefunded amount on charge (€7.00)");
    EXPECT_EQ(text(body_of(over), "error/param"), "amount");
    EXPECT_EQ(post("/v1/refunds", "payment_intent=" + payment, "r3").status, 200);
    EXPECT_EQ(code(post("/v1/refunds", "payment_intent=" + payment, "r4")), "charge_already_refunded");
    EXPECT_EQ(pick(body_of(get("/v1/refunds?payment_intent=" + payment)), "data").get_array().size(), 2u);
}

TEST_F(StripeTest, ARefundCanFailAfterItSucceeded) {
    const std::string payment = paid();
    const std::string refund = *machine.refund_by_hand({.payment = payment}, now);
    journal.take_webhooks();
    ASSERT_TRUE(machine.settle_refund(refund, "failed", "expired_or_canceled_card", now));
    const auto webhooks = journal.take_webhooks();
    EXPECT_THAT(types_of(webhooks), ElementsAre("refund.failed", "refund.updated", "charge.refund.updated"));
    EXPECT_EQ(text(body_of(webhooks[1]), "data/previous_attributes/status"), "succeeded");
    EXPECT_EQ(text(body_of(webhooks[0]), "data/object/failure_reason"), "expired_or_canceled_card");
    EXPECT_TRUE(machine.refund_by_hand({.payment = payment}, now)); // the money is there again
}

TEST_F(StripeTest, PendingRefundsSettleLater) {
    machine.settings().refunds_pending = true;
    const std::string refund = text(body_of(post("/v1/refunds", "payment_intent=" + paid(), "r")), "id");
    EXPECT_EQ(text(body_of(get("/v1/refunds/" + refund)), "status"), "pending");
    ASSERT_TRUE(machine.settle_refund(refund, "succeeded", "", now));
    EXPECT_EQ(text(body_of(get("/v1/refunds/" + refund)), "status"), "succeeded");
}

TEST_F(StripeTest, ADisputeBlocksRefundsAndAnInquiryDoesNot) {
    const std::string payment = paid(), other = paid();
    ASSERT_TRUE(machine.open_dispute(other, {}, "", true, now));
    EXPECT_EQ(post("/v1/refunds", "payment_intent=" + other, "r0").status, 200);
    const std::string dispute = *machine.open_dispute(payment, {}, "fraudulent", false, now);
    EXPECT_EQ(code(post("/v1/refunds", "payment_intent=" + payment, "r1")), "charge_disputed");
    ASSERT_TRUE(machine.close_dispute(dispute, "won", now));
    EXPECT_EQ(types_of(journal.take_webhooks()).back(), "charge.dispute.closed");
    EXPECT_EQ(post("/v1/refunds", "payment_intent=" + payment, "r2").status, 200);
}

TEST_F(StripeTest, ListsWalkBothWays) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(open());
    const json::value first = body_of(get("/v1/checkout/sessions?limit=2"));
    EXPECT_EQ(text(first, "data/0/id"), ids[4]);
    EXPECT_EQ(pick(first, "has_more"), json::value(true));
    EXPECT_EQ(text(body_of(get("/v1/checkout/sessions?limit=2&starting_after=" + ids[3])), "data/0/id"), ids[2]);
    const json::value newer = body_of(get("/v1/checkout/sessions?limit=2&ending_before=" + ids[0]));
    EXPECT_EQ(text(newer, "data/0/id"), ids[2]);
    EXPECT_EQ(text(newer, "data/1/id"), ids[1]);
    EXPECT_EQ(get("/v1/checkout/sessions?limit=101").status, 400);
}

TEST_F(StripeTest, EventsAreListedByTypeAndDelivery) {
    const std::string session = open();
    ASSERT_TRUE(machine.pay(session, {}, now));
    const auto webhooks = journal.take_webhooks();
    machine.delivered(webhooks[0].id);
    const json::value failed = body_of(get("/v1/events?delivery_success=false"));
    EXPECT_EQ(pick(failed, "data").get_array().size(), 2u);
    const json::value one = body_of(get("/v1/events?types[]=checkout.session.completed&types[]=x"));
    ASSERT_EQ(pick(one, "data").get_array().size(), 1u);
    EXPECT_EQ(text(one, "data/0/id"), webhooks[1].id);
}

TEST_F(StripeTest, ATwinIsAnotherEventOfTheSameChange) {
    machine.capture_stray(700, "usd", {}, now);
    const auto webhooks = journal.take_webhooks();
    const auto twin = machine.twin_of(webhooks[1].id, now);
    ASSERT_TRUE(twin);
    EXPECT_NE(twin->id, webhooks[1].id);
    EXPECT_EQ(pick(body_of(*twin), "data"), pick(body_of(webhooks[1]), "data"));
}

TEST_F(StripeTest, ThePayPageLeadsBackWithTheSessionsId) {
    const std::string session = open();
    EXPECT_THAT(machine.page(request("GET", "/" + session, {}), now).body, HasSubstr("50.00 eur"));
    EXPECT_THAT(machine.page(request("POST", "/" + session, {}, "action=decline"), now).body, HasSubstr("declined"));
    const auto paid_page = machine.page(request("POST", "/" + session, {}, "action=pay&email=a%40b.c"), now);
    EXPECT_EQ(paid_page.status, 303);
    EXPECT_EQ(header(paid_page, "Location"), "https://shop.test/ok?s=" + session);
}

} // namespace
} // namespace appointd::sandbox::testing
