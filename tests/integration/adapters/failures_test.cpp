#include "tests/integration/adapters/stripe_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class Failures : public ActivitiesTest<StripeFake> {
protected:
    static json::object look() { return {{"booking", booking_id}, {"payment", "pi_1"}}; }
    engine::AttemptResult with(int status, net::Headers headers = {}, bool repeated = false) {
        fake.fault("refunds", Fake::Mishap::answer, StripeFake::error(status, "some_code", "some words", std::move(headers)));
        auto what = attempt("refund.list", look());
        what.repeated = repeated;
        return carry_out(std::move(what));
    }
};

TEST_F(Failures, TimeOutIsAnUnknownOutcome) {
    fake.fault("refunds", Fake::Mishap::late);
    auto what = attempt("refund.list", look());
    what.deadline = clock.monotonic() + 200ms;
    const auto result = carry_out(what);
    EXPECT_EQ(result.kind, Kind::retry);
    EXPECT_EQ(result.code, "stripe_no_answer");
    EXPECT_FALSE(result.provider_ok);
}

TEST_F(Failures, PastTheDeadlineNothingIsSent) {
    auto what = attempt("refund.list", look());
    what.deadline = clock.monotonic() - 1ms;
    const auto result = carry_out(what);
    EXPECT_EQ(result.kind, Kind::wait);
    EXPECT_EQ(result.code, "deadline_passed");
    EXPECT_TRUE(result.provider_ok);
    EXPECT_TRUE(fake.seen.empty());
}

TEST_F(Failures, ClosedPortIsAWaitAndTrouble) {
    stop_server();
    const auto result = carry_out("refund.list", look());
    EXPECT_EQ(result.kind, Kind::wait);
    EXPECT_EQ(result.code, "stripe_unreachable");
    EXPECT_FALSE(result.provider_ok);
}

TEST_F(Failures, CutConnectionIsAnUnknownOutcome) {
    fake.fault("refunds", Fake::Mishap::drop);
    EXPECT_EQ(carry_out("refund.list", look()).code, "stripe_no_answer");
}

TEST_F(Failures, MessagesSayWhatToLookAtAndWhatSupportAsksFor) {
    EXPECT_EQ(with(401, {{"Request-Id", "req_1"}}).message, "check STRIPE_SECRET_KEY: some words (req_1)");
    EXPECT_EQ(with(400, {{"Request-Id", "req 2\" <ann@example.org>"}}).message, "some words (req2annexampleorg)");
    EXPECT_EQ(with(500).message, "some words");
}

TEST_F(Failures, TooManyWaitsAsLongAsAsked) {
    const std::vector<std::pair<std::string, Duration>> cases{
        {"7", 7s}, {"Fri, 20 Nov 2026 10:00:09 GMT", 9s}, {"2026-11-20T10:01:00Z", 60s}, {"nonsense", 1s}};
    for (const auto& [header, expected] : cases) {
        const auto result = with(429, {{"Retry-After", header}});
        EXPECT_EQ(result.kind, Kind::wait) << header;
        EXPECT_TRUE(result.throttled);
        EXPECT_TRUE(result.provider_ok);
        EXPECT_EQ(result.retry_after, expected) << header;
    }
    EXPECT_EQ(with(429).retry_after, Duration(1s));
}

TEST_F(Failures, StatusesDecide) {
    for (const int status : {408, 409, 424, 425, 500, 502, 503, 504}) EXPECT_EQ(with(status).kind, Kind::retry) << status;
    for (const int status : {400, 401, 402, 403, 404, 405, 410, 422}) EXPECT_EQ(with(status).kind, Kind::failed) << status;
    for (const int status : {408, 500, 503}) EXPECT_FALSE(with(status).provider_ok) << status;
    for (const int status : {400, 404, 409, 424}) EXPECT_TRUE(with(status).provider_ok) << status;
}

TEST_F(Failures, RetryAfterOnAServersErrorCountsTheFirstTimeOnly) {
    const auto first = with(503, {{"Retry-After", "20"}});
    EXPECT_EQ(first.kind, Kind::retry);
    EXPECT_EQ(first.retry_after, Duration(20s));
    EXPECT_EQ(with(503, {{"Retry-After", "20"}}, true).kind, Kind::wait);
}

TEST_F(Failures, StripesWordGoesBeforeTheStatus) {
    EXPECT_EQ(with(400, {{"Stripe-Should-Retry", "true"}}).kind, Kind::retry);
    EXPECT_EQ(with(409, {{"Stripe-Should-Retry", "false"}}).kind, Kind::failed);
    EXPECT_EQ(with(429, {{"Stripe-Should-Retry", "false"}}).kind, Kind::wait);
}

TEST_F(Failures, ASuccessThatIsNoneIsTriedAgain) {
    fake.fault("refunds", Fake::Mishap::answer, {200, {}, "<html>captive portal</html>"});
    EXPECT_EQ(carry_out("refund.list", look()).code, "stripe_bad_answer");
    fake.fault("refunds", Fake::Mishap::answer, {302, {{"Location", "http://else"}}, ""});
    EXPECT_EQ(carry_out("refund.list", look()).kind, Kind::retry);
}

TEST_F(Failures, RequestsThatAreNoneFailForGood) {
    EXPECT_EQ(carry_out("fax.send", look()).code, "unknown_kind");
    auto what = attempt("refund.list", {});
    what.request = "[]";
    EXPECT_EQ(carry_out(what).code, "bad_request");
    EXPECT_EQ(carry_out("refund.create", {{"refund", "r1"}, {"payment", "pi_1"}, {"form", {{"amount", 5}}}}).code, "bad_request");
}

TEST_F(Failures, AProviderWithoutCredentialsSaysSo) {
    for (const auto* kind : {"checkout.look", "slot.look", "meeting.delete"}) {
        const auto result = carry_out_bare(attempt(kind, look()));
        EXPECT_EQ(result.kind, Kind::failed);
        EXPECT_TRUE(result.code.ends_with("_not_configured")) << result.code;
    }
}

} // namespace
} // namespace appointd::adapters::tests
