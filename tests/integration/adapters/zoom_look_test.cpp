#include "adapters/zoom/translation.hpp"
#include "tests/integration/adapters/zoom_fake.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ZoomLook : public ZoomTest {
protected:
    json::object looking(bool sessions = false) const {
        auto request = naming(meeting);
        request["start"] = slot;
        request["moved"] = false;
        request["sessions"] = sessions;
        return request;
    }
    static std::vector<std::string> types(const engine::AttemptResult& result) {
        std::vector<std::string> names;
        for (const auto& fact : result.learned) names.push_back(fact.event.type);
        return names;
    }
    void hold(const std::string& uuid, std::string_view from, std::string_view to) {
        fake.sessions[uuid] = {{"uuid", uuid}, {"id", meeting}, {"start_time", from}, {"end_time", to}};
    }
    std::int64_t meeting = 85012345678;
    json::object& made = fake.add(booking_id, slot, "2026-11-20T09:00:00Z");
};

TEST_F(ZoomLook, WhereAllIsAsItShouldBeNothingIsLearned) {
    const auto result = carry_out("meeting.look", looking());
    EXPECT_EQ(facts(result).at("found"), true);
    EXPECT_THAT(result.learned, IsEmpty());
    EXPECT_EQ(fake.count("/past_meetings/"), 0) << "before the start there is no session to ask for";
}

TEST_F(ZoomLook, GoneIsToldToTheMeetingsBooking) {
    fake.meetings.clear();
    const auto result = carry_out("meeting.look", looking());
    EXPECT_EQ(facts(result).at("found"), false);
    ASSERT_THAT(types(result), ElementsAre("meeting.deleted"));
    const auto& gone = result.learned.front();
    EXPECT_EQ(gone.event.source, "reconcile");
    EXPECT_EQ(gone.address.targets.front(), engine::Target(zoom::meeting_key(std::to_string(meeting))));
}

TEST_F(ZoomLook, UnknownPathIsNoMissingMeeting) {
    fake.fault("GET /zoom/v2/meetings/", Fake::Mishap::answer, json_response(404, json::object{{"error", "not found"}}));
    const auto result = carry_out("meeting.look", looking());
    EXPECT_EQ(result.kind, Kind::failed);
    EXPECT_THAT(result.learned, IsEmpty());
}

TEST_F(ZoomLook, AnotherStartIsTold) {
    made["start_time"] = "2026-12-01T11:00:00Z";
    const auto result = carry_out("meeting.look", looking());
    ASSERT_THAT(types(result), ElementsAre("meeting.updated"));
    EXPECT_EQ(parse_object(result.learned.front().event.payload)->at("start"), "2026-12-01T11:00:00Z");
    auto flagged = looking();
    flagged["moved"] = true;
    made["start_time"] = slot;
    EXPECT_THAT(types(carry_out("meeting.look", flagged)), ElementsAre("meeting.updated")) << "that it is back clears the flag";
}

TEST_F(ZoomLook, RunningAndHeldSessionsAreTold) {
    hold("a/b//c==", "2026-12-01T09:00:03Z", "2026-12-01T09:30:00Z");
    made["status"] = "started";
    made["uuid"] = "second==";
    const auto result = carry_out("meeting.look", looking(true));
    ASSERT_THAT(types(result), ElementsAre("meeting.started", "meeting.ended", "meeting.started"));
    const auto ended = *parse_object(result.learned[1].event.payload);
    EXPECT_EQ(ended.at("uuid"), "a/b//c==");
    EXPECT_EQ(ended.at("ended"), "2026-12-01T09:30:00Z");
    const auto again = carry_out("meeting.look", looking(true));
    EXPECT_EQ(again.learned[1].event.id, result.learned[1].event.id) << "the same fact once";
}

TEST_F(ZoomLook, PlanThatTellsOfNoSessionsIsNoFailure) {
    fake.tells_of_sessions = false;
    const auto result = carry_out("meeting.look", looking(true));
    EXPECT_EQ(facts(result).at("found"), true);
    EXPECT_THAT(result.learned, IsEmpty());
}

TEST_F(ZoomLook, OnlyTheLatestSessionsAreRead) {
    for (int i = 10; i < 30; ++i) hold("u" + std::to_string(i), "2026-12-01T09:00:00Z", "2026-12-01T09:01:00Z");
    EXPECT_EQ(carry_out("meeting.look", looking(true)).learned.size(), 10u);
}

TEST_F(ZoomLook, TroubleIsLeftToTheNextLook) {
    for (const int status : {500, 503, 403}) {
        fake.fault("GET /zoom/v2/meetings/", Fake::Mishap::answer, ZoomFake::error(status, 1, "no"));
        const auto result = carry_out("meeting.look", looking());
        EXPECT_EQ(result.kind, Kind::failed) << status;
        EXPECT_TRUE(result.provider_ok);
    }
}

} // namespace
} // namespace appointd::adapters::tests
