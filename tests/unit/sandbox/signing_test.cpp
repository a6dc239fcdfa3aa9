#include "sandbox/signing.hpp"

#include "foundation/digest.hpp"

#include <gtest/gtest.h>

namespace appointd::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t second = 1'790'000'000;
const Time moment = from_micros(second * 1'000'000 + 250'000);

Webhook webhook(Provider provider, std::vector<std::string> secrets) {
    Webhook made;
    made.provider = provider;
    made.body = R"({"a":1})";
    made.secrets = std::move(secrets);
    return made;
}

std::string header(const Webhook& made, std::string_view name) {
    return std::string(net::find_header(signed_headers(made, moment), name).value_or(""));
}

TEST(Signing, CalendlySignsTimeAndBody) {
    const auto made = webhook(Provider::calendly, {"key"});
    EXPECT_EQ(header(made, "Calendly-Webhook-Signature"), "t=1790000000,v1=" + hmac_sha256_hex("key", "1790000000." + made.body));
    EXPECT_EQ(header(webhook(Provider::calendly, {}), "Calendly-Webhook-Signature"), "");
}

TEST(Signing, StripeSignsWithEveryRolledSecretAndADecoy) {
    const auto made = webhook(Provider::stripe, {"whsec_1", "whsec_2"});
    const std::string signature = header(made, "Stripe-Signature");
    EXPECT_NE(signature.find(",v1=" + hmac_sha256_hex("whsec_1", "1790000000." + made.body)), std::string::npos);
    EXPECT_NE(signature.find(",v1=" + hmac_sha256_hex("whsec_2", "1790000000." + made.body)), std::string::npos);
    EXPECT_NE(signature.find(",v0="), std::string::npos);
}

TEST(Signing, ZoomSignsWithItsVersion) {
    const auto made = webhook(Provider::zoom, {"token"});
    EXPECT_EQ(header(made, "x-zm-request-timestamp"), "1790000000");
    EXPECT_EQ(header(made, "x-zm-signature"), "v0=" + hmac_sha256_hex("token", "v0:1790000000:" + made.body));
}

TEST(RetrySchedule, ZoomTriesThreeTimesMoreAndOnlyAfterServerFailures) {
    EXPECT_EQ(retry_wait(Provider::zoom, 1, 503), Duration(5min));
    EXPECT_EQ(retry_wait(Provider::zoom, 2, 0), Duration(20min));
    EXPECT_EQ(retry_wait(Provider::zoom, 3, 500), Duration(60min));
    EXPECT_FALSE(retry_wait(Provider::zoom, 4, 500));
    EXPECT_FALSE(retry_wait(Provider::zoom, 1, 401));
    EXPECT_FALSE(retry_wait(Provider::zoom, 1, 302));
}

Duration whole(Provider provider) {
    Duration sum = 0s;
    for (int failures = 1; retry_wait(provider, failures, 404); ++failures) sum += *retry_wait(provider, failures, 404);
    return sum;
}

TEST(RetrySchedule, CalendlyGoesOnForADayAndStripeForThree) {
    EXPECT_GT(whole(Provider::calendly), 18h);
    EXPECT_LE(whole(Provider::calendly), 24h);
    EXPECT_GT(whole(Provider::stripe), 48h);
    EXPECT_LE(whole(Provider::stripe), 72h);
}

} // namespace
} // namespace appointd::sandbox
