#include "tests/integration/adapters/zoom_fake.hpp"

namespace appointd::adapters::tests {
namespace {

using ZoomCreate = ZoomTest;
constexpr std::string_view create_call = "POST /zoom/v2/users", list_call = "GET /zoom/v2/users";

TEST_F(ZoomCreate, FirstAttemptCreatesWithoutLooking) {
    const auto result = carry_out("meeting.create", creation());
    const auto made = facts(result);
    EXPECT_EQ(made.at("meeting"), "85012345678");
    EXPECT_EQ(made.at("join_url"), "https://zoom.us/j/85012345678");
    EXPECT_EQ(made.at("start"), slot);
    EXPECT_EQ(made.at("adopted"), false);
    EXPECT_EQ(result.result.find("host-key"), std::string::npos);
    ASSERT_EQ(result.binds.size(), 1u);
    EXPECT_EQ(result.binds[0].get(), "/zoom/default/meeting/85012345678");
    EXPECT_EQ(fake.count(list_call), 0);
    EXPECT_EQ(fake.seen.back().body, json::serialize(creation().at("body")));
}

TEST_F(ZoomCreate, LostAnswerIsAdoptedAndNotRepeated) {
    fake.fault("POST /zoom/v2", Fake::Mishap::lose);
    const auto first = attempt("meeting.create", creation());
    const auto lost = carry_out(first);
    EXPECT_EQ(lost.kind, Kind::retry);
    EXPECT_GT(lost.retry_after, Duration(3s)); // not before the first one's time is up
    const auto result = carry_out(again(first));
    EXPECT_EQ(facts(result).at("meeting"), "85012345678");
    EXPECT_EQ(facts(result).at("adopted"), true);
    EXPECT_EQ(fake.count(create_call), 1);
    EXPECT_EQ(result.binds.size(), 1u);
}

TEST_F(ZoomCreate, ListsWithoutAgendasAreReadMeetingByMeeting) {
    fake.agenda_in_list = false;
    fake.add("019a9f00-0000-7000-8000-00000000aaaa", slot, "2026-11-20T09:00:00Z");
    fake.add(booking_id, "2026-12-05T09:00:00Z", "2026-11-20T09:00:00Z");
    fake.add(booking_id, slot, "2026-11-20T09:30:00Z");
    EXPECT_EQ(facts(carry_out(again(attempt("meeting.create", creation())))).at("meeting"), "85012345680");
    EXPECT_EQ(fake.count(create_call), 0);
}

TEST_F(ZoomCreate, AbsentIsCreatedAndLookedForAgain) {
    fake.add("019a9f00-0000-7000-8000-00000000aaaa", slot, "2026-11-20T09:00:00Z");
    EXPECT_EQ(facts(carry_out(again(attempt("meeting.create", creation())))).at("adopted"), false);
    EXPECT_EQ(fake.count(list_call), 4); // upcoming and scheduled, before and after
    EXPECT_EQ(fake.meetings.size(), 2u);
}

TEST_F(ZoomCreate, OfTwoTheOldestStays) {
    fake.add(booking_id, slot, "2026-11-20T09:30:00Z");
    fake.add(booking_id, slot, "2026-11-20T09:20:00Z");
    fake.add(booking_id, slot, "2026-11-20T09:40:00Z");
    EXPECT_EQ(facts(carry_out(again(attempt("meeting.create", creation())))).at("meeting"), "85012345679");
    ASSERT_EQ(fake.meetings.size(), 1u);
    EXPECT_TRUE(fake.meetings.contains(85012345679));
}

TEST_F(ZoomCreate, MeetingThatCouldNotBeReadIsNotTakenForAbsent) {
    fake.agenda_in_list = false;
    fake.add(booking_id, slot, "2026-11-20T09:30:00Z");
    fake.fault("GET /zoom/v2/meetings", Fake::Mishap::answer, ZoomFake::error(500, 0, "no"));
    EXPECT_EQ(carry_out(again(attempt("meeting.create", creation()))).kind, Kind::retry);
    EXPECT_EQ(fake.count(create_call), 0);
}

/// The first create lands only after the second one has looked.
class SlowZoom : public ZoomFake {
public:
    bool lands_late = false;
    bool lists_what_stands = true;

protected:
    net::Response answer(const net::Request& request) override {
        const bool creates = request.method == "POST" && request.path.find("/meetings") != std::string::npos;
        const bool lists = request.method == "GET" && request.path.find("/users/") != std::string::npos;
        if (lists && !lists_what_stands && !meetings.empty()) return error(500, 0, "no");
        if (creates && lands_late) add(booking_id, "2026-12-01T09:00:00Z", "2026-11-20T09:59:00Z");
        return ZoomFake::answer(request);
    }
};
class ZoomTwin : public ActivitiesTest<SlowZoom> {
protected:
    json::object request{{"booking", booking_id},
                         {"body", {{"start_time", "2026-12-01T09:00:00Z"}, {"agenda", "ref:" + booking_id}}}};
};

TEST_F(ZoomTwin, OneThatLandsBesideOursIsFoundAndTheYoungerUndone) {
    fake.lands_late = true;
    const auto made = facts(carry_out(again(attempt("meeting.create", request))));
    EXPECT_EQ(made.at("meeting"), "85012345678");
    EXPECT_EQ(made.at("adopted"), true);
    EXPECT_EQ(fake.meetings.size(), 1u);
}

TEST_F(ZoomTwin, LookAfterwardsThatFailedIsMadeUpForByTheNextAttempt) {
    fake.lands_late = true;
    fake.lists_what_stands = false;
    const auto second = again(attempt("meeting.create", request));
    EXPECT_EQ(carry_out(second).kind, Kind::retry);
    fake.lists_what_stands = true;
    EXPECT_EQ(facts(carry_out(again(second))).at("meeting"), "85012345678");
    EXPECT_EQ(fake.meetings.size(), 1u);
    EXPECT_EQ(fake.count("POST /zoom/v2/users"), 1);
}

TEST_F(ZoomTwin, OneThatCannotBeDeletedIsReported) {
    fake.lands_late = true;
    fake.fault("DELETE", Fake::Mishap::answer, ZoomFake::error(500, 0, "no"));
    const auto result = carry_out(again(attempt("meeting.create", request)));
    ASSERT_EQ(result.learned.size(), 1u);
    EXPECT_EQ(result.learned[0].event.type, "meeting.created");
    const auto said = json::parse(result.learned[0].event.payload);
    EXPECT_EQ(said.at("meeting"), "85012345679");
    EXPECT_EQ(said.at("marker"), json::value(booking_id));
}

TEST_F(ZoomCreate, RefusedForGoodInZoomsWords) {
    fake.fault("POST /zoom/v2", Fake::Mishap::answer,
               json_response(400, json::object{{"code", 300},
                                               {"message", "Validation Failed."},
                                               {"errors", {{{"field", "settings.x"}, {"message", "Invalid field."}}}}}));
    const auto refused = carry_out("meeting.create", creation());
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "zoom_400_300");
    EXPECT_EQ(refused.message, "Validation Failed. settings.x: Invalid field.");
}

TEST_F(ZoomCreate, PerSecondLimitWaitsASecond) {
    fake.fault("POST /zoom/v2", Fake::Mishap::answer,
               ZoomFake::error(429, 429, "You have reached the maximum per-second rate limit for this API. Try again later."));
    const auto limited = carry_out("meeting.create", creation());
    EXPECT_EQ(limited.kind, Kind::wait);
    EXPECT_TRUE(limited.throttled);
    EXPECT_EQ(limited.retry_after, Duration(1s));
}

TEST_F(ZoomCreate, DailyLimitWaitsForMidnightOrTheDateItNames) {
    const std::string words =
        "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.";
    fake.fault("POST /zoom/v2", Fake::Mishap::answer, ZoomFake::error(429, 429, words));
    auto limited = carry_out("meeting.create", creation());
    EXPECT_EQ(limited.kind, Kind::wait);
    EXPECT_EQ(limited.retry_after, Duration(14h));
    fake.fault("POST /zoom/v2", Fake::Mishap::answer,
               ZoomFake::error(429, 429, words, {{"Retry-After", "2026-11-20T12:00:00Z"}, {"X-RateLimit-Type", "Daily-limit"}}));
    EXPECT_EQ(carry_out("meeting.create", creation()).retry_after, Duration(2h));
    fake.fault("POST /zoom/v2", Fake::Mishap::answer,
               ZoomFake::error(400, 300, "A maximum of 100 meetings can be created/updated for a single user in one day."));
    limited = carry_out("meeting.create", creation());
    EXPECT_EQ(limited.kind, Kind::wait);
    EXPECT_EQ(limited.retry_after, Duration(14h));
}

} // namespace
} // namespace appointd::adapters::tests
