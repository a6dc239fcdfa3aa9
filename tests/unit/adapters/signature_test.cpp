#include "adapters/signature.hpp"
#include "tests/unit/adapters/webhooks.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> secrets{"whsec_one"};

std::string verdict(const std::string& header, const std::string& body, const std::vector<std::string>& keys = secrets) {
    const auto checked = check_timestamped(header, keys, body, 5min, now);
    return checked ? "ok" : checked.error().code;
}

// Computed with `printf '1795168800.{"a":1}' | openssl dgst -sha256 -hmac whsec_one`.
constexpr std::string_view known_vector = "c3bbbf26327dc399fc3e0a5b32652b861fc056739da14eeef6a40619568214b9";

TEST(Signature, KnownVectorIsAccepted) {
    EXPECT_EQ(verdict("t=1795168800,v1=" + std::string(known_vector), R"({"a":1})"), "ok");
    EXPECT_EQ(hmac_hex("whsec_one", R"(1795168800.{"a":1})"), known_vector);
}

TEST(Signature, MissingPartsAreBad) {
    for (const std::string& header : std::vector<std::string>{"", "t=1795168800", "v1=abc", "garbage", ",,,", "t=,v1="})
        EXPECT_EQ(verdict(header, "{}"), "bad_signature") << header;
}

TEST(Signature, AnyByteChangedIsBad) {
    const auto header = timestamped("whsec_one", now_seconds, R"({"a":1})");
    EXPECT_EQ(verdict(header, R"({"a":1})"), "ok");
    EXPECT_EQ(verdict(header, R"({"a":2})"), "bad_signature");
    EXPECT_EQ(verdict(header, R"({"a": 1})"), "bad_signature");
    EXPECT_EQ(verdict(header.substr(0, header.size() - 1), R"({"a":1})"), "bad_signature");
    auto moved = header;
    moved[2] = '2';
    EXPECT_EQ(verdict(moved, R"({"a":1})"), "bad_signature");
}

TEST(Signature, StaleOnlyBeyondTheToleranceEitherWay) {
    for (const auto& [seconds, expected] : std::vector<std::pair<std::int64_t, std::string>>{{0, "ok"},
                                                                                             {-300, "ok"},
                                                                                             {300, "ok"},
                                                                                             {-301, "stale_timestamp"},
                                                                                             {301, "stale_timestamp"},
                                                                                             {-100'000, "stale_timestamp"}}) {
        const auto moment = std::to_string(1795168800 + seconds);
        EXPECT_EQ(verdict(timestamped("whsec_one", moment, "{}"), "{}"), expected) << seconds;
    }
}

TEST(Signature, StaleAndForgedIsForged) { EXPECT_EQ(verdict(timestamped("other", "1", "{}"), "{}"), "bad_signature"); }

TEST(Signature, MomentThatIsNoNumberIsBad) {
    for (const std::string& moment :
         std::vector<std::string>{"abc", "1795168800x", "-1795168800", "99999999999999999999", "0x10"})
        EXPECT_EQ(verdict(timestamped("whsec_one", moment, "{}"), "{}"), "bad_signature") << moment;
}

TEST(Signature, AnyOfSeveralSecretsAndSignaturesFits) {
    const auto old_one = hmac_hex("whsec_old", now_seconds + ".{}"), new_one = hmac_hex("whsec_new", now_seconds + ".{}");
    const auto header = "t=" + now_seconds + ", v1=" + old_one + ", v1=" + new_one + ", v0=decoy";
    EXPECT_EQ(verdict(header, "{}", {"whsec_new"}), "ok");
    EXPECT_EQ(verdict(header, "{}", {"whsec_old"}), "ok");
    EXPECT_EQ(verdict(header, "{}", {"whsec_x", "whsec_new"}), "ok");
    EXPECT_EQ(verdict(header, "{}", {"whsec_x"}), "bad_signature");
}

TEST(Signature, OtherSchemesNeverCount) {
    EXPECT_EQ(verdict("t=" + now_seconds + ",v0=" + hmac_hex("whsec_one", now_seconds + ".{}"), "{}"), "bad_signature");
}

TEST(Signature, WithoutASecretNothingIsAccepted) {
    EXPECT_EQ(verdict(timestamped("", now_seconds, "{}"), "{}", {}), "bad_signature");
    EXPECT_EQ(verdict(timestamped("", now_seconds, "{}"), "{}", split_secrets(" , ,\n")), "bad_signature");
}

TEST(Signature, SecretsAreTrimmedAndSplit) {
    EXPECT_THAT(split_secrets(" whsec_a\n,, whsec_b\t"), testing::ElementsAre("whsec_a", "whsec_b"));
    EXPECT_TRUE(split_secrets("").empty());
}

} // namespace
} // namespace appointd::adapters::tests
