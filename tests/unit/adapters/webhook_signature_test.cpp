#include "adapters/notify/webhook_signature.hpp"

#include <gtest/gtest.h>

namespace appointd::adapters::notify {

// The example of the specification's own libraries.
constexpr std::string_view secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view body = R"({"test": 2432232314})";
const std::string signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(WebhookSignature, TheSpecificationsExampleThenItsSignature) {
    const auto key = parse_webhook_secret(secret);
    ASSERT_TRUE(key);
    EXPECT_EQ(webhook_signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, {*key}), signature);
}

TEST(WebhookSignature, SeveralKeysThenEachSigns) {
    const auto key = parse_webhook_secret(secret);
    const std::string other(32, 'k');
    const auto both = webhook_signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, {other, *key});
    EXPECT_TRUE(both.ends_with(" " + signature)) << both;
    EXPECT_TRUE(both.starts_with("v1,")) << both;
}

TEST(WebhookSignature, WhatIsNoSecretThenRefusedWithoutRepeatingIt) {
    for (const std::string bad : {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw "}) {
        const auto read = parse_webhook_secret(bad);
        ASSERT_FALSE(read) << bad;
        EXPECT_EQ(read.error().code, "bad_secret");
        EXPECT_EQ(read.error().message.find("MfKQ"), std::string::npos);
    }
}

} // namespace appointd::adapters::notify
