#include "tests/integration/adapters/zoom_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class ZoomMeeting : public ZoomTest {
protected:
    static json::object move(std::int64_t meeting, std::string_view start) {
        auto request = naming(meeting);
        request["body"] = {{"start_time", start}, {"duration", 45}, {"timezone", "UTC"}};
        return request;
    }
    std::int64_t meeting = 85012345678;
    json::object& made = fake.add(booking_id, slot, "2026-11-20T09:00:00Z");
};

TEST_F(ZoomMeeting, MovedIsReadBack) {
    const auto said = facts(carry_out("meeting.update", move(meeting, "2026-12-02T09:00:00Z")));
    EXPECT_EQ(said.at("found"), true);
    EXPECT_EQ(said.at("running"), false);
    EXPECT_EQ(said.at("start"), "2026-12-02T09:00:00Z");
}

TEST_F(ZoomMeeting, AStartInThePastIsReadBackUnchanged) {
    EXPECT_EQ(facts(carry_out("meeting.update", move(meeting, "2020-01-01T00:00:00Z"))).at("start"), slot);
}

TEST_F(ZoomMeeting, OneThatIsGoneOrRunsIsAFact) {
    EXPECT_EQ(facts(carry_out("meeting.update", move(1, slot))).at("found"), false);
    made["status"] = "started";
    const auto said = facts(carry_out("meeting.update", move(meeting, "2026-12-02T09:00:00Z")));
    EXPECT_EQ(said.at("found"), true);
    EXPECT_EQ(said.at("running"), true);
}

TEST_F(ZoomMeeting, RefusedForAnotherReasonFails) {
    fake.fault("PATCH", Fake::Mishap::answer, ZoomFake::error(400, 3000, "Cannot access meeting information."));
    EXPECT_EQ(carry_out("meeting.update", move(meeting, slot)).code, "zoom_400_3000");
}

TEST_F(ZoomMeeting, DeletedOnceAndGoneTheSecondTime) {
    EXPECT_EQ(facts(carry_out("meeting.delete", naming(meeting))).at("done"), "deleted");
    EXPECT_EQ(facts(carry_out("meeting.delete", naming(meeting))).at("done"), "gone");
}

TEST_F(ZoomMeeting, RunningAndEndedAreFacts) {
    made["status"] = "started";
    EXPECT_EQ(facts(carry_out("meeting.delete", naming(meeting))).at("done"), "running");
    fake.fault("DELETE", Fake::Mishap::answer, ZoomFake::error(400, 3007, "ended"));
    EXPECT_EQ(facts(carry_out("meeting.delete", naming(meeting))).at("done"), "ended");
}

TEST_F(ZoomMeeting, AGatewaysPageIsNoFact) {
    fake.fault("DELETE", Fake::Mishap::answer, {404, {}, "<html>nothing here</html>"});
    const auto page = carry_out("meeting.delete", naming(meeting));
    EXPECT_EQ(page.kind, Kind::failed);
    EXPECT_EQ(page.code, "zoom_404");
    fake.fault("DELETE", Fake::Mishap::answer, {503, {{"Retry-After", "30"}}, "<html>"});
    const auto away = carry_out("meeting.delete", naming(meeting));
    EXPECT_EQ(away.kind, Kind::retry);
    EXPECT_EQ(away.retry_after, Duration(30s));
}

} // namespace
} // namespace appointd::adapters::tests
