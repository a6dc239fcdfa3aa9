#include "tests/integration/sandbox/running.hpp"

#include "foundation/digest.hpp"
#include "foundation/encoding.hpp"

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

struct DeliveryTest : RunningSandbox {
    std::string pay_stray() {
        return sandbox->act([](World& world, Time now) { return world.stripe.capture_stray(5000, "eur", {}, now); });
    }
    void book() {
        const auto made = sandbox->control("POST", "/calendly/book", {{"event_type", "intro"}});
        ASSERT_EQ(made.status, 200) << made.body;
    }
    void play(FaultKind kind, std::string type = "", std::optional<int> count = {}, std::chrono::milliseconds delay = 100ms) {
        Fault fault;
        fault.kind = kind;
        fault.route = std::move(type);
        fault.count = count;
        fault.delay = delay;
        sandbox->faults().add(fault);
    }
};

TEST_F(DeliveryTest, CalendlysSignatureIsOverTheExactBytes) {
    run_sandbox();
    book();
    ASSERT_TRUE(until([&] { return received.size() == 1; }));
    EXPECT_EQ(received[0].path, "/webhooks/calendly");
    const std::string signature(*net::find_header(received[0].headers, "Calendly-Webhook-Signature"));
    const std::string t = signature.substr(2, signature.find(',') - 2);
    EXPECT_EQ(signature, "t=" + t + ",v1=" + hmac_sha256_hex("sandbox-calendly-signing-key", t + "." + received[0].body));
}

TEST_F(DeliveryTest, ARefusedWebhookComesAgainUntilItIsTaken) {
    run_sandbox({.retry_scale = 0.0001});
    int refusals = 2;
    answer = [&](const net::Request&) { return net::Response{.status = refusals-- > 0 ? 302 : 200}; };
    book();
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 3u);
    EXPECT_EQ(received[0].body, received[2].body);
}

TEST_F(DeliveryTest, ZoomDoesNotComeAgainAfterA4xx) {
    run_sandbox({.retry_scale = 0.0001});
    answer = [](const net::Request&) { return net::Response{.status = 401}; };
    sandbox->control("POST", "/zoom/meeting", {});
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 1u);
    answer = [](const net::Request&) { return net::Response{.status = 503}; };
    sandbox->control("POST", "/zoom/meeting", {});
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 5u);
}

TEST_F(DeliveryTest, ADayOfFailuresDisablesTheSubscriptionInSilence) {
    run_sandbox({.retry_scale = 0.000001});
    answer = [](const net::Request&) { return net::Response{.status = 500}; };
    book();
    ASSERT_TRUE(settle());
    EXPECT_TRUE(sandbox->act([](World& world, Time) { return world.calendly.state().subscriptions.begin()->disabled; }));
}

TEST_F(DeliveryTest, DuplicatesAreTheSameBytes) {
    run_sandbox();
    play(FaultKind::duplicate);
    book();
    ASSERT_TRUE(settle());
    ASSERT_EQ(received.size(), 2u);
    EXPECT_EQ(received[0].body, received[1].body);
}

TEST_F(DeliveryTest, DroppedOnesNeverCome) {
    run_sandbox();
    play(FaultKind::drop, "charge.");
    pay_stray();
    ASSERT_TRUE(settle());
    EXPECT_THAT(received_types(), ElementsAre("payment_intent.succeeded"));
}

TEST_F(DeliveryTest, DelayedOnesAreOvertaken) {
    run_sandbox();
    play(FaultKind::delay, "charge.succeeded");
    pay_stray();
    ASSERT_TRUE(settle());
    EXPECT_THAT(received_types(), ElementsAre("payment_intent.succeeded", "charge.succeeded"));
}

TEST_F(DeliveryTest, ATwinHasAnotherId) {
    run_sandbox();
    play(FaultKind::twin_event, "payment_intent.succeeded");
    pay_stray();
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 3u);
}

TEST_F(DeliveryTest, AForgedOrStaleSignatureIsCorrectAtTheNextAttempt) {
    run_sandbox({.retry_scale = 0.0001});
    play(FaultKind::bad_signature, "charge.", 1);
    play(FaultKind::stale_timestamp, "payment_intent.", 1);
    const auto signed_right = [](const net::Request& request) {
        const std::string signature(*net::find_header(request.headers, "Stripe-Signature"));
        const std::string t = signature.substr(2, signature.find(',') - 2);
        const auto age = std::chrono::system_clock::now() - std::chrono::system_clock::from_time_t(std::stoll(t));
        return age < 5min &&
               signature.find("v1=" + hmac_sha256_hex("whsec_sandbox", t + "." + request.body)) != std::string::npos;
    };
    answer = [&](const net::Request& request) { return net::Response{.status = signed_right(request) ? 200 : 401}; };
    pay_stray();
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 4u);
}

TEST_F(DeliveryTest, PausedOnesWaitAndAFlushSendsThemInTheOrderAsked) {
    run_sandbox();
    sandbox->webhooks().pause();
    pay_stray();
    io.run_for(100ms);
    EXPECT_TRUE(received.empty());
    sandbox->webhooks().flush(Delivery::Order::reversed);
    ASSERT_TRUE(settle());
    EXPECT_THAT(received_types(), ElementsAre("payment_intent.succeeded", "charge.succeeded"));
    sandbox->webhooks().resume();
    pay_stray();
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 4u);
}

TEST_F(DeliveryTest, AnEndpointThatAnswersTheChallengeStaysEnabled) {
    run_sandbox({.validate_zoom_endpoint = true});
    answer = [](const net::Request& request) {
        const auto body = parse_object(request.body).value_or(json::object{});
        const std::string plain = text_field(*object_field(body, "payload"), "plainToken").value_or("");
        return net::Response{
            .body = json::serialize(
                json::object{{"plainToken", plain}, {"encryptedToken", hmac_sha256_hex("sandbox-zoom-secret-token", plain)}})};
    };
    ASSERT_TRUE(until([&] { return received.size() == 1; }));
    ASSERT_TRUE(settle());
    EXPECT_THAT(received_types(), ElementsAre("endpoint.url_validation"));
    EXPECT_EQ(text_field(sandbox->webhooks().list().at(0).as_object(), "state"), "delivered");
    for (int i = 0; i < 5; ++i) sandbox->act([](World& world, Time) { world.zoom.validated(false); });
    answer = nullptr; // 200 without the digest is a failure
    sandbox->control("POST", "/zoom/validate", {});
    ASSERT_TRUE(settle());
    EXPECT_TRUE(sandbox->act([](World& world, Time) { return world.zoom.endpoint_disabled(); }));
}

} // namespace
} // namespace appointd::sandbox::testing
