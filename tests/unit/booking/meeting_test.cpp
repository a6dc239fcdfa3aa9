#include "tests/unit/booking/desk.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::booking::testing {

struct MeetingStory : Desk {
    void book_paid() {
        book_pending();
        pay();
    }
};

TEST_F(MeetingStory, RequestBearsTheBookingAndNoPersonalMeeting) {
    terms["zoom_settings"] = json::object{{"use_pmi", true}, {"auto_recording", "cloud"}};
    book_paid();
    const auto& body = desk.find("meeting.create")->request.at("body").as_object();
    EXPECT_EQ(body.at("agenda").as_string(), "ref:" + engine::to_string(desk.id));
    EXPECT_EQ(body.at("start_time").as_string(), "2026-11-26T09:00:00Z");
    EXPECT_EQ(body.at("duration").as_int64(), 60);
    EXPECT_EQ(body.at("timezone").as_string(), "Europe/Berlin");
    EXPECT_FALSE(body.at("settings").at("use_pmi").as_bool());
    EXPECT_EQ(body.at("settings").at("auto_recording").as_string(), "cloud");
}

TEST_F(MeetingStory, MadeMeetingGivesItsLink) {
    book_confirmed();
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::live);
    EXPECT_EQ(desk.data().meeting.join_url, "https://zoom.us/j/850");
    EXPECT_TRUE(desk.bound("/meeting/850"));
}

TEST_F(MeetingStory, OwnCreateSeenFirstInAWebhookIsOneFact) {
    book_paid();
    zoom("meeting.created",
         {{"marker", engine::to_string(desk.id)}, {"join_url", "https://zoom.us/j/850"}, {"start", to_iso(slot_start)}});
    EXPECT_EQ(desk.data().meeting.id, "850");
    meeting_made();
    EXPECT_EQ(desk.data().meeting.id, "850");
    EXPECT_FALSE(desk.open("meeting.delete"));
    EXPECT_EQ(zoom("meeting.created", {{"marker", engine::to_string(desk.id)}}).reason, "already known (echo)");
}

TEST_F(MeetingStory, LateNewsOfADeletedMeetingsCreationIsAnEcho) {
    book_confirmed();
    cancel("host");
    EXPECT_EQ(zoom("meeting.created", {{"via", "meeting.created"}}).reason, "already known (echo)");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_EQ(zoom("meeting.created", {{"via", "meeting.created"}}).reason, "already known (echo)");
    EXPECT_FALSE(desk.open("meeting.delete"));
}

TEST_F(MeetingStory, MeetingThatIsRestoredAfterTheCancelIsDeletedAgainAndThatEndsQuietly) {
    for (const auto* via : {"meeting.recovered", "look"}) {
        desk = Fold(monday);
        book_confirmed();
        cancel("host");
        desk.succeed("meeting.delete", {{"done", "deleted"}});
        zoom("meeting.created", {{"via", via}});
        ASSERT_EQ(desk.count("meeting.delete"), 1u) << via;
        EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::removing);
        desk.succeed("meeting.delete", {{"done", "gone"}}); // 404: it was an old story
        EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::gone);
        EXPECT_FALSE(desk.open("meeting.delete"));
        EXPECT_EQ(desk.attention(), "");
        desk.expect_replay();
    }
}

TEST_F(MeetingStory, RestorationThatOutrunsTheAnswerOfOurDeletionIsDeletedToo) {
    book_confirmed();
    cancel("host");
    EXPECT_EQ(zoom("meeting.created", {{"via", "look"}}).reason, "already known (echo)") << "seen before our call";
    zoom("meeting.created", {{"via", "meeting.recovered"}});
    EXPECT_EQ(desk.count("meeting.delete"), 2u);
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::gone);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MeetingStory, ReplacedMeetingThatIsRestoredIsASecondOne) {
    book_confirmed();
    zoom("meeting.deleted");
    meeting_made("851");
    zoom("meeting.created", {{"via", "meeting.recovered"}});
    ASSERT_EQ(desk.count("meeting.delete"), 1u);
    EXPECT_EQ(desk.find("meeting.delete")->request.at("meeting"), "850");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_EQ(desk.data().meeting.id, "851");
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::live);
    EXPECT_TRUE(desk.data().meeting.strays.empty());
}

TEST_F(MeetingStory, MeetingThatTheSlotLacksIsTakenBackWhenItIsRestored) {
    book_confirmed();
    zoom("meeting.deleted");
    meeting_made("851");
    zoom("meeting.deleted", {}, "851");
    ASSERT_TRUE(desk.flagged("meeting_deleted"));
    zoom("meeting.created", {{"via", "meeting.recovered"}, {"join_url", nullptr}, {"start", to_iso(slot_start)}}, "851");
    EXPECT_FALSE(desk.open("meeting.delete"));
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::live);
    EXPECT_EQ(desk.data().meeting.join_url, "https://zoom.us/j/851") << "Zoom restores it with its link, and does not say so";
    EXPECT_FALSE(desk.flagged("meeting_deleted"));
    EXPECT_EQ(zoom("meeting.created", {{"via", "meeting.recovered"}}, "851").reason, "already known (echo)");
}

TEST_F(MeetingStory, MeetingThatIsDeletedAfterTheSlotKeepsNobodyFromCompleting) {
    book_confirmed();
    zoom("meeting.deleted"); // once before: it is made again only once
    meeting_made("851");
    desk.now = slot_end + 1min;
    EXPECT_EQ(zoom("meeting.deleted", {}, "851").reason, "deleted after the slot's end: the session is over");
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MeetingStory, MeetingThatWasDeletedBeforeTheSlotsEndStillAsksAPerson) {
    book_confirmed();
    zoom("meeting.deleted");
    meeting_made("851");
    desk.now = slot_end + 1min; // the webhook is late, the deletion was not
    desk.send("meeting.deleted", {{"meeting", "851"}}, "zoom", slot_start - 1h);
    EXPECT_TRUE(desk.flagged("meeting_deleted"));
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.flagged("no_meeting"));
}

TEST_F(MeetingStory, TwinIsDeleted) {
    book_confirmed();
    zoom("meeting.created", {{"marker", engine::to_string(desk.id)}}, "851");
    ASSERT_TRUE(desk.open("meeting.delete"));
    EXPECT_EQ(desk.find("meeting.delete")->request.at("meeting").as_string(), "851");
    EXPECT_EQ(zoom("meeting.deleted", {}, "851").reason, "a meeting that is being deleted");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_EQ(desk.data().meeting.id, "850");
    EXPECT_TRUE(desk.data().meeting.strays.empty());
}

TEST_F(MeetingStory, AnswerThatNamesAnotherMeetingThanTheWebhookIsATwin) {
    book_paid();
    zoom("meeting.created", {{"marker", "x"}, {"join_url", "https://zoom.us/j/849"}}, "849");
    meeting_made("850");
    EXPECT_EQ(desk.data().meeting.id, "849");
    EXPECT_EQ(desk.find("meeting.delete")->request.at("meeting").as_string(), "850");
}

TEST_F(MeetingStory, SlotThatMovesWhileTheMeetingIsMadeIsMovedAfterwards) {
    book_paid();
    reschedule(1, 2, slot_start + 24h);
    EXPECT_EQ(desk.count("meeting.create"), 1u);
    meeting_made("850", slot_start);
    EXPECT_TRUE(desk.open("meeting.update"));
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::live);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MeetingStory, MoveDuringAMoveIsDoneOnceMore) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    desk.now += 1min;
    reschedule(2, 3, slot_start + 48h);
    EXPECT_EQ(desk.count("meeting.update"), 1u);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    ASSERT_EQ(desk.count("meeting.update"), 1u);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 48h)}});
    EXPECT_EQ(desk.count("meeting.update"), 0u);
}

TEST_F(MeetingStory, MoveThatZoomIgnoresIsFlaggedOnce) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start)}});
    EXPECT_TRUE(desk.flagged("meeting_move_failed"));
    EXPECT_FALSE(desk.open("meeting.update"));
}

TEST_F(MeetingStory, MeetingThatIsNotThereIsMadeAnew) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    desk.succeed("meeting.update", {{"found", false}});
    EXPECT_TRUE(desk.open("meeting.create"));
    meeting_made("860");
    EXPECT_EQ(desk.data().meeting.id, "860");
}

TEST_F(MeetingStory, DeletedByHandIsMadeAgainOnceThenFlagged) {
    book_confirmed();
    zoom("meeting.deleted");
    ASSERT_TRUE(desk.open("meeting.create"));
    meeting_made("851");
    zoom("meeting.deleted", {}, "851");
    EXPECT_FALSE(desk.open("meeting.create"));
    EXPECT_TRUE(desk.flagged("meeting_deleted"));
    EXPECT_TRUE(desk.json_data().at("meeting").at("join_url").is_null());
}

TEST_F(MeetingStory, MovedByHandIsFlaggedUntilItIsBack) {
    book_confirmed();
    zoom("meeting.updated", {{"start", to_iso(slot_start + 2h)}});
    EXPECT_TRUE(desk.flagged("meeting_moved"));
    desk.now += 1min;
    zoom("meeting.updated", {{"start", to_iso(slot_start)}});
    EXPECT_FALSE(desk.flagged("meeting_moved"));
    EXPECT_EQ(zoom("meeting.updated").disposition, "ignored");
}

TEST_F(MeetingStory, OurOwnMoveIsAnEcho) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    EXPECT_EQ(zoom("meeting.updated", {{"start", to_iso(slot_start + 24h)}}).disposition, "ignored");
}

TEST_F(MeetingStory, CancelDeletesTheMeetingAndItsEchoIsIgnored) {
    book_confirmed();
    cancel("host");
    zoom("meeting.deleted");
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::gone);
    desk.succeed("meeting.delete", {{"done", "gone"}});
    EXPECT_EQ(zoom("meeting.deleted").reason, "gone (echo)");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MeetingStory, MeetingMadeForADeadBookingIsDeleted) {
    book_paid();
    cancel("host");
    EXPECT_FALSE(desk.open("meeting.delete"));
    meeting_made();
    EXPECT_EQ(desk.find("meeting.delete")->request.at("meeting").as_string(), "850");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    refund_made();
    EXPECT_TRUE(desk.closed());
}

TEST_F(MeetingStory, MeetingInUseIsDeletedWhenItEnds) {
    book_confirmed();
    cancel("host");
    desk.succeed("meeting.delete", {{"done", "running"}});
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::removing);
    ended(slot_start);
    EXPECT_TRUE(desk.open("meeting.delete"));
    desk.succeed("meeting.delete", {{"done", "ended"}});
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::gone);
}

TEST_F(MeetingStory, UsedAfterCancelIsFlagged) {
    book_confirmed();
    cancel("host");
    zoom("meeting.started", {{"uuid", "u"}, {"at", to_iso(slot_start)}});
    EXPECT_TRUE(desk.flagged("used_after_cancel"));
}

TEST_F(MeetingStory, RemovalThatFailsIsFlaggedAndTriedAgain) {
    book_confirmed();
    cancel("host");
    const auto activity = desk.find("meeting.delete")->id;
    desk.fail("meeting.delete", false);
    EXPECT_TRUE(desk.flagged("meeting_left"));
    EXPECT_EQ(operate("retry", {{"activity", activity}}).disposition, "applied");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_FALSE(desk.flagged("meeting_left"));
}

TEST_F(MeetingStory, NoMeetingForGoodIsFlaggedAndTheStartSaysSo) {
    book_paid();
    desk.fail("meeting.create", false);
    EXPECT_TRUE(desk.flagged("meeting_failed"));
    desk.ring("start");
    EXPECT_TRUE(desk.flagged("no_meeting"));
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "CONFIRMED") << "never live: a person decides";
    operate("complete");
    EXPECT_EQ(desk.state(), "COMPLETED");
}

TEST_F(MeetingStory, CreateUsedUpIsOpenedAgainNeverRepeated) {
    book_paid();
    desk.fail("meeting.create", true);
    EXPECT_TRUE(desk.flagged("meeting_failed"));
    reschedule(1, 2, slot_start + 24h);
    EXPECT_FALSE(desk.open("meeting.create"));
    desk.ring("reconcile");
    EXPECT_EQ(desk.count("meeting.create"), 1u);
    meeting_made("850", slot_start);
    EXPECT_EQ(desk.attention(), "");
    EXPECT_TRUE(desk.open("meeting.update"));
}

TEST_F(MeetingStory, RehearsalDoesNotComplete) {
    book_confirmed();
    ended(slot_start - 1h);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    ended(slot_start + 30min, "u2");
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(sum("kept"), 12000);
    zoom("meeting.started", {{"uuid", "u3"}, {"at", to_iso(slot_start + 40min)}});
    EXPECT_EQ(desk.state(), "COMPLETED");
}

TEST_F(MeetingStory, ClockCompletesWhereNobodyTellsUs) {
    book_confirmed();
    desk.pass(74h);
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(sum("kept"), 12000);
}

TEST_F(MeetingStory, SessionStillOpenHoldsTheCompletionFourHoursAtMost) {
    book_confirmed();
    zoom("meeting.started", {{"uuid", "u"}, {"at", to_iso(slot_start)}});
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    desk.pass(5h);
    EXPECT_EQ(desk.state(), "COMPLETED");
}

TEST_F(MeetingStory, ClockTermsWaitForTheSlotsEnd) {
    terms["completion"] = "clock";
    book_confirmed();
    ended(slot_start + 10min);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "COMPLETED");
}

TEST_F(MeetingStory, CalendlysOwnMeetingIsTakenNeverDoubled) {
    request();
    auto payload = slot(1);
    payload["location"] = json::object{{"type", "zoom"}, {"join_url", "https://zoom.us/j/9"}};
    desk.send("slot.taken", payload);
    checkout_made();
    pay();
    EXPECT_FALSE(desk.open("meeting.create"));
    EXPECT_EQ(desk.data().meeting.join_url, "https://zoom.us/j/9");
    cancel("host");
    EXPECT_FALSE(desk.open("meeting.delete"));
}

TEST_F(MeetingStory, CalendlysLinkIsAskedForWhileItIsMissing) {
    terms["place"] = "calendly";
    book_paid();
    ASSERT_TRUE(desk.open("slot.look"));
    auto found = slot(1);
    found["found"] = true;
    found["status"] = "active";
    found["join_url"] = nullptr;
    desk.succeed("slot.look", found);
    desk.ring("reconcile");
    found["join_url"] = "https://meet.example/x";
    desk.succeed("slot.look", found);
    EXPECT_EQ(desk.data().meeting.join_url, "https://meet.example/x");
}

TEST_F(MeetingStory, NoPlaceNeedsNoMeeting) {
    terms["place"] = "none";
    book_paid();
    EXPECT_FALSE(desk.open("meeting.create"));
    desk.pass(80h);
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MeetingStory, OrphanIsUndone) {
    book_confirmed();
    orphan("899");
    EXPECT_EQ(desk.find("meeting.delete")->request.at("meeting").as_string(), "899");
    EXPECT_EQ(orphan("850").disposition, "ignored");
}

TEST_F(MeetingStory, StrayMeetingOfAnUnpaidBookingIsDeleted) {
    book_pending();
    zoom("meeting.created", {{"marker", "x"}});
    EXPECT_TRUE(desk.open("meeting.delete"));
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
}

TEST_F(MeetingStory, AMeetingThatIsMadeAfterTheSlotEndedStillCompletes) {
    book_pending();
    pay();
    desk.ring("completion");
    EXPECT_TRUE(desk.flagged("no_meeting"));
    meeting_made();
    EXPECT_FALSE(desk.flagged("no_meeting"));
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "COMPLETED") << "nothing else would end it";
}

} // namespace appointd::booking::testing
