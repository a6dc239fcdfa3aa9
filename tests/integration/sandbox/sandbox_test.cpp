#include "tests/integration/sandbox/running.hpp"

#include "foundation/encoding.hpp"

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Failure = net::ClientResponse::Failure;

constexpr std::string_view session_form =
    "mode=payment&success_url=https%3A%2F%2Fs.test%2Fok&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur"
    "&line_items[0][price_data][unit_amount]=5000&line_items[0][price_data][product_data][name]=C&metadata[booking_id]=bk_1";

struct SandboxTest : RunningSandbox {
    SandboxTest() { run_sandbox(); }

    std::size_t sessions() {
        return sandbox->act([](World& world, Time) { return world.stripe.state().sessions.size(); });
    }
    void play(FaultKind kind, std::optional<int> count = 1, std::chrono::milliseconds delay = 100ms) {
        Fault fault;
        fault.kind = kind;
        fault.count = count;
        fault.delay = delay;
        fault.status = 503;
        sandbox->faults().add(fault);
    }
    net::ClientResponse create(std::string key = "k") {
        return stripe("/v1/checkout/sessions", std::string(session_form), std::move(key));
    }
};

TEST_F(SandboxTest, TellsADaemonHowToReachIt) {
    const auto environment = control("GET", "/environment");
    EXPECT_EQ(text_field(environment, "STRIPE_API_BASE"), sandbox->base() + "/stripe");
    EXPECT_EQ(text_field(environment, "CALENDLY_AUTH_BASE"), sandbox->base() + "/calendly-auth");
    EXPECT_EQ(environment.size(), sandbox->environment().size());
}

TEST_F(SandboxTest, ALostAnswerIsDoneAndTheKeyTellsIt) {
    play(FaultKind::lost_answer);
    const auto lost = create();
    EXPECT_EQ(lost.failure, Failure::unknown);
    EXPECT_EQ(sessions(), 1u);
    const auto again = create();
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(net::find_header(again.headers, "Idempotent-Replayed"), "true");
    EXPECT_EQ(sessions(), 1u);
}

TEST_F(SandboxTest, ACutBeforeIsNotDone) {
    play(FaultKind::cut_before);
    EXPECT_EQ(create().failure, Failure::unknown);
    EXPECT_EQ(sessions(), 0u);
}

TEST_F(SandboxTest, ServerFailuresComeBeforeOrAfterTheWork) {
    play(FaultKind::error_before);
    EXPECT_EQ(create().status, 503);
    EXPECT_EQ(sessions(), 0u);
    play(FaultKind::error_after);
    EXPECT_EQ(create().status, 503);
    EXPECT_EQ(sessions(), 1u);
}

TEST_F(SandboxTest, LimitsAreSpokenInEachProvidersWay) {
    play(FaultKind::rate_limited, {});
    EXPECT_EQ(net::find_header(create().headers, "Stripe-Rate-Limited-Reason"), "global-rate");
    EXPECT_EQ(net::find_header(call("GET", "/calendly/users/me", {}, "").headers, "X-RateLimit-Remaining"), "0");
    EXPECT_EQ(call("GET", "/zoom/v2/meetings/1", {}, "").status, 429);
}

TEST_F(SandboxTest, ASlowCallHoldsItsKey) {
    play(FaultKind::slow, 1, 400ms);
    std::optional<net::ClientResponse> first;
    net::ClientRequest request;
    request.method = "POST";
    request.url = sandbox->base() + "/stripe/v1/checkout/sessions";
    request.headers = {{"Authorization", "Bearer sk_test_sandbox"},
                       {"Content-Type", "application/x-www-form-urlencoded"},
                       {"Idempotency-Key", "k"}};
    request.body = session_form;
    boost::asio::co_spawn(io, client->send(request),
                          [&](std::exception_ptr, net::ClientResponse response) { first = std::move(response); });
    io.run_for(100ms);
    EXPECT_EQ(create().status, 409);
    ASSERT_TRUE(until([&] { return first.has_value(); }));
    EXPECT_EQ(first->status, 200);
    EXPECT_EQ(sessions(), 1u);
}

TEST_F(SandboxTest, AWebhookCanComeBeforeTheAnswer) {
    play(FaultKind::slow_answer, 1, 300ms);
    const auto form = form_encode({{"grant_type", "account_credentials"}, {"account_id", "sandbox-zoom-account"}});
    sandbox->faults().clear();
    const net::Headers basic{{"Authorization", "Basic c2FuZGJveC16b29tLWNsaWVudDpzYW5kYm94LXpvb20tY2xpZW50LXNlY3JldA=="}};
    const auto token = text_field(*parse_object(call("POST", "/zoom-auth/oauth/token", basic, form).body), "access_token");
    ASSERT_TRUE(token);
    play(FaultKind::slow_answer, 1, 300ms);
    std::size_t before_answer = 0;
    std::optional<net::ClientResponse> got;
    net::ClientRequest request;
    request.method = "POST";
    request.url = sandbox->base() + "/zoom/v2/users/host%40example.org/meetings";
    request.headers = {{"Authorization", "Bearer " + *token}};
    request.body = R"({"topic":"T","agenda":"ref:bk_1"})";
    boost::asio::co_spawn(io, client->send(request), [&](std::exception_ptr, net::ClientResponse response) {
        before_answer = received.size();
        got = std::move(response);
    });
    ASSERT_TRUE(until([&] { return got.has_value(); }));
    EXPECT_EQ(got->status, 201) << got->body;
    EXPECT_EQ(before_answer, 1u);
}

TEST_F(SandboxTest, TheControlApiPlaysABookingAndTheLedgerTellsIt) {
    const auto booked = control("POST", "/calendly/book", {{"event_type", "intro"}, {"tracking", {{"utm_content", "bk_1"}}}});
    ASSERT_TRUE(text_field(booked, "invitee"));
    const std::string session = text_field(*parse_object(create().body), "id").value();
    const auto paid = control("POST", "/stripe/pay", {{"session", session}});
    ASSERT_TRUE(text_field(paid, "payment"));
    ASSERT_TRUE(settle());
    EXPECT_EQ(received.size(), 4u);
    const auto ledger = control("GET", "/ledger");
    EXPECT_EQ(text_field(ledger.at("payments").at(0).as_object(), "booking"), "bk_1");
    EXPECT_EQ(text_field(ledger.at("invitees").at(0).as_object(), "status"), "active");
    const auto calls = control("GET", "/calls");
    EXPECT_TRUE(calls.contains("stripe POST /v1/checkout/sessions 200"));
    EXPECT_EQ(control("GET", "/webhooks").at("counts").at("stripe").at("delivered"), json::value(3));
}

TEST_F(SandboxTest, TheClockMovesAlone) {
    const std::string session = text_field(*parse_object(create().body), "id").value();
    control("POST", "/clock/advance", {{"by", "24h"}});
    ASSERT_TRUE(settle());
    EXPECT_THAT(received_types(), ::testing::ElementsAre("checkout.session.expired"));
    EXPECT_EQ(control("POST", "/stripe/pay", {{"session", session}}).size(), 0u);
}

TEST_F(SandboxTest, PagesAreThereForPeople) {
    EXPECT_THAT(call("GET", "/", {}, "").body, HasSubstr("/book/t/intro"));
    EXPECT_THAT(call("GET", "/book/t/intro?name=Ann", {}, "").body, HasSubstr("value=\"Ann\""));
    const std::string session = text_field(*parse_object(create().body), "id").value();
    EXPECT_EQ(call("POST", "/pay/" + session, {}, "action=pay").status, 303);
    EXPECT_EQ(call("GET", "/nothing", {}, "").status, 404);
}

TEST_F(SandboxTest, FaultsAreSetAndClearedOverTheControlApi) {
    EXPECT_TRUE(control("POST", "/faults", {{"kind", "error_before"}, {"provider", "stripe"}}).contains("id"));
    EXPECT_EQ(create().status, 500);
    control("DELETE", "/faults");
    EXPECT_EQ(create().status, 200);
    const auto wrong = sandbox->control("POST", "/faults", {{"kind", "nonsense"}});
    EXPECT_EQ(wrong.status, 400);
}

TEST_F(SandboxTest, TheSameSeedMakesTheSameIds) {
    const std::string first = text_field(*parse_object(create().body), "id").value();
    run_sandbox();
    EXPECT_EQ(text_field(*parse_object(create().body), "id"), first);
}

} // namespace
} // namespace appointd::sandbox::testing
