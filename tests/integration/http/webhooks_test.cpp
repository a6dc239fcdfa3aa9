#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr const char* good = "X-Signature: good\r\n";

struct WebhooksTest : House {
    Answer deliver(const std::string& body, const std::string& headers = good) {
        return ask_public("POST", "/webhooks/stripe", body, headers);
    }
};

TEST_F(WebhooksTest, AppliedEventAnswersItsWorkflow) {
    const auto id = std::string(book().at("id").as_string());
    const Answer answer = deliver(R"({"id":"evt_1","type":"payment.captured","booking":")" + id + "\"}");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"data":{"disposition":"applied","workflow_id":")" + id + R"("},"error":null})");
    EXPECT_THAT(heard(), Contains("webhook stripe applied"));
    EXPECT_THAT(heard(), Contains("public /webhooks/stripe 200"));
}

TEST_F(WebhooksTest, RedeliveryIsADuplicateOfTheSameWorkflow) {
    const auto id = std::string(book().at("id").as_string());
    const std::string body = R"({"id":"evt_1","type":"payment.captured","booking":")" + id + "\"}";
    deliver(body);
    const auto data = data_of(deliver(body));
    EXPECT_EQ(data.at("disposition"), "duplicate");
    EXPECT_EQ(data.at("workflow_id"), json::string(id));
    EXPECT_THAT(heard(), Contains("webhook stripe duplicate"));
}

TEST_F(WebhooksTest, EventOfNobodyIsIgnoredOrWaits) {
    const auto ignored = data_of(deliver(R"({"id":"evt_1","type":"x"})"));
    EXPECT_EQ(ignored.at("disposition"), "ignored");
    EXPECT_TRUE(ignored.at("workflow_id").is_null());
    EXPECT_EQ(data_of(deliver(R"({"id":"evt_2","type":"x","wait":true})")).at("disposition"), "deferred");
}

TEST_F(WebhooksTest, BadSignatureIs401AndCountsAsRejected) {
    const Answer bad = deliver("{}", "X-Signature: bad\r\n");
    EXPECT_EQ(bad.status, 401);
    EXPECT_EQ(code_of(bad), "bad_signature");
    EXPECT_EQ(deliver("{}", "").status, 401);
    const Answer old = deliver("{}", "X-Signature: old\r\n");
    EXPECT_EQ(old.status, 401);
    EXPECT_EQ(code_of(old), "stale_timestamp");
    EXPECT_THAT(heard(), Contains("webhook stripe rejected").Times(3));
}

TEST_F(WebhooksTest, MalformedBodyIs400) {
    for (const auto* body : {"", "nonsense", "[]", "\"\xff\""}) {
        const Answer answer = deliver(body);
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(code_of(answer), "malformed");
    }
}

TEST_F(WebhooksTest, UrlValidationGetsTheBareObject) {
    const Answer answer = ask_public("POST", "/webhooks/zoom", R"({"plainToken":"t"})", good);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"plainToken":"t"})");
    EXPECT_EQ(ask_public("POST", "/webhooks/zoom", R"({"plainToken":"t"})", "").status, 401);
}

TEST_F(WebhooksTest, OverloadAndOutageAre503WithRetryAfter) {
    change([](auto& all) { all.queue_full = true; });
    const Answer full = deliver(R"({"id":"evt_1","type":"x"})");
    EXPECT_EQ(full.status, 503);
    EXPECT_EQ(code_of(full), "overloaded");
    EXPECT_FALSE(full.header("Retry-After").empty());
    change([](auto& all) { all.queue_full = false, all.database_away = true; });
    const Answer away = deliver(R"({"id":"evt_1","type":"x"})");
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(code_of(away), "unavailable");
    EXPECT_FALSE(away.header("Retry-After").empty());
    change([](auto& all) { all.database_away = false; });
    EXPECT_EQ(deliver(R"({"id":"evt_1","type":"x"})").status, 200);
}

TEST_F(WebhooksTest, ProviderWithoutASecretHasNoRoute) {
    const Answer answer = ask_public("POST", "/webhooks/calendly", "{}", good);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(code_of(answer), "not_found");
}

TEST_F(WebhooksTest, OtherMethodsAreRefusedWithAllow) {
    const Answer answer = ask_public("GET", "/webhooks/stripe");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("Allow"), "POST");
    EXPECT_EQ(code_of(answer), "method_not_allowed");
}

struct SmallWebhooksTest : House {
    SmallWebhooksTest() : House({}, {.max_body = 100}) {}
};

TEST_F(SmallWebhooksTest, LongBodyIs413BeforeItIsSentAndCountsAsRejected) {
    testing_support::RawClient client(outside->port());
    const Answer answer = client.ask("POST /webhooks/stripe HTTP/1.1\r\nContent-Length: 101\r\n\r\n");
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(code_of(answer), "body_too_large");
    EXPECT_THAT(heard(), Contains("webhook stripe rejected"));
    EXPECT_THAT(heard(), Contains("public /webhooks/stripe 413"));
}

} // namespace
} // namespace appointd::http
