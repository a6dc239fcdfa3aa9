#include "tests/unit/booking/desk.hpp"

/// What a booking that has waited asks the providers (the reconcile column of the matrix), and what it makes of the answers.
namespace appointd::booking::testing {

class Reconcile : public Desk {};

TEST_F(Reconcile, InitiatedAsksCalendlyForItsTracking) {
    request();
    const auto of_creation = desk.find("link.create")->priority;
    desk.ring("reconcile");
    EXPECT_FALSE(desk.open("slot.look")) << "without a link nobody can have taken a slot";
    desk.succeed("link.create", {{"url", "https://calendly.com/d/x"}});
    desk.ring("reconcile");
    ASSERT_TRUE(desk.open("slot.look"));
    EXPECT_GT(desk.find("slot.look")->priority, of_creation) << "what a customer waits for goes first";
    EXPECT_TRUE(desk.find("slot.look")->request.at("invitee").is_null());
    EXPECT_FALSE(desk.open("meeting.look"));
}

TEST_F(Reconcile, PendingAsksStripeForItsCheckout) {
    book_pending();
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("checkout.look"));
    EXPECT_FALSE(desk.open("refund.list"));
}

TEST_F(Reconcile, ConfirmedAsksCalendlyZoomAndStripe) {
    book_confirmed();
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("slot.look"));
    ASSERT_TRUE(desk.open("refund.list"));
    EXPECT_EQ(desk.find("refund.list")->request.at("payment"), "pi_1");
    ASSERT_TRUE(desk.open("meeting.look"));
    const auto& asked = desk.find("meeting.look")->request;
    EXPECT_EQ(asked.at("meeting"), "850");
    EXPECT_EQ(asked.at("start"), json::value(to_iso(slot_start)));
    EXPECT_EQ(asked.at("sessions"), false);
    EXPECT_EQ(desk.data().reconciled_at, desk.now);
}

TEST_F(Reconcile, WhatAPromotionPaidWhollyHasNoRefundsToAskFor) {
    terms["allow_promotion_codes"] = true;
    book_pending();
    auto free = captured("cs_1", 0);
    free["subtotal"] = 12000;
    free["discount"] = 12000;
    desk.send("payment.captured", free, "stripe");
    ASSERT_EQ(desk.state(), "CONFIRMED");
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("slot.look"));
    EXPECT_FALSE(desk.open("refund.list")) << "Stripe knows no payment intent cs_1";
}

TEST_F(Reconcile, CalendlysOwnMeetingIsNotAskedForAtZoom) {
    request();
    auto payload = slot(1);
    payload["location"] = json::object{{"type", "zoom"}, {"join_url", "https://zoom.us/j/9"}};
    desk.send("slot.taken", payload);
    checkout_made();
    pay();
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("slot.look"));
    EXPECT_FALSE(desk.open("meeting.look"));
}

TEST_F(Reconcile, FromTheStartOnSessionsAreAskedForAndTheLooksComeCloseTogether) {
    book_confirmed();
    while (desk.now < slot_start) {
        desk.ring("reconcile");
        for (const auto* kind : {"slot.look", "meeting.look", "refund.list"}) desk.fail(kind, false);
    }
    EXPECT_EQ(desk.now, slot_start) << "a look at the very start";
    EXPECT_EQ(desk.timer_at("reconcile"), slot_start + 20min);
    desk.ring("reconcile");
    EXPECT_EQ(desk.find("meeting.look")->request.at("sessions"), true);
    EXPECT_EQ(desk.timer_at("reconcile"), slot_start + 60min);
}

TEST_F(Reconcile, SessionThatOnlyALookSawCompletesIt) {
    book_confirmed();
    desk.now = slot_start + 50min;
    desk.send("meeting.started", {{"meeting", "850"}, {"uuid", "u1"}, {"at", to_iso(slot_start)}}, "reconcile");
    desk.send("meeting.ended",
              {{"meeting", "850"}, {"uuid", "u1"}, {"started", to_iso(slot_start)}, {"ended", to_iso(slot_start + 45min)}},
              "reconcile");
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(zoom("meeting.ended", {{"uuid", "u1"}, {"ended", to_iso(slot_start + 45min)}}).reason, "already recorded")
        << "its webhook, late";
}

TEST_F(Reconcile, MeetingThatIsGoneIsMadeAgain) {
    book_confirmed();
    desk.ring("reconcile");
    desk.send("meeting.deleted", {{"meeting", "850"}}, "reconcile");
    EXPECT_TRUE(desk.open("meeting.create"));
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(Reconcile, StartThatALookFoundBeforeAMoveOfOursIsOldNews) {
    book_confirmed();
    desk.ring("reconcile");
    const Time asked = desk.now;
    desk.now += 1s;
    reschedule(1, 2, slot_start + 24h);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    desk.send("meeting.updated", {{"meeting", "850"}, {"start", to_iso(slot_start)}}, "reconcile", asked);
    EXPECT_FALSE(desk.flagged("meeting_moved"));
    desk.send("meeting.updated", {{"meeting", "850"}, {"start", to_iso(slot_start + 2h)}}, "reconcile", desk.now + 1s);
    EXPECT_TRUE(desk.flagged("meeting_moved"));
}

TEST_F(Reconcile, LooksThatFailAskNobody) {
    book_confirmed();
    desk.ring("reconcile");
    for (const auto* kind : {"slot.look", "meeting.look", "refund.list"}) desk.fail(kind, false);
    EXPECT_EQ(desk.attention(), "");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.timer("reconcile"));
}

} // namespace appointd::booking::testing
