#include "tests/unit/sandbox/stripe_fixture.hpp"

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(StripeForm, DecodesBracketsAndCountsTheUnnumbered) {
    const stripe::Form form(*form_decode("types[]=a&types[]=b&metadata%5Bk%5D=v&line_items[0][price_data][currency]=eur&empty="));
    EXPECT_EQ(form.get("types[1]"), "b");
    EXPECT_EQ(form.size_of("types"), 2u);
    EXPECT_EQ(text(json::value(form.children("metadata")), "k"), "v");
    EXPECT_EQ(form.get("empty"), std::nullopt);
    static constexpr std::string_view known[] = {"types[#]", "metadata[*]", "line_items[#][**]", "empty"};
    EXPECT_EQ(form.unknown(known), std::nullopt);
    EXPECT_EQ(form.unknown(std::span(known).first(3)), "empty");
}

TEST_F(StripeTest, TheSameKeyAndParametersReplayTheFirstAnswer) {
    const auto first = post("/v1/checkout/sessions", session_form(), "k");
    const auto second = post("/v1/checkout/sessions", session_form(), "k");
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(header(first, "Idempotent-Replayed"), "");
    EXPECT_EQ(header(second, "Idempotent-Replayed"), "true");
    EXPECT_EQ(machine.state().sessions.size(), 1u);
}

TEST_F(StripeTest, TheSameKeyWithOtherParametersIsAnIdempotencyError) {
    post("/v1/checkout/sessions", session_form(), "k");
    const auto other = post("/v1/checkout/sessions", session_form("&locale=de"), "k");
    EXPECT_EQ(other.status, 400);
    EXPECT_EQ(text(body_of(other), "error/type"), "idempotency_error");
    EXPECT_THAT(message(other), HasSubstr("other than 'k'"));
}

TEST_F(StripeTest, ValidationFailuresAreNotKept) {
    EXPECT_EQ(post("/v1/checkout/sessions", session_form("&colour=red"), "k").status, 400);
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k").status, 200);
}

TEST_F(StripeTest, RefusalsAfterExecutionBeganAreKept) {
    const std::string payment = paid();
    post("/v1/refunds", "payment_intent=" + payment, "a");
    const auto refused = post("/v1/refunds", "payment_intent=" + payment, "b");
    EXPECT_EQ(header(post("/v1/refunds", "payment_intent=" + payment, "b"), "Idempotent-Replayed"), "true");
    EXPECT_EQ(refused.status, 400);
}

TEST_F(StripeTest, AKeyInUseIsAConflictUntilTheFirstCallEnds) {
    const Call call = request("POST", "/v1/checkout/sessions", {{"Idempotency-Key", "k"}});
    machine.hold(call);
    const auto conflict = post("/v1/checkout/sessions", session_form(), "k");
    EXPECT_EQ(conflict.status, 409);
    EXPECT_EQ(code(conflict), "idempotency_key_in_use");
    machine.release(call);
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k").status, 200);
}

TEST_F(StripeTest, AStored500IsReplayedUntilItIsPruned) {
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k", stripe::Execution::stored_error).status, 500);
    EXPECT_EQ(machine.state().sessions.size(), 0u);
    const auto replay = post("/v1/checkout/sessions", session_form(), "k");
    EXPECT_EQ(replay.status, 500);
    EXPECT_EQ(header(replay, "Idempotent-Replayed"), "true");
    now += 25h;
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k").status, 200);
}

TEST_F(StripeTest, AStored500CanHideWhatWasDone) {
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k", stripe::Execution::stored_error_done).status, 500);
    EXPECT_EQ(machine.state().sessions.size(), 1u);
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k").status, 500);
}

TEST_F(StripeTest, TooManyCallsInASecondAreNotKeptEither) {
    machine.settings().requests_per_second = 1;
    get("/v1/refunds");
    const auto limited = post("/v1/checkout/sessions", session_form(), "k");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(header(limited, "Stripe-Rate-Limited-Reason"), "global-rate");
    now += 1s;
    EXPECT_EQ(post("/v1/checkout/sessions", session_form(), "k").status, 200);
}

} // namespace
} // namespace appointd::sandbox::testing
