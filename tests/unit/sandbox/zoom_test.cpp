#include "tests/unit/sandbox/asking.hpp"

#include "foundation/digest.hpp"
#include "sandbox/zoom/machine.hpp"

#include <gmock/gmock.h>

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct ZoomTest : ::testing::Test {
    ZoomTest() { token = fetch_token(); }

    static zoom::Settings settings() {
        zoom::Settings made;
        made.webhook_url = "http://127.0.0.1:1/webhooks/zoom";
        made.pages_base = "http://127.0.0.1:9400/j";
        made.medium_per_second = 0;
        return made;
    }
    net::Response ask_token(std::string_view client, std::string_view form) {
        const net::Headers headers{{"Authorization", "Basic " + base64(client)}};
        return machine.auth(request("POST", "/oauth/token", headers, std::string(form)), now);
    }
    std::string fetch_token() {
        return text(body_of(ask_token("sandbox-zoom-client:sandbox-zoom-client-secret",
                                      "grant_type=account_credentials&account_id=sandbox-zoom-account")),
                    "access_token");
    }
    net::Response ask(std::string_view method, std::string_view target, const json::value& body = nullptr) {
        return machine.api(
            request(method, target, {{"Authorization", "Bearer " + token}}, body.is_null() ? "" : json::serialize(body)), now);
    }
    static json::object meeting(std::string_view booking = "bk_42") {
        return {{"topic", "Consultation"}, {"type", 2},         {"start_time", "2026-12-02T09:00:00Z"},
                {"duration", 45},          {"timezone", "UTC"}, {"agenda", "ref:" + std::string(booking)}};
    }
    std::string create() {
        const json::value made = body_of(ask("POST", "/v2/users/host%40example.org/meetings", meeting()));
        journal.take_webhooks();
        return std::to_string(pick(made, "id").to_number<std::int64_t>());
    }
    static std::int64_t error_code(const net::Response& response) {
        return pick(body_of(response), "code").to_number<std::int64_t>();
    }

    Time now = at("2026-12-01T08:00:00Z");
    Journal journal;
    zoom::Machine machine{settings(), 1, journal};
    std::string token;
};

TEST_F(ZoomTest, TokensNeedTheRightClientAndGrantAndLastAnHour) {
    EXPECT_EQ(text(body_of(ask_token("a:b", "grant_type=account_credentials&account_id=sandbox-zoom-account")), "error"),
              "invalid_client");
    EXPECT_EQ(text(body_of(ask_token("sandbox-zoom-client:sandbox-zoom-client-secret", "grant_type=x")), "error"),
              "unsupported_grant_type");
    EXPECT_EQ(ask("GET", "/v2/users/host%40example.org/meetings").status, 200);
    now += 1h;
    const auto expired = ask("GET", "/v2/users/host%40example.org/meetings");
    EXPECT_EQ(expired.status, 401);
    EXPECT_EQ(error_code(expired), 124);
    EXPECT_EQ(error_code(machine.api(request("GET", "/v2/meetings/1", {}), now)), 4700);
}

TEST_F(ZoomTest, OldTokensEndWithANewOneWhereTheAccountSaysSo) {
    const std::string first = token;
    machine.settings().new_token_ends_old = true;
    const std::string second = fetch_token();
    token = first;
    EXPECT_EQ(ask("GET", "/v2/meetings/1").status, 401);
    token = second;
    EXPECT_EQ(ask("GET", "/v2/meetings/1").status, 404);
}

TEST_F(ZoomTest, CreatingTwiceMakesTwoMeetings) {
    const auto first = ask("POST", "/v2/users/host%40example.org/meetings", meeting());
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(ask("POST", "/v2/users/host%40example.org/meetings", meeting()).status, 201);
    const auto webhooks = journal.take_webhooks();
    EXPECT_THAT(types_of(webhooks), ElementsAre("meeting.created", "meeting.created"));
    EXPECT_TRUE(pick(body_of(webhooks[0]), "payload/object/id").is_int64());
    EXPECT_GT(pick(body_of(first), "id").to_number<std::int64_t>(), std::int64_t{1} << 32);
    EXPECT_EQ(pick(body_of(ask("GET", "/v2/users/host%40example.org/meetings?type=upcoming")), "total_records"), json::value(2));
    EXPECT_THAT(text(body_of(first), "join_url"), HasSubstr("pwd="));
}

TEST_F(ZoomTest, ValidationNamesTheField) {
    const auto answer = ask("POST", "/v2/users/host%40example.org/meetings", json::object{{"duration", 0}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(error_code(answer), 300);
    EXPECT_EQ(text(body_of(answer), "errors/0/field"), "duration");
    EXPECT_EQ(error_code(ask("POST", "/v2/users/me/meetings", meeting())), 1001);
    EXPECT_EQ(error_code(ask("GET", "/v2/meetings/abc")), 300);
}

TEST_F(ZoomTest, AnUpdateAnswersEmptyAndIgnoresAPastStart) {
    const std::string id = create();
    EXPECT_EQ(ask("PATCH", "/v2/meetings/" + id, json::object{{"start_time", "2026-12-03T09:00:00Z"}}).status, 204);
    const auto webhooks = journal.take_webhooks();
    ASSERT_THAT(types_of(webhooks), ElementsAre("meeting.updated"));
    EXPECT_EQ(text(body_of(webhooks[0]), "payload/object/start_time"), "2026-12-03T09:00:00Z");
    EXPECT_EQ(text(body_of(webhooks[0]), "payload/old_object/start_time"), "2026-12-02T09:00:00Z");
    EXPECT_EQ(ask("PATCH", "/v2/meetings/" + id, json::object{{"start_time", "2026-11-03T09:00:00Z"}}).status, 204);
    EXPECT_EQ(text(body_of(ask("GET", "/v2/meetings/" + id)), "start_time"), "2026-12-03T09:00:00Z");
}

TEST_F(ZoomTest, DeletingTwiceIsNotFoundAndARunningOneIsRefused) {
    const std::string id = create();
    ASSERT_TRUE(machine.start(id, now, now));
    EXPECT_EQ(error_code(ask("DELETE", "/v2/meetings/" + id)), 3002);
    EXPECT_EQ(error_code(ask("PATCH", "/v2/meetings/" + id, json::object{{"duration", 30}})), 3000);
    ASSERT_TRUE(machine.end(id, now, now));
    const auto gone = ask("DELETE", "/v2/meetings/" + id);
    EXPECT_EQ(gone.status, 204);
    EXPECT_TRUE(gone.body.empty());
    EXPECT_EQ(types_of(journal.take_webhooks()).back(), "meeting.deleted");
    EXPECT_EQ(error_code(ask("DELETE", "/v2/meetings/" + id)), 3001);
}

TEST_F(ZoomTest, AHostHasAHundredCreatesAndUpdatesADay) {
    machine.settings().daily_limit = 2;
    const std::string id = create();
    EXPECT_EQ(ask("PATCH", "/v2/meetings/" + id, json::object{{"duration", 30}}).status, 204);
    const auto limited = ask("POST", "/v2/users/host%40example.org/meetings", meeting());
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(header(limited, "Retry-After"), "2026-12-02T00:00:00Z");
    EXPECT_EQ(header(limited, "X-RateLimit-Type"), "Daily-limit");
    machine.settings().full_limit_headers = false;
    EXPECT_EQ(header(ask("POST", "/v2/users/host%40example.org/meetings", meeting()), "Retry-After"), "");
    now = at("2026-12-02T00:00:00Z");
    token = fetch_token();
    EXPECT_EQ(ask("POST", "/v2/users/host%40example.org/meetings", meeting()).status, 201);
}

TEST_F(ZoomTest, CallsASecondAreLimitedByLabel) {
    machine.settings().light_per_second = 1;
    EXPECT_EQ(ask("GET", "/v2/meetings/1").status, 404);
    const auto limited = ask("GET", "/v2/meetings/1");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(header(limited, "X-RateLimit-Category"), "Light");
}

TEST_F(ZoomTest, ASessionIsPlayedAtTheMomentsGiven) {
    const std::string id = create();
    ASSERT_TRUE(machine.start(id, at("2026-12-02T09:00:03Z"), now));
    ASSERT_TRUE(machine.join(id, "Ann", false, at("2026-12-02T09:01:00Z"), now));
    ASSERT_TRUE(machine.end(id, at("2026-12-02T09:41:10Z"), now));
    const auto webhooks = journal.take_webhooks();
    EXPECT_THAT(types_of(webhooks),
                ElementsAre("meeting.started", "meeting.participant_joined", "meeting.participant_left", "meeting.ended"));
    const json::value ended = body_of(webhooks[3]);
    EXPECT_EQ(text(ended, "payload/object/id"), id); // a string here
    EXPECT_EQ(text(ended, "payload/object/end_time"), "2026-12-02T09:41:10Z");
    EXPECT_EQ(pick(ended, "payload/object/duration"), json::value(45));
    EXPECT_EQ(text(body_of(webhooks[1]), "payload/object/participant/email"), "");
    EXPECT_EQ(text(body_of(webhooks[1]), "payload/object/participant/id"), "");
    const std::string first = text(ended, "payload/object/uuid");
    EXPECT_NE(*machine.start(id, now, now), first);
}

TEST_F(ZoomTest, HostWhoJoinsIsKnownByTheIdOfTheHost) {
    const std::string id = create();
    ASSERT_TRUE(machine.start(id, now, now));
    ASSERT_TRUE(machine.join(id, "Host", true, now, now));
    const json::value joined = body_of(journal.take_webhooks().back());
    EXPECT_EQ(text(joined, "payload/object/participant/id"), text(joined, "payload/object/host_id"));
    EXPECT_EQ(text(joined, "payload/object/participant/participant_user_id"), text(joined, "payload/object/host_id"));
}

TEST_F(ZoomTest, RecordingsComeWithATokenOfTheirOwn) {
    const std::string id = create();
    EXPECT_EQ(error_code(ask("GET", "/v2/meetings/" + id + "/recordings")), 3301);
    const std::string uuid = *machine.start(id, now, now);
    ASSERT_TRUE(machine.end(id, now + 40min, now));
    ASSERT_TRUE(machine.record(id, now));
    const auto webhooks = journal.take_webhooks();
    EXPECT_EQ(webhooks.back().type, "recording.completed");
    EXPECT_FALSE(text(body_of(webhooks.back()), "download_token").empty());
    EXPECT_EQ(ask("GET", "/v2/meetings/" + id + "/recordings").status, 200);
    EXPECT_EQ(ask("GET", "/v2/past_meetings/" + percent_encode(percent_encode(uuid))).status, 200);
}

TEST_F(ZoomTest, AUuidWithSlashesMustBeEncodedTwice) {
    std::string id, uuid;
    while (uuid.find("//") == std::string::npos && !uuid.starts_with('/')) {
        machine.settings().daily_limit = 1'000'000;
        id = create();
        uuid = *machine.start(id, now, now);
        ASSERT_TRUE(machine.end(id, now, now));
    }
    EXPECT_EQ(ask("GET", "/v2/past_meetings/" + percent_encode(uuid)).status, 404);
    EXPECT_EQ(ask("GET", "/v2/past_meetings/" + percent_encode(percent_encode(uuid))).status, 200);
}

TEST_F(ZoomTest, ListsPageWithTokensThatAge) {
    machine.settings().daily_limit = 1000;
    for (int i = 0; i < 31; ++i) create();
    const json::value first = body_of(ask("GET", "/v2/users/host%40example.org/meetings?page_size=30"));
    const std::string next = text(first, "next_page_token");
    ASSERT_FALSE(next.empty());
    const json::value second = body_of(ask("GET", "/v2/users/host%40example.org/meetings?page_size=30&next_page_token=" + next));
    EXPECT_EQ(pick(second, "meetings").get_array().size(), 1u);
    EXPECT_EQ(text(second, "next_page_token"), "");
    now += 16min;
    EXPECT_EQ(ask("GET", "/v2/users/host%40example.org/meetings?next_page_token=" + next).status, 400);
}

TEST_F(ZoomTest, SixFailedChallengesSilenceTheEndpoint) {
    for (int i = 0; i < 6; ++i) machine.validated(false);
    create();
    EXPECT_TRUE(machine.endpoint_disabled());
    ASSERT_TRUE(machine.remove(machine.meetings().begin()->first, now));
    EXPECT_TRUE(journal.take_webhooks().empty());
    machine.validated(true);
    EXPECT_FALSE(machine.endpoint_disabled());
}

TEST_F(ZoomTest, TheStartUrlDiffersAtEveryReading) {
    const std::string id = create();
    const auto first = text(body_of(ask("GET", "/v2/meetings/" + id)), "start_url");
    EXPECT_NE(first, text(body_of(ask("GET", "/v2/meetings/" + id)), "start_url"));
}

} // namespace
} // namespace appointd::sandbox::testing
