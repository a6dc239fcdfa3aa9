// What happens at Zoom: sessions that begin, end and begin again, who came, what was recorded, and what people change by hand.
#include "tests/e2e/daemon/rules.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MeetingRules : public Rules {
protected:
    static Time start_of(Customer& customer) { return time_field(Customer::part(customer.data(), "slot"), "start").value(); }
    /// As an account would send it whose webhooks tell more than Zoom documents: an agenda, or what `more` adds.
    static std::string created_webhook(const std::string& meeting, const std::string& agenda, const std::string& more = "") {
        return webhook("meeting.created", meeting, now(), agenda.empty() ? more : R"(,"agenda":")" + agenda + "\"" + more);
    }
    static std::string webhook(std::string_view type, const std::string& meeting, Time at, const std::string& more = "") {
        return R"({"event":")" + std::string(type) + R"(","event_ts":)" + std::to_string(at.time_since_epoch() / 1ms) +
               R"(,"payload":{"object":{"id":)" + meeting + R"(,"uuid":"u-)" + meeting + "\"" + more + "}}}";
    }
    static json::object met(Customer& customer) { return Customer::part(customer.data(), "met"); }
};
APPOINTD_ON_BOTH_STORES(MeetingRules);

TEST_P(MeetingRules, EndedEarlyAndStartedAgainIsOneCompletion) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Time start = start_of(ann);
    ann.meet(start, start + 10min);
    ann.await_state("COMPLETED");
    ann.await_quiet();
    EXPECT_EQ(int_field(ann.money(), "kept"), 12345);
    ann.meet(start + 12min, start + 55min);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "COMPLETED");
    EXPECT_THAT(ann.decisions("meeting.ended"), ElementsAre("applied: the session was held", "applied: ended once more"));
    EXPECT_EQ(array_field(met(ann), "sessions")->size(), 2U);
    EXPECT_EQ(int_field(ann.money(), "kept"), 12345);
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MeetingRules, EndedBeforeTheSlotBeganIsARehearsal) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Time start = start_of(ann);
    ann.meet(start - 30min, start - 10min, false);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    ann.meet(start, start + 50min);
    ann.await_state("COMPLETED");
}

TEST_P(MeetingRules, MovedInsideZoomIsFlaggedUntilItIsMovedBackAndOurOwnMoveIsAnEcho) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Time start = start_of(ann);
    // A minute later by Zoom's clock: what it tells of moments before our own request is taken for its echo, and clocks differ.
    stage.sandbox().control("POST", "/clock/advance", {{"by", "1m"}});
    ann.control("zoom/move", {{"meeting", ann.meeting()}, {"start", to_iso(start + 2h)}});
    ann.await_attention("meeting_moved");
    ann.control("zoom/move", {{"meeting", ann.meeting()}, {"start", to_iso(start)}});
    ann.await_no_attention();
    ann.reschedule(start + 24h);
    ann.await_start(start + 24h);
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MeetingRules, WhoCameIsRecordedAndTheHostIsNoGuest) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Time start = start_of(ann);
    const std::string meeting = ann.meeting();
    ann.control("zoom/start", {{"meeting", meeting}, {"at", to_iso(start)}});
    ann.control("zoom/join", {{"meeting", meeting}, {"name", "The Host"}, {"host", true}, {"at", to_iso(start)}});
    ann.control("zoom/join", {{"meeting", meeting}, {"name", "Ann Poe"}, {"at", to_iso(start + 1min)}});
    ann.control("zoom/leave", {{"meeting", meeting}, {"at", to_iso(start + 50min)}});
    ann.control("zoom/end", {{"meeting", meeting}, {"at", to_iso(start + 51min)}});
    ann.await_state("COMPLETED");
    ann.await_quiet();
    EXPECT_EQ(int_field(met(ann), "joined"), 1);
    EXPECT_THAT(ann.decisions("participant.joined"), ElementsAre("applied: somebody joined", "applied: somebody joined"));
    EXPECT_THAT(ann.decisions("participant.left"), SizeIs(2));
}

TEST_P(MeetingRules, LinkOfTheRecordingIsKeptAndWhatOpensDoorsIsBlanked) {
    Customer ann(stage, "recorded");
    ann.ask();
    ann.take_slot();
    ann.await_link("meeting");
    ann.await_quiet();
    const Time start = start_of(ann);
    ann.meet(start, start + 50min);
    ann.await_state("COMPLETED");
    ann.control("zoom/recording", {{"meeting", ann.meeting()}});
    ann.await_detail("the link", [](const json::object& detail) {
        const auto link = text_field(Customer::part(Customer::part(detail, "data"), "met"), "recording");
        return link && link->starts_with("https://zoom.us/rec/share/");
    });
    const auto raw = parse_object(ann.raw("recording.completed"));
    ASSERT_TRUE(raw);
    EXPECT_EQ(text_field(*raw, "download_token"), "***");
    hand.send_signed(sandbox::Provider::zoom, created_webhook(ann.meeting(), "", R"(,"password":"q7Wm2x")"));
    EXPECT_THAT(ann.raw("meeting.created"), HasSubstr(R"("password":"***")"));
}

TEST_P(MeetingRules, TwinThatAWebhookTellsByOurMarkIsUndone) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const json::object twin = ann.control("zoom/meeting", {{"topic", "Twin"}, {"agenda", "ref:" + ann.id()}});
    const std::string id = *text_field(twin, "meeting");
    EXPECT_EQ(disposition_of(hand.send_signed(sandbox::Provider::zoom, created_webhook(id, "ref:" + ann.id()))), "applied");
    EXPECT_TRUE(stage.eventually([&] { return ann.live_meetings() == 1; }));
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_NE(ann.meeting(), id);
}

TEST_P(MeetingRules, RestoredAfterTheCancelItIsDeletedAgain) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string id = ann.meeting();
    ann.cancel("host");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    ASSERT_EQ(ann.live_meetings(), 0U);
    ann.control("zoom/restore", {{"meeting", id}});
    ASSERT_EQ(ann.live_meetings(), 1U);
    EXPECT_TRUE(stage.eventually([&] { return ann.live_meetings() == 0; }));
    ann.await_quiet();
    hand.send_signed(sandbox::Provider::zoom, created_webhook(id, "")); // its creation, told late
    ann.await_quiet();
    const auto told = ann.decisions("meeting.created"); // its creation itself may have come before the answer named it
    EXPECT_EQ(std::ranges::count(told, "applied: restored inside Zoom: deleted"), 1);
    EXPECT_EQ(told.back(), "ignored: already known (echo)");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MeetingRules, RestoredWhereTheSlotLacksOneItIsTakenBackWithItsLink) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string first = ann.await_link("meeting");
    ann.control("zoom/delete", {{"meeting", ann.meeting()}});
    const std::string second = ann.await_link("meeting", first);
    const std::string id = ann.meeting();
    ann.control("zoom/delete", {{"meeting", id}});
    ann.await_attention("meeting_deleted");
    ann.control("zoom/restore", {{"meeting", id}});
    ann.await_no_attention();
    ann.await_quiet();
    EXPECT_EQ(ann.await_link("meeting"), second);
    EXPECT_EQ(ann.live_meetings(), 1U);
}

TEST_P(MeetingRules, DeletedAfterTheSlotItKeepsNobodyFromCompleting) {
    Customer ann(stage, "clock");
    ann.ask();
    ann.take_slot_at(now() - 45s); // a minute long
    const std::string first = ann.await_link("meeting");
    ann.control("zoom/delete", {{"meeting", ann.meeting()}}); // made again, once
    ann.await_link("meeting", first);
    const Time end = time_field(Customer::part(ann.data(), "slot"), "end").value();
    const std::string gone = webhook("meeting.deleted", ann.meeting(), end + 1s);
    EXPECT_EQ(disposition_of(hand.send_signed(sandbox::Provider::zoom, gone)), "ignored");
    ann.await_state("COMPLETED");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

TEST_P(MeetingRules, SettingsOfTheSessionTypeReachZoom) {
    Customer ann(stage, "recorded");
    ann.ask();
    ann.take_slot();
    ann.await_link("meeting");
    ann.await_quiet();
    const std::string meeting = ann.meeting();
    const json::object settings = stage.sandbox().act(
        [&](sandbox::World& world, Time) { return json::object(world.zoom.meetings().at(meeting).settings); });
    EXPECT_EQ(text_field(settings, "auto_recording"), "cloud");
    EXPECT_EQ(bool_field(settings, "waiting_room"), false);
    EXPECT_EQ(bool_field(settings, "join_before_host"), true);
    EXPECT_EQ(bool_field(settings, "use_pmi"), false);
}

TEST_P(MeetingRules, ByTheClockTheEndOfTheMeetingDecidesNothing) {
    Customer ann(stage, "clock"); // one minute long, and a second of grace
    ann.ask();
    const Time start = now() - 57s;
    ann.take_slot_at(start);
    ann.await_link("meeting");
    ann.meet(start, now());
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    ann.await_state("COMPLETED");
    EXPECT_THAT(ann.decisions("timer.completion"), ElementsAre("applied: due and not called off"));
}

TEST_P(MeetingRules, SessionThatStillRunsIsWaitedForAndItsEndCompletes) {
    Customer ann(stage, "intro-15");
    ann.ask();
    const Time start = now() - 15min;
    ann.take_slot_at(start); // it ends now, and a second of grace
    ann.await_link("meeting");
    const std::string meeting = ann.meeting();
    ann.control("zoom/start", {{"meeting", meeting}, {"at", to_iso(start)}});
    ann.await_detail("the clock asked", [&](const json::object&) { return !ann.decisions("timer.completion").empty(); });
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_THAT(ann.decisions("timer.completion"), ElementsAre("applied: they are still in it"));
    ann.control("zoom/end", {{"meeting", meeting}, {"at", to_iso(now())}});
    ann.await_state("COMPLETED");
}

TEST_P(MeetingRules, MeetingThatRunsWhenItIsCanceledIsRemovedWhenItEnds) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const std::string meeting = ann.meeting();
    ann.control("zoom/start", {{"meeting", meeting}}); // early: a running meeting cannot be deleted
    ann.await_quiet();
    ann.cancel("host");
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 1U);
    ann.control("zoom/end", {{"meeting", meeting}});
    EXPECT_TRUE(stage.eventually([&] { return ann.live_meetings() == 0; }));
}

TEST_P(MeetingRules, FreeSessionTypeAsksForNoMoney) {
    Customer ann(stage, "intro-15");
    ann.ask();
    ann.take_slot();
    ann.await_link("meeting");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_THAT(*array_field(ann.ledger(), "sessions"), IsEmpty());
    ann.cancel();
    ann.await_state("CANCELED");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(MeetingRules, MeetingThatCannotBeMadeIsFlaggedAndAnOperatorsRetryClearsIt) {
    sandbox::Fault refused;
    refused.kind = sandbox::FaultKind::error_before;
    refused.provider = sandbox::Provider::zoom;
    refused.route = "POST /v2/users";
    refused.status = 400;
    stage.sandbox().faults().add(refused);
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    ann.pay();
    ann.await_attention("meeting_failed");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    stage.sandbox().faults().clear();
    const std::string retry = stage.places().admin_url + "/admin/v1/activities/" + ann.call_id("meeting.create") + "/retry";
    EXPECT_EQ(stage.post(retry, {}).status, 200);
    ann.await_link("meeting");
    ann.await_quiet();
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_EQ(ann.live_meetings(), 1U);
}

} // namespace
} // namespace appointd::e2e
