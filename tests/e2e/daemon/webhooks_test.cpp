// The outside contract of the webhook routes, with webhooks made by hand.
#include "foundation/digest.hpp"
#include "tests/e2e/daemon/by_hand.hpp"

#include <gmock/gmock.h>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::HasSubstr;

class Webhooks : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { stage.daemon().start(); }
    Stage stage{std::string(GetParam())};
    ByHand hand{stage};
};
INSTANTIATE_TEST_SUITE_P(Stores, Webhooks, testing::Values("sqlite", "postgresql"), [](const auto& test) { return test.param; });

TEST_P(Webhooks, SignedIsAppliedAndADuplicateNamesTheSameWorkflow) {
    const std::string body = invitee_created("intro-15", "first-invitee", "first@example.org");
    const auto once = hand.send_signed(Provider::calendly, body);
    EXPECT_EQ(once.status, 200);
    EXPECT_EQ(disposition_of(once), "applied");
    EXPECT_FALSE(workflow_of(once).empty());
    const auto again = hand.send_signed(Provider::calendly, body);
    EXPECT_EQ(disposition_of(again), "duplicate");
    EXPECT_EQ(workflow_of(again), workflow_of(once));
}

TEST_P(Webhooks, UnsignedForgedAndStaleAre401) {
    for (const Provider provider : {Provider::calendly, Provider::stripe, Provider::zoom}) {
        const std::string body = R"({"id":"evt_1","event":"meeting.ended","type":"charge.refunded"})";
        EXPECT_EQ(hand.send(provider, body, {}).status, 401) << sandbox::name_of(provider);
        EXPECT_EQ(hand.send(provider, body + " ", hand.headers_for(provider, body, ByHand::now())).status, 401);
        EXPECT_EQ(hand.send_signed(provider, body, ByHand::now() - 10min).status, 401) << sandbox::name_of(provider);
    }
    EXPECT_THAT(stage.metrics(), HasSubstr(R"(appointd_webhooks_total{disposition="rejected",provider="zoom"} 3)"));
}

TEST_P(Webhooks, SignedButMalformedAre400) {
    const std::vector<std::string> bodies{
        "", "not json", "[]", "17", R"({"event": "invitee.created)", "{\"event\":\"\xff\xfe\"}"};
    for (const Provider provider : {Provider::calendly, Provider::stripe, Provider::zoom})
        for (const std::string& body : bodies)
            EXPECT_EQ(hand.send_signed(provider, body).status, 400) << sandbox::name_of(provider) << ": " << body;
}

TEST_P(Webhooks, UnknownTypesAndEventTypesWithoutSessionTypeAreIgnored) {
    const auto other = hand.send_signed(Provider::calendly, invitee_created("nobodys-type", "other-invitee", "o@example.org"));
    EXPECT_EQ(disposition_of(other), "ignored");
    EXPECT_TRUE(workflow_of(other).empty());
    const std::string created = std::to_string(ByHand::now().time_since_epoch() / 1s);
    const auto strange = hand.send_signed(
        Provider::stripe, R"({"id":"evt_strange","object":"event","type":"coupon.created","livemode":false,"created":)" +
                              created + R"(,"data":{"object":{"id":"co_1","object":"coupon"}}})");
    EXPECT_EQ(disposition_of(strange), "ignored");
    const auto zoom = hand.send_signed(Provider::zoom, R"({"event":"user.created","event_ts":)" + created +
                                                           R"(000,"payload":{"object":{"id":"u1"}}})");
    EXPECT_EQ(disposition_of(zoom), "ignored");
}

TEST_P(Webhooks, NameWithAZeroByteIsTakenAndFoundOnEveryStore) {
    std::string body = invitee_created("intro-15", "zero-invitee", "zero@example.org");
    const std::string_view name = R"("name":")";
    body.insert(body.find(name) + name.size(), R"(Nul\u0000Byte )");
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::calendly, body)), "applied");
    const auto found = stage.get(stage.places().admin_url + "/admin/v1/workflows?q=nulbyte");
    EXPECT_EQ(demo::data_of(found)->at("items").as_array().size(), 1U);
}

TEST_P(Webhooks, TooLargeIs413AndTheDaemonGoesOn) {
    const std::string body(2 * 1024 * 1024, 'x');
    EXPECT_EQ(hand.send_signed(Provider::stripe, body).status, 413);
    EXPECT_EQ(stage.get(stage.places().admin_url + "/healthz").status, 200);
}

TEST_P(Webhooks, ZoomsChallengeIsAnsweredBareAndOnlyWhenSigned) {
    const std::string body = R"({"event":"endpoint.url_validation","event_ts":1654503849680,"payload":{"plainToken":"abc123"}})";
    const auto answer = hand.send_signed(Provider::zoom, body);
    EXPECT_EQ(answer.status, 200);
    const auto object = parse_object(answer.body);
    ASSERT_TRUE(object) << answer.body;
    EXPECT_EQ(text_field(*object, "plainToken"), "abc123");
    EXPECT_EQ(text_field(*object, "encryptedToken"), hmac_sha256_hex(sandbox::zoom::Settings{}.secret_token, "abc123"));
    EXPECT_EQ(hand.send(Provider::zoom, body, {}).status, 401);
}

TEST_P(Webhooks, IdempotencyKeyAnswersTheSameBookingOr409) {
    const std::string url = stage.places().public_url + "/api/bookings";
    const net::Headers key{{"Idempotency-Key", "the-same-key"}};
    const json::object body{{"session_type", "intro-15"}, {"invitee", {{"name", "Ann"}, {"email", "ann@example.org"}}}};
    const json::object turned{{"invitee", {{"email", "ann@example.org"}, {"name", "Ann"}}}, {"session_type", "intro-15"}};
    const json::object other{{"session_type", "coaching-60"}, {"invitee", {{"name", "Ann"}, {"email", "ann@example.org"}}}};
    const auto first = stage.post(url, body, key);
    EXPECT_EQ(first.status, 201);
    const auto same = stage.post(url, turned, key);
    EXPECT_EQ(text_field(demo::data_of(same).value(), "id"), text_field(demo::data_of(first).value(), "id"));
    EXPECT_EQ(stage.post(url, other, key).status, 409);
}

TEST_P(Webhooks, PublicListenerServesNeitherAdminNorMetrics) {
    EXPECT_EQ(stage.get(stage.places().public_url + "/metrics").status, 404);
    EXPECT_EQ(stage.get(stage.places().public_url + "/admin/v1/workflows").status, 404);
}

} // namespace
} // namespace appointd::e2e
