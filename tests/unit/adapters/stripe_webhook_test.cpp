#include "tests/unit/adapters/stripe_webhooks.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
const std::string payment_key = "/stripe/default/payment/pi_1";

void expect_waits(const engine::Incoming& event, bool marked, std::string_view key = payment_key) {
    EXPECT_EQ(event.address.unclaimed, engine::Unclaimed::wait);
    EXPECT_EQ(event.address.waits_for.get(), key);
    EXPECT_EQ(event.address.marked, marked);
}

TEST_F(StripeWebhooks, PaidSessionIsCaptured) {
    const auto captured = event("checkout.session.completed", marked(session()));
    EXPECT_EQ(captured.event.type, "payment.captured");
    EXPECT_EQ(to_iso(captured.event.occurred_at), "2026-11-20T09:59:50Z");
    const auto said = payload(captured);
    EXPECT_EQ(said.at("payment"), "pi_1");
    EXPECT_EQ(said.at("session"), "cs_test_1");
    EXPECT_EQ(said.at("amount"), 12000);
    EXPECT_EQ(said.at("subtotal"), 12000);
    EXPECT_EQ(said.at("discount"), 0);
    EXPECT_EQ(said.at("tax"), 0);
    EXPECT_EQ(said.at("currency"), "usd");
    EXPECT_EQ(said.at("booking"), json::value(booking_id));
    EXPECT_EQ(said.at("via"), "checkout.session.completed");
    EXPECT_THAT(targets(captured), ElementsAre(payment_key, booking_id));
    expect_waits(captured, true);
}

TEST_F(StripeWebhooks, ReferenceIsAMarkTooAndMetadataGoesFirst) {
    auto body = session();
    body["client_reference_id"] = booking_id;
    EXPECT_THAT(targets(event("checkout.session.completed", body)), ElementsAre(payment_key, booking_id));
    body["metadata"] = {{"booking_id", fresh_id}};
    EXPECT_THAT(targets(event("checkout.session.completed", body)), ElementsAre(payment_key, fresh_id));
}

TEST_F(StripeWebhooks, UnmarkedPaymentsAreNotOurs) {
    auto body = session();
    body["client_reference_id"] = "cart_77";
    body["metadata"] = {{"booking_id", "bk_42"}};
    const auto captured = event("checkout.session.completed", body);
    EXPECT_THAT(targets(captured), ElementsAre(payment_key));
    EXPECT_EQ(captured.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_EQ(captured.address.reason, "not ours");
}

TEST_F(StripeWebhooks, IdsThatWeCannotHaveMadeAreNoMarks) {
    const char* others[] = {"f47ac10b-58cc-4372-a567-0e02b2c3d479", "c232ab00-9414-11ec-b3c8-9f6bdeced846"};
    for (const char* id : others) {
        auto body = session();
        body["client_reference_id"] = id;
        body["metadata"] = {{"booking_id", id}};
        const auto captured = event("checkout.session.completed", body);
        EXPECT_THAT(targets(captured), ElementsAre(payment_key));
        EXPECT_EQ(captured.address.unclaimed, engine::Unclaimed::ignore);
        EXPECT_TRUE(payload(captured).at("booking").is_null());
    }
}

TEST_F(StripeWebhooks, BookingsIdAloneIsAClaimThatEndsAsNotOurs) {
    auto body = session();
    body["metadata"] = {{"booking_id", booking_id}};
    const auto captured = event("checkout.session.completed", body);
    EXPECT_THAT(targets(captured), ElementsAre(payment_key, booking_id));
    expect_waits(captured, false);
    EXPECT_EQ(captured.address.reason, "not ours: no such booking");
}

TEST_F(StripeWebhooks, AnotherInstallationsBookingIsStillLookedForAndNeverWaitedFor) {
    auto body = session(); // whoever changes the public URL is another one too, and keeps its bookings
    body["metadata"] = {{"booking_id", booking_id}, {"appointd", "https://staging.example.org"}};
    const auto captured = event("checkout.session.completed", body);
    EXPECT_THAT(targets(captured), ElementsAre(payment_key, booking_id));
    EXPECT_EQ(captured.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_EQ(captured.address.reason, "not ours: another installation's");
}

TEST_F(StripeWebhooks, NothingToPayIsCapturedUnderTheSession) {
    auto body = marked(session("no_payment_required"));
    body["payment_intent"] = nullptr;
    body["amount_total"] = 0;
    const auto captured = event("checkout.session.completed", body);
    EXPECT_EQ(captured.event.type, "payment.captured");
    EXPECT_EQ(payload(captured).at("payment"), "cs_test_1");
    EXPECT_EQ(payload(captured).at("amount"), 0);
}

TEST_F(StripeWebhooks, UnpaidCompletionIsOnlyProcessing) {
    EXPECT_EQ(event("checkout.session.completed", marked(session("unpaid"))).event.type, "payment.processing");
    EXPECT_EQ(event("checkout.session.async_payment_succeeded", marked(session("paid"))).event.type, "payment.captured");
    const auto failed = event("checkout.session.async_payment_failed", marked(session("unpaid")));
    EXPECT_EQ(failed.event.type, "payment.failed");
    EXPECT_EQ(payload(failed).at("session"), "cs_test_1");
    EXPECT_EQ(payload(failed).at("payment"), "pi_1");
}

TEST_F(StripeWebhooks, ExpiredSessionWithoutAPaymentWaitsForItsBooking) {
    auto body = marked(session("unpaid"));
    body["payment_intent"] = nullptr;
    const auto expired = event("checkout.session.expired", body);
    EXPECT_EQ(expired.event.type, "checkout.expired");
    EXPECT_THAT(targets(expired), ElementsAre(booking_id));
    expect_waits(expired, true, "/appointd/default/booking/" + booking_id);
}

TEST_F(StripeWebhooks, PaymentIntentsSayWhatBecameOfThem) {
    const auto intent =
        marked(parsed(R"({"id":"pi_1","object":"payment_intent","amount":12000,"amount_received":"12000","currency":"usd",
        "last_payment_error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}})"));
    const auto captured = event("payment_intent.succeeded", intent);
    EXPECT_EQ(captured.event.type, "payment.captured");
    EXPECT_EQ(payload(captured).at("amount"), 12000);
    EXPECT_TRUE(payload(captured).at("session").is_null());
    EXPECT_TRUE(payload(captured).at("subtotal").is_null());
    const auto declined = event("payment_intent.payment_failed", intent);
    EXPECT_EQ(declined.event.type, "payment.declined");
    EXPECT_EQ(payload(declined).at("code"), "insufficient_funds");
    EXPECT_EQ(event("payment_intent.processing", intent).event.type, "payment.processing");
    EXPECT_EQ(event("payment_intent.canceled", intent).event.type, "payment.failed");
}

TEST_F(StripeWebhooks, RefundsFollowTheirStatusNotTheirType) {
    auto refund = parsed(R"({"id":"re_1","object":"refund","amount":5000,"currency":"usd","charge":"ch_1","payment_intent":"pi_1",
        "metadata":{"refund_id":"r1","booking_id":"019a9f00-0000-7000-8000-000000000001"},"failure_reason":null})");
    const std::vector<std::pair<std::string, std::string>> cases{{"pending", "refund.pending"},
                                                                 {"requires_action", "refund.pending"},
                                                                 {"succeeded", "refund.succeeded"},
                                                                 {"failed", "refund.failed"},
                                                                 {"canceled", "refund.failed"}};
    for (const auto& [status, expected] : cases)
        for (const auto* type : {"refund.created", "refund.updated", "charge.refund.updated", "refund.failed"}) {
            refund["status"] = status;
            const auto said = event(type, refund);
            EXPECT_EQ(said.event.type, expected) << type << status;
            EXPECT_EQ(payload(said).at("our_refund"), "r1");
            EXPECT_EQ(payload(said).at("status"), json::value(status));
        }
    refund["status"] = "levitating";
    expect_ignored(event("refund.updated", refund), "unknown refund status");
}

TEST_F(StripeWebhooks, UnmarkedRefundsWaitForTheirPayment) {
    const auto refund = parsed(
        R"({"id":"re_1","amount":5000,"currency":"usd","charge":"ch_1","payment_intent":"pi_1","status":"succeeded","metadata":{}})");
    const auto waits = event("refund.created", refund);
    expect_waits(waits, false);
    EXPECT_EQ(waits.address.reason, "not ours");
}

TEST_F(StripeWebhooks, RefundedChargeIsAHintAndWaitsForNobody) {
    const auto charge = parsed(
        R"({"id":"ch_1","object":"charge","payment_intent":{"id":"pi_1"},"amount_refunded":5000,"currency":"usd","metadata":{}})");
    const auto hint = event("charge.refunded", charge);
    EXPECT_EQ(hint.event.type, "refund.hint");
    EXPECT_EQ(payload(hint).at("payment"), "pi_1");
    EXPECT_EQ(hint.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_THAT(targets(hint), ElementsAre(payment_key));
}

TEST_F(StripeWebhooks, OtherModesAndUnknownTypesAreKeptAndIgnored) {
    auto body = parsed(envelope("checkout.session.completed", marked(session())));
    body["livemode"] = true;
    expect_ignored(incoming(deliver(json::serialize(body))), "wrong mode");
    body["livemode"] = "true";
    expect_ignored(incoming(deliver(json::serialize(body))), "wrong mode");
    body.erase("livemode");
    EXPECT_EQ(incoming(deliver(json::serialize(body))).event.type, "payment.captured");
    expect_ignored(event("customer.created", {}), "unknown event type");
    expect_ignored(incoming(deliver("{}")), "unknown event type");
    expect_ignored(incoming(deliver(R"({"type":"refund.created","object":"v2.core.event"})")), "lacks data.object");
    expect_ignored(incoming(deliver(R"({"type":"refund.created","data":{"object":[]}})")), "lacks data.object");
}

TEST_F(StripeWebhooks, MissingMoneyFieldsAreSaid) {
    auto body = marked(session());
    body.erase("amount_total");
    expect_ignored(event("checkout.session.completed", body), "lacks amount_total");
    body = marked(session());
    body.erase("payment_status");
    expect_ignored(event("checkout.session.completed", body), "lacks payment_status");
    body = marked(session());
    body["payment_intent"] = 3.5;
    expect_ignored(event("checkout.session.completed", body), "lacks payment_intent");
    body = marked(session());
    body["amount_total"] = 120.5;
    expect_ignored(event("checkout.session.completed", body), "lacks amount_total");
}

TEST_F(StripeWebhooks, IdComesFromTheEventId) {
    const auto first = event("checkout.session.completed", marked(session()));
    auto other = session();
    other["url"] = "x";
    EXPECT_EQ(first.event.id, event("checkout.session.completed", marked(other)).event.id);
    EXPECT_EQ(first.event.id, engine::make_event_id(*parse_iso("2026-11-20T09:59:50Z"), "stripe/default", "evt_1"));
}

TEST_F(StripeWebhooks, ClientSecretsAreBlankedInRaw) {
    auto body = marked(session());
    body["client_secret"] = "pi_1_secret_x";
    EXPECT_EQ(event("checkout.session.completed", body).event.raw.find("secret_x"), std::string::npos);
}

TEST_F(StripeWebhooks, SignatureCasesReachTheTranslator) {
    const std::string body = "{}";
    EXPECT_EQ(error_code(translate(post(body, {}), now)), "bad_signature");
    EXPECT_EQ(error_code(translate(post(body, {{"stripe-signature", timestamped("whsec_none", now_seconds, body)}}), now)),
              "bad_signature");
    EXPECT_EQ(error_code(translate(post(body, {{"stripe-signature", timestamped("whsec_new", "1795160000", body)}}), now)),
              "stale_timestamp");
    EXPECT_EQ(error_code(translate(post("[1]", {{"stripe-signature", timestamped("whsec_new", now_seconds, "[1]")}}), now)),
              "malformed");
    EXPECT_EQ(error_code(translate(post("", {{"stripe-signature", timestamped("whsec_new", now_seconds, "")}}), now)),
              "malformed");
}

} // namespace
} // namespace appointd::adapters::tests
