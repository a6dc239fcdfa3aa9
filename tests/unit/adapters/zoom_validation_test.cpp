#include "tests/unit/adapters/zoom_webhooks.hpp"

namespace appointd::adapters::tests {
namespace {

std::string answer_of(const Result<Translation>& translation) {
    if (!translation) return translation.error().code;
    const auto* text = std::get_if<std::string>(&*translation);
    return text ? *text : "an event";
}

std::string validation(std::string_view token) {
    return json::serialize(
        json::object{{"event", "endpoint.url_validation"}, {"event_ts", 1795168790123}, {"payload", {{"plainToken", token}}}});
}

TEST_F(ZoomWebhooks, ValidationIsAnsweredWithTheBareObject) {
    const auto answer = answer_of(deliver(validation("qgg8vlvZRS6UYooatFL8Aw")));
    EXPECT_EQ(answer, R"({"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":")" +
                          hmac_hex("zoomsecret", "qgg8vlvZRS6UYooatFL8Aw") + "\"}");
}

TEST_F(ZoomWebhooks, UnsignedValidationIsRefused) {
    const auto body = validation("abc");
    EXPECT_EQ(error_code(translate(post(body, {}), now)), "bad_signature");
    EXPECT_EQ(error_code(translate(post(body, signed_headers("other", now_seconds, body)), now)), "bad_signature");
    EXPECT_EQ(error_code(translate(post(body, signed_headers("zoomsecret", "1795160000", body)), now)), "stale_timestamp");
}

TEST_F(ZoomWebhooks, TokensThatCouldBeMessagesAreNeverSigned) {
    EXPECT_EQ(answer_of(deliver(validation("v0:1795168800:{}"))), "malformed");
    EXPECT_EQ(answer_of(deliver(validation(""))), "malformed");
    EXPECT_EQ(answer_of(deliver(validation(std::string(257, 'a')))), "malformed");
    EXPECT_EQ(answer_of(deliver(validation("a b"))), "malformed");
    EXPECT_EQ(answer_of(deliver(R"({"event":"endpoint.url_validation"})")), "malformed");
    EXPECT_EQ(answer_of(deliver(R"({"event":"endpoint.url_validation","payload":{"plainToken":{}}})")), "malformed");
}

TEST_F(ZoomWebhooks, ValidationAnswersWithTheSecretThatSigned) {
    translate = zoom::webhook_translator({.secret_token = "old,zoomsecret"});
    EXPECT_NE(answer_of(deliver(validation("abc"))).find(hmac_hex("zoomsecret", "abc")), std::string::npos);
}

TEST_F(ZoomWebhooks, SignatureCoversTheRawBytes) {
    const std::string body =
        "{\"event\" : \"meeting.ended\", \"payload\":{\"object\":{\"id\":1,\"topic\":\"\xF0\x9F\x98\x80\"}}}";
    EXPECT_EQ(incoming(deliver(body)).event.type, "meeting.ended");
    const std::string other = "{\"event\":\"meeting.ended\",\"payload\":{\"object\":{\"id\":1,\"topic\":\"\xF0\x9F\x98\x80\"}}}";
    EXPECT_EQ(error_code(translate(post(other, signed_headers("zoomsecret", now_seconds, body)), now)), "bad_signature");
    auto headers = signed_headers("zoomsecret", now_seconds, body);
    headers[1].second.replace(0, 2, "v1");
    EXPECT_EQ(error_code(translate(post(body, headers), now)), "bad_signature");
}

TEST_F(ZoomWebhooks, ToleranceIsItsOwn) {
    const std::string body = R"({"event":"x"})";
    translate = zoom::webhook_translator({.secret_token = "zoomsecret", .tolerance = std::chrono::hours(2)});
    EXPECT_EQ(error_code(translate(post(body, signed_headers("zoomsecret", "1795163000", body)), now)), "");
    EXPECT_EQ(error_code(translate(post(body, signed_headers("zoomsecret", "1795161000", body)), now)), "stale_timestamp");
}

TEST_F(ZoomWebhooks, WithoutASecretNothingIsAccepted) {
    translate = zoom::webhook_translator({.secret_token = " "});
    EXPECT_EQ(error_code(translate(post("{}", signed_headers("", now_seconds, "{}")), now)), "bad_signature");
}

} // namespace
} // namespace appointd::adapters::tests
