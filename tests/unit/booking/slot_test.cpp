#include "tests/unit/booking/desk.hpp"

namespace appointd::booking::testing {

using ::testing::HasSubstr;
struct SlotStory : Desk {};

TEST_F(SlotStory, RequestAsksForALinkAndWaitsForASlot) {
    EXPECT_EQ(request().disposition, "applied");
    EXPECT_EQ(desk.state(), "INITIATED");
    EXPECT_TRUE(desk.open("link.create"));
    EXPECT_EQ(desk.timer_at("slot_timeout"), monday + 24h);
    desk.succeed("link.create", {{"url", "https://calendly.com/d/x"}});
    EXPECT_EQ(desk.data().link, "https://calendly.com/d/x");
}

TEST_F(SlotStory, TakenSlotMakesACheckoutAndOpensTheWindow) {
    book();
    EXPECT_EQ(desk.state(), "SCHEDULED");
    EXPECT_TRUE(desk.open("checkout.create"));
    EXPECT_EQ(desk.timer_at("deadline"), monday + 30min);
    EXPECT_TRUE(desk.bound(invitee_uri(1)));
    EXPECT_EQ(desk.data().name, "Ann Poe") << "Calendly's name wins";
}

TEST_F(SlotStory, DeadlineIsTheStartWhereThatComesFirst) {
    request();
    take(1, monday + 10min);
    EXPECT_EQ(desk.timer_at("deadline"), monday + 10min);
}

TEST_F(SlotStory, FreeSessionIsConfirmedAtOnce) {
    terms["price"] = 0;
    book();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.open("meeting.create"));
    EXPECT_FALSE(desk.open("checkout.create"));
    EXPECT_EQ(desk.timer_at("completion"), slot_end + 15min);
    EXPECT_EQ(desk.timer_at("reminder.0"), slot_start - 24h);
}

TEST_F(SlotStory, WithoutTermsNothingBeginsAndNothingIsFree) {
    auto payload = slot(2);
    payload["old_invitee"] = invitee_uri(1);
    json::object without_price = terms;
    without_price.erase("price");
    for (const json::value& unknown : {json::value(nullptr), json::value(without_price)}) {
        payload["terms"] = unknown;
        for (const auto* type : {"slot.taken", "slot.moved"}) {
            const Told told = desk.send(type, payload, "calendly");
            EXPECT_EQ(told.disposition, "ignored") << type;
            EXPECT_EQ(told.reason, "no session type for this event type");
        }
    }
    EXPECT_EQ(desk.send("booking.requested", {{"session_type", "gone"}}, "api").disposition, "refused");
    EXPECT_EQ(desk.state(), "none");
}

TEST_F(SlotStory, TermsOfALivingBookingOutliveItsSessionType) {
    request();
    auto payload = slot(1);
    payload["terms"] = nullptr;
    payload["session_type"] = nullptr;
    EXPECT_EQ(desk.send("slot.taken", payload, "calendly").disposition, "applied");
    EXPECT_EQ(desk.state(), "SCHEDULED");
    EXPECT_EQ(desk.data().terms.price, 12000);
}

TEST_F(SlotStory, DirectBookingBeginsWithItsSlot) {
    EXPECT_EQ(take().disposition, "applied");
    EXPECT_EQ(desk.state(), "SCHEDULED");
    EXPECT_EQ(desk.data().terms.price, 12000);
    EXPECT_EQ(desk.data().page_key.size(), 32u);
}

TEST_F(SlotStory, PaidAtCalendlyIsFlaggedAndAsksForNoMoney) {
    request();
    auto payload = slot(1);
    payload["payment"] = json::object{{"amount_text", "120.0"}, {"currency", "usd"}, {"provider", "stripe"}};
    desk.send("slot.taken", payload);
    EXPECT_EQ(desk.state(), "SCHEDULED");
    EXPECT_FALSE(desk.open("checkout.create"));
    EXPECT_FALSE(desk.timer("deadline"));
    EXPECT_TRUE(desk.flagged("paid_at_calendly"));
    operate("mark_paid", {{"amount", 12000}, {"reference", "calendly"}});
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(SlotStory, ClaimCountsOnlyForTheSameEventType) {
    request();
    auto payload = slot(1);
    payload["event_type"] = "https://api.calendly.com/event_types/T2";
    EXPECT_EQ(desk.send("slot.taken", payload).disposition, "elsewhere");
}

TEST_F(SlotStory, SecondInviteeBeginsABookingOfItsOwn) {
    book();
    EXPECT_EQ(take(2).disposition, "elsewhere");
    checkout_made();
    EXPECT_EQ(take(2).disposition, "elsewhere");
    pay();
    EXPECT_EQ(take(2).disposition, "elsewhere");
    meeting_made();
    desk.now = slot_end;
    ended(slot_end);
    EXPECT_EQ(take(2).disposition, "elsewhere");
}

TEST_F(SlotStory, SameInviteeAgainIsIgnored) {
    book_pending();
    EXPECT_EQ(take(1).reason, "already this booking's slot");
}

TEST_F(SlotStory, NoSlotInTimeAbandonsAndALateSlotRevives) {
    request();
    desk.ring("slot_timeout");
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_EQ(desk.data().ended->why, "no_slot");
    take();
    EXPECT_EQ(desk.state(), "SCHEDULED");
    EXPECT_FALSE(desk.data().ended);
    EXPECT_TRUE(desk.open("checkout.create"));
}

TEST_F(SlotStory, AbandonedWithASlotIsNotRevived) {
    book_abandoned();
    EXPECT_EQ(take(2).disposition, "elsewhere");
    EXPECT_EQ(moved(1, 2, slot_start + 24h).disposition, "elsewhere");
}

TEST_F(SlotStory, CanceledBeforeItsSlotFreesTheSlotThatComes) {
    request();
    operate("cancel");
    take();
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.open("slot.cancel"));
    EXPECT_EQ(take(2).disposition, "elsewhere");
}

TEST_F(SlotStory, RescheduleKeepsMoneyAndMeeting) {
    book_confirmed();
    EXPECT_EQ(moving(1, 2).disposition, "applied");
    EXPECT_EQ(desk.data().slot.phase, SlotPhase::moving);
    EXPECT_FALSE(desk.timer("completion"));
    EXPECT_FALSE(desk.timer("reminder.0"));
    EXPECT_TRUE(desk.timer("reschedule"));
    moved(1, 2, slot_start + 24h);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.data().slot.invitee, invitee_uri(2));
    EXPECT_EQ(desk.timer_at("completion"), slot_end + 24h + 15min);
    EXPECT_FALSE(desk.timer("reschedule"));
    ASSERT_TRUE(desk.open("meeting.update"));
    EXPECT_EQ(desk.find("meeting.update")->request.at("body").at("start_time").as_string(), "2026-11-27T09:00:00Z");
    EXPECT_EQ(sum("captured"), 12000);
    EXPECT_EQ(sum("refunding"), 0);
}

TEST_F(SlotStory, RescheduleInTheOtherOrderIsTheSame) {
    book_confirmed();
    moved(1, 2, slot_start + 24h);
    EXPECT_EQ(desk.data().slot.invitee, invitee_uri(2));
    EXPECT_EQ(moving(1, 2).reason, "superseded slot");
    EXPECT_EQ(desk.data().slot.phase, SlotPhase::held);
}

TEST_F(SlotStory, ChainOfReschedulesComesInAnyOrder) {
    book_confirmed();
    desk.now += 1min;
    auto second = slot(2, slot_start + 24h);
    second["old_invitee"] = invitee_uri(1);
    desk.now += 1min;
    auto third = slot(3, slot_start + 48h);
    third["old_invitee"] = invitee_uri(2);
    EXPECT_EQ(desk.send("slot.moved", third).disposition, "deferred") << "the slot it names is not known yet";
    EXPECT_EQ(desk.send("slot.moved", second).disposition, "applied");
    EXPECT_EQ(desk.data().slot.invitee, invitee_uri(3)) << "looked at again when the second landed";
    EXPECT_EQ(desk.send("slot.moved", second).reason, "superseded slot");
    EXPECT_EQ(moving(2, 3).reason, "superseded slot");
    EXPECT_EQ(cancel("invitee", std::nullopt, 1).reason, "superseded slot");
}

TEST_F(SlotStory, ForgedClaimOfAMovedSlotWaits) {
    book_confirmed();
    EXPECT_EQ(moved(77, 78, slot_start + 24h).disposition, "deferred");
    EXPECT_EQ(desk.data().slot.invitee, invitee_uri(1));
}

TEST_F(SlotStory, TooManyReschedulesAreFlagged) {
    book_confirmed();
    for (int n = 1; n <= 4; ++n) {
        EXPECT_FALSE(desk.flagged("too_many_reschedules"));
        desk.now += 1min;
        reschedule(n, n + 1, slot_start + 24h * n);
    }
    EXPECT_TRUE(desk.flagged("too_many_reschedules"));
}

TEST_F(SlotStory, LostHalfIsAskedForADayThenFlagged) {
    book_confirmed();
    moving(1, 2);
    desk.ring("reschedule");
    EXPECT_EQ(desk.count("slot.look"), 1u);
    EXPECT_TRUE(desk.timer("reschedule"));
    desk.now = monday + 25h;
    desk.ring("reschedule");
    EXPECT_TRUE(desk.flagged("reschedule_lost"));
    EXPECT_FALSE(desk.timer("reschedule"));
    moved(1, 2, slot_start + 24h);
    EXPECT_FALSE(desk.flagged("reschedule_lost"));
}

TEST_F(SlotStory, SlotThatLandsWithoutNamingTheOldOneIsAReschedule) {
    book_pending();
    moving(1, 2);
    EXPECT_EQ(take(2, slot_start + 24h).disposition, "applied");
    EXPECT_EQ(desk.data().slot.invitee, invitee_uri(2));
    EXPECT_EQ(desk.data().slot.reschedules, 1) << "before payment as after it";
}

TEST_F(SlotStory, UnpaidRescheduleNarrowsTheWindow) {
    book_pending();
    reschedule(1, 2, monday + 20min);
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_EQ(desk.timer_at("deadline"), monday + 20min);
    EXPECT_EQ(desk.timer_at("start"), monday + 20min);
}

TEST_F(SlotStory, CancelBeforePaymentClosesTheCheckout) {
    book_pending();
    cancel("invitee");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.open("checkout.expire"));
    EXPECT_FALSE(desk.open("slot.cancel")) << "Calendly has freed it";
    EXPECT_FALSE(desk.timer("deadline"));
}

TEST_F(SlotStory, InviteeCancelFollowsThePolicy) {
    book_confirmed();
    cancel("invitee", slot_start - 23h);
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("refunding"), 6000);
    EXPECT_EQ(sum("kept"), 6000);
    EXPECT_TRUE(desk.open("meeting.delete"));
    refund_made();
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("refunded"), 6000);
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_TRUE(desk.closed());
}

TEST_F(SlotStory, InviteeCancelInTimeReturnsAll) {
    book_confirmed();
    cancel("invitee", slot_start - 24h);
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(SlotStory, NoticeIsTheCancellationsOwnMoment) {
    book_confirmed();
    desk.now = slot_start - 1h; // the webhook came late
    cancel("invitee", slot_start - 25h);
    EXPECT_EQ(sum("refunding"), 12000);
}

TEST_F(SlotStory, SharesAreRoundedUp) {
    terms["price"] = 9999;
    terms["refund"] = json::array{json::object{{"notice_seconds", 0}, {"percent", 33}}};
    book_pending();
    pay("pi_1", 9999);
    cancel("invitee");
    EXPECT_EQ(sum("refunding"), 3300);
    EXPECT_EQ(sum("kept"), 6699);
}

TEST_F(SlotStory, HostCancelReturnsAll) {
    book_confirmed();
    desk.now = slot_start - 1min;
    cancel("host");
    EXPECT_EQ(sum("refunding"), 12000);
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(cancel("host").reason, "already canceled (echo)");
}

TEST_F(SlotStory, InviteeCancelAfterTheStartIsFlagged) {
    book_confirmed();
    desk.now = slot_start + 5min;
    cancel("invitee");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.flagged("canceled_after_start"));
}

TEST_F(SlotStory, CompletedMovedBeforeItsStartGoesOn) {
    book_confirmed();
    desk.now = slot_end + 1h;
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(sum("kept"), 12000);
    auto late = slot(2, slot_start + 48h); // its webhooks were late
    late["old_invitee"] = invitee_uri(1);
    late["created_at"] = to_iso(slot_start - 1h);
    desk.send("slot.moved", late);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(sum("kept"), 0);
    EXPECT_EQ(sum("waiting"), 12000);
    EXPECT_TRUE(desk.open("meeting.update"));
}

TEST_F(SlotStory, CompletedCanceledBeforeItsStartSharesByPolicy) {
    book_confirmed();
    desk.now = slot_end + 1h;
    desk.ring("completion");
    cancel("invitee", slot_start - 1h);
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("kept"), 6000);
    EXPECT_EQ(sum("refunding"), 6000);
}

TEST_F(SlotStory, CompletedMovedOrCanceledLateIsFlagged) {
    book_completed();
    desk.now += 1h;
    moved(1, 2, slot_start + 48h);
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_TRUE(desk.flagged("moved_after_session"));
    cancel("invitee");
    EXPECT_TRUE(desk.flagged("canceled_late"));
}

TEST_F(SlotStory, NoShowIsRecordedAndMayReturnTheMoney) {
    book_completed();
    no_show();
    EXPECT_EQ(desk.data().met.no_show, "guest");
    EXPECT_EQ(sum("refunding"), 0);
    EXPECT_EQ(no_show().reason, "already recorded");

    desk = Fold(monday);
    terms["no_show"] = "refund";
    book_completed();
    no_show();
    EXPECT_EQ(sum("refunding"), 12000);
    EXPECT_EQ(desk.send("no_show.cleared", {{"invitee", invitee_uri(1)}}).disposition, "applied");
    EXPECT_EQ(sum("refunding"), 12000) << "what is underway is not called back";
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(SlotStory, GroupSeatIsFlaggedNotFreed) {
    request();
    auto payload = slot(1);
    payload["group"] = true;
    desk.send("slot.taken", payload);
    checkout_made();
    desk.ring("deadline");
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_FALSE(desk.open("slot.cancel"));
    EXPECT_TRUE(desk.flagged("seat_held"));
    cancel("invitee");
    EXPECT_FALSE(desk.flagged("seat_held"));
}

TEST_F(SlotStory, GroupMakesNoMeetingOfItsOwn) {
    request();
    auto payload = slot(1);
    payload["group"] = true;
    desk.send("slot.taken", payload);
    checkout_made();
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_FALSE(desk.open("meeting.create"));
    desk.pass(96h);
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(desk.attention(), "");
}

} // namespace appointd::booking::testing
