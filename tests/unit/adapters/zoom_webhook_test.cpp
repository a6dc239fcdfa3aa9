#include "tests/unit/adapters/zoom_webhooks.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
const std::string meeting_key = "/zoom/default/meeting/85012345678";

TEST_F(ZoomWebhooks, CreatedNamesItsBookingByTheAgenda) {
    const auto created = event(
        "meeting.created",
        object(R"({"id":85012345678,"uuid":"u==","host_id":"h1","topic":"Coaching","type":2,"start_time":"2026-12-01T09:00:00Z",
        "duration":45,"join_url":"https://zoom.us/j/85012345678?pwd=x","agenda":"ref:019a9f00-0000-7000-8000-000000000001 and more","password":"hush"})"));
    EXPECT_EQ(created.event.type, "meeting.created");
    EXPECT_EQ(to_iso(created.event.occurred_at), "2026-11-20T09:59:50.123000Z");
    const auto said = payload(created);
    EXPECT_EQ(said.at("meeting"), "85012345678");
    EXPECT_EQ(said.at("marker"), json::value(booking_id));
    EXPECT_EQ(said.at("join_url"), "https://zoom.us/j/85012345678?pwd=x");
    EXPECT_EQ(said.at("start"), "2026-12-01T09:00:00Z");
    EXPECT_THAT(targets(created), ElementsAre(meeting_key, booking_id));
    EXPECT_EQ(created.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_EQ(created.address.reason, "not ours");
    EXPECT_EQ(created.event.raw.find("hush"), std::string::npos);
}

TEST_F(ZoomWebhooks, TrackingFieldsAndTopicsMarkToo) {
    EXPECT_THAT(
        targets(event(
            "meeting.created",
            object(
                R"({"id":85012345678,"tracking_fields":[7,{"field":"x"},{"field":"booking_id","value":"019a9f00-0000-7000-8000-000000000001"}]})"))),
        ElementsAre(meeting_key, booking_id));
    EXPECT_THAT(targets(event("meeting.recovered",
                              object(R"({"id":85012345678,"topic":"ref:nonsense ref:019a9f00-0000-7000-8000-000000000001"})"))),
                ElementsAre(meeting_key, booking_id));
    EXPECT_THAT(targets(event("meeting.created", object(R"({"id":85012345678,"agenda":"ref:short","topic":"x"})"))),
                ElementsAre(meeting_key));
}

TEST_F(ZoomWebhooks, IdsAreTextWhetherNumberOrText) {
    for (const auto* id : {R"({"id":85012345678})", R"({"id":"85012345678"})", R"({"id":8.5012345678e10})"})
        EXPECT_EQ(payload(event("meeting.deleted", object(id))).at("meeting"), "85012345678") << id;
    EXPECT_EQ(event("meeting.permanently_deleted", object(R"({"id":1})")).event.type, "meeting.deleted");
}

TEST_F(ZoomWebhooks, UpdatedSaysTheStartOnlyWhereItChanged) {
    EXPECT_EQ(payload(event("meeting.updated", object(R"({"id":85012345678,"start_time":"2026-12-02T09:00:00Z"})"))).at("start"),
              "2026-12-02T09:00:00Z");
    EXPECT_FALSE(payload(event("meeting.updated", object(R"({"id":85012345678,"topic":"x"})"))).contains("start"));
    EXPECT_FALSE(payload(event("meeting.updated", object(R"({"id":85012345678,"start_time":"2026-12-02T09:00:00"})")))
                     .contains("start")); // of an unknown zone
}

TEST_F(ZoomWebhooks, SessionsCarryTheirOwnTimes) {
    const auto body = object(
        R"({"id":"85012345678","uuid":"a1B2/c//3==","start_time":"2026-12-01T09:00:03Z","end_time":"2026-12-01T09:41:10Z","duration":45})");
    const auto started = event("meeting.started", body), ended = event("meeting.ended", body);
    EXPECT_EQ(payload(started).at("at"), "2026-12-01T09:00:03Z");
    EXPECT_EQ(payload(started).at("uuid"), "a1B2/c//3==");
    EXPECT_EQ(payload(ended).at("started"), "2026-12-01T09:00:03Z");
    EXPECT_EQ(payload(ended).at("ended"), "2026-12-01T09:41:10Z");
    EXPECT_EQ(payload(event("meeting.ended", object(R"({"id":"85012345678"})"))).at("ended"), "2026-11-20T09:59:50.123000Z");
}

TEST_F(ZoomWebhooks, ParticipantsAreOpaque) {
    const auto joined = event(
        "meeting.participant_joined",
        object(
            R"({"id":"85012345678","uuid":"u==","host_id":"h1","participant":{"user_id":16778240,"user_name":"Ann \ud83d\ude00",
        "participant_uuid":"P1","id":"h1","join_time":"2026-12-01T09:00:05Z","email":"ann@example.org"}})"));
    EXPECT_EQ(joined.event.type, "participant.joined");
    EXPECT_EQ(payload(joined).at("participant"), "P1");
    EXPECT_EQ(payload(joined).at("host"), true);
    EXPECT_EQ(payload(joined).at("at"), "2026-12-01T09:00:05Z");
    EXPECT_EQ(joined.event.payload.find("Ann"), std::string::npos);
    EXPECT_EQ(joined.event.payload.find("example.org"), std::string::npos);
    const auto left = event(
        "meeting.participant_left",
        object(
            R"({"id":"85012345678","host_id":"h1","participant":{"user_id":"16778240","id":"","leave_time":"2026-12-01T09:30:00Z"}})"));
    EXPECT_EQ(left.event.type, "participant.left");
    EXPECT_EQ(payload(left).at("host"), false);
    EXPECT_EQ(payload(left).at("participant"), "16778240");
    expect_ignored(event("meeting.participant_left", object(R"({"id":"85012345678"})")), "lacks participant");
}

TEST_F(ZoomWebhooks, RecordingsNeverKeepTheirToken) {
    auto body =
        json::parse(
            envelope(
                "recording.completed",
                object(
                    R"({"id":85012345678,"uuid":"Zz/9//kQ==","share_url":"https://zoom.us/rec/share/x","password":"recpass","recording_play_passcode":"playpass"})")))
            .as_object();
    body["download_token"] = "dl.tok";
    const auto recorded = incoming(deliver(json::serialize(body)));
    EXPECT_EQ(recorded.event.type, "recording.completed");
    EXPECT_EQ(payload(recorded).at("share_url"), "https://zoom.us/rec/share/x");
    for (const auto* secret : {"dl.tok", "recpass", "playpass"}) EXPECT_EQ(recorded.event.raw.find(secret), std::string::npos);
}

TEST_F(ZoomWebhooks, IdsTellSessionsAndParticipantsApart) {
    const auto body = object(R"({"id":"85012345678","uuid":"u1"})"), other = object(R"({"id":"85012345678","uuid":"u2"})");
    EXPECT_EQ(event("meeting.started", body).event.id, event("meeting.started", body).event.id);
    EXPECT_NE(event("meeting.started", body).event.id, event("meeting.started", other).event.id);
    EXPECT_NE(event("meeting.started", body).event.id, event("meeting.ended", body).event.id);
    EXPECT_NE(event("meeting.started", body).event.id, event("meeting.started", body, 1795168790124).event.id);
    const auto one = object(R"({"id":"1","uuid":"u","participant":{"participant_uuid":"P1"}})"),
               two = object(R"({"id":"1","uuid":"u","participant":{"participant_uuid":"P2"}})");
    EXPECT_NE(event("meeting.participant_joined", one).event.id, event("meeting.participant_joined", two).event.id);
}

TEST_F(ZoomWebhooks, WhatCannotBeUsedIsKeptAndSaysWhy) {
    expect_ignored(event("meeting.sharing_started", object(R"({"id":1})")), "unknown event type");
    expect_ignored(incoming(deliver("{}")), "unknown event type");
    expect_ignored(incoming(deliver(R"({"event":"meeting.ended"})")), "lacks payload.object");
    expect_ignored(incoming(deliver(R"({"event":"meeting.ended","payload":{"object":[]},"event_ts":"soon"})")),
                   "lacks payload.object");
    expect_ignored(event("meeting.ended", object(R"({"id":null})")), "lacks id");
    expect_ignored(event("meeting.ended", object(R"({"id":true})")), "lacks id");
}

} // namespace
} // namespace appointd::adapters::tests
