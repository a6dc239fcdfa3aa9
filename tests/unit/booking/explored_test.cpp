#include "tests/unit/booking/desk.hpp"

/// Stories that nobody had thought of: the explorer in tests/model found each as a shortest counterexample.
namespace appointd::booking::testing {

struct ExploredStory : Desk {
    json::object of_intent(std::string_view payment, std::int64_t amount = 12000) const {
        auto fact = captured(payment, amount);
        for (const auto* name : {"session", "subtotal", "discount", "tax"}) fact[name] = nullptr;
        return fact;
    }
    /// Paid, and the meeting is still being made.
    void paid() {
        book_pending();
        pay();
    }
    void meeting_made_late() {
        if (!desk.open("meeting.create")) desk.ring("reconcile");
        meeting_made();
    }
    std::string looked_at() const { return std::string(desk.find("checkout.look")->request.at("session").as_string()); }
};

TEST_F(ExploredStory, IntentsEventLeavesTheSessionInDoubtUntilItsOwnEvent) {
    book_pending();
    desk.send("payment.captured", of_intent("pi_1"), "stripe");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.data().checkout()->phase, CheckoutPhase::expiring);
    EXPECT_EQ(desk.data().checkout()->url, "");
    EXPECT_FALSE(desk.open("checkout.expire")) << "it is the paid one in all likelihood";
    EXPECT_EQ(pay().disposition, "applied");
    EXPECT_EQ(desk.data().checkout()->phase, CheckoutPhase::complete);
    EXPECT_EQ(pay().disposition, "ignored");
}

TEST_F(ExploredStory, SessionInDoubtThatIsStillOpenIsExpired) {
    book_pending();
    desk.send("payment.captured", of_intent("pi_other"), "stripe");
    desk.ring("reconcile");
    ASSERT_TRUE(desk.open("checkout.look"));
    EXPECT_EQ(looked_at(), "cs_1");
    desk.succeed("checkout.look", {{"session", "cs_1"}, {"status", "open"}, {"url", "https://checkout.stripe.com/1"}});
    ASSERT_TRUE(desk.open("checkout.expire")) << "or somebody pays a second time";
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    EXPECT_EQ(desk.data().checkout()->phase, CheckoutPhase::expired);
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(ExploredStory, CheckoutMadeAfterMoneyOfAnUnknownSessionIsExpired) {
    book();
    desk.send("payment.captured", of_intent("pi_1"), "stripe");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    checkout_made();
    EXPECT_TRUE(desk.open("checkout.expire"));
}

TEST_F(ExploredStory, UsedUpCheckoutStaysInSightWhenTheBookingEnds) {
    book();
    desk.fail("checkout.create", true);
    cancel("invitee");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.flagged("checkout_failed")) << "it may stand at Stripe";
    desk.ring("reconcile");
    checkout_made();
    EXPECT_FALSE(desk.flagged("checkout_failed"));
    EXPECT_TRUE(desk.open("checkout.expire"));
}

TEST_F(ExploredStory, CheckoutRefusedAfterTheEndIsNobodysWork) {
    book();
    cancel("invitee");
    desk.fail("checkout.create", false);
    EXPECT_EQ(desk.attention(), "");
    EXPECT_TRUE(desk.closed());
}

TEST_F(ExploredStory, SkippedCheckoutMayStandAtStripe) {
    book();
    operate("skip", {{"activity", desk.find("checkout.create")->id}});
    EXPECT_TRUE(desk.flagged("checkout_open"));
    desk.ring("deadline");
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_TRUE(desk.flagged("checkout_open"));
}

TEST_F(ExploredStory, DeletionThatOutrunsTheCreatesAnswerIsNotLost) {
    paid();
    EXPECT_EQ(zoom("meeting.deleted").disposition, "deferred");
    meeting_made();
    EXPECT_EQ(desk.data().meeting.remade, 1);
    EXPECT_TRUE(desk.open("meeting.create"));
}

TEST_F(ExploredStory, AnswerAboutAMeetingThatWasReplacedIsNoLoss) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    zoom("meeting.deleted");
    meeting_made("851");
    desk.succeed("meeting.update", {{"found", false}, {"running", false}, {"start", nullptr}});
    EXPECT_FALSE(desk.open("meeting.create")) << "851 stands";
    EXPECT_EQ(desk.data().meeting.id, "851");
}

TEST_F(ExploredStory, UsedUpMeetingOfABookingThatIsOverMayStandAtZoom) {
    paid();
    cancel("host");
    desk.fail("meeting.create", true);
    EXPECT_TRUE(desk.flagged("meeting_left"));
}

TEST_F(ExploredStory, UsedUpMeetingThenCanceledMayStandAtZoom) {
    paid();
    desk.fail("meeting.create", true);
    cancel("host");
    EXPECT_TRUE(desk.flagged("meeting_left"));
    EXPECT_FALSE(desk.flagged("meeting_failed"));
}

TEST_F(ExploredStory, SkippedMeetingMayStandAtZoom) {
    paid();
    operate("skip", {{"activity", desk.find("meeting.create")->id}});
    EXPECT_TRUE(desk.flagged("meeting_left"));
}

TEST_F(ExploredStory, SessionInDoubtIsExpiredWhenTheBookingEnds) {
    book_pending();
    desk.send("payment.captured", of_intent("pi_other"), "stripe");
    cancel("host");
    EXPECT_TRUE(desk.open("checkout.expire"));
}

TEST_F(ExploredStory, ListOfRefundsThatFailsIsAskedAgain) {
    book_confirmed();
    operate("complete");
    desk.send("refund.hint", {{"payment", "pi_1"}, {"amount_refunded", 12000}, {"currency", "usd"}}, "stripe");
    desk.fail("refund.list", true);
    EXPECT_TRUE(desk.flagged("activity_exhausted")) << "a completed booking asks by itself no more";
    desk.ring("reconcile");
    ASSERT_TRUE(desk.open("refund.list"));
    const json::object back{{"refund", "re_1"}, {"our_refund", nullptr}, {"amount", 12000}, {"status", "succeeded"}};
    while (desk.open("refund.list")) desk.succeed("refund.list", {{"refunds", json::array{back}}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(ExploredStory, ReopenedExpireThatIsRefusedOnceItIsPaidIsForgotten) {
    book_pending();
    desk.ring("deadline");
    desk.fail("checkout.expire", true);
    desk.ring("reconcile");
    pay();
    desk.fail("checkout.expire", false);
    EXPECT_TRUE(desk.data().calls.empty());
}

TEST_F(ExploredStory, EchoOfOurMoveDoesNotClearALaterMoveByHand) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    desk.now += 1h;
    zoom("meeting.updated", {{"start", to_iso(slot_start + 30h)}});
    EXPECT_TRUE(desk.flagged("meeting_moved"));
    desk.send("meeting.updated", {{"meeting", "850"}, {"start", to_iso(slot_start + 24h)}}, "zoom", desk.now - 1h);
    EXPECT_TRUE(desk.flagged("meeting_moved"));
    desk.now += 1h;
    zoom("meeting.updated", {{"start", to_iso(slot_start + 24h)}});
    EXPECT_FALSE(desk.flagged("meeting_moved"));
}

TEST_F(ExploredStory, MoveByHandWhileOursIsUnderWayIsSeenAfterIt) {
    book_confirmed();
    reschedule(1, 2, slot_start + 24h);
    EXPECT_EQ(zoom("meeting.updated", {{"start", to_iso(slot_start + 30h)}}).disposition, "deferred");
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    EXPECT_TRUE(desk.flagged("meeting_moved"));
}

TEST_F(ExploredStory, MeetingMadeAfterTheSlotIsCompletedToo) {
    paid();
    desk.fail("meeting.create", true);
    desk.ring("completion");
    EXPECT_TRUE(desk.flagged("no_meeting"));
    meeting_made_late();
    EXPECT_FALSE(desk.flagged("no_meeting"));
    desk.ring("completion");
    EXPECT_EQ(desk.state(), "COMPLETED");
}

TEST_F(ExploredStory, RefundAtStripeAfterOneElsewhereIsNoEcho) {
    book_confirmed();
    operate("refunded_elsewhere", {{"amount", 12000}, {"reference", "wire"}});
    desk.send("refund.hint", {{"payment", "pi_1"}, {"amount_refunded", 12000}, {"currency", "usd"}}, "stripe");
    EXPECT_TRUE(desk.open("refund.list"));
}

TEST_F(ExploredStory, HintOfARefundByHandAsLargeAsOursIsNoEchoOfOurs) {
    book_confirmed();
    cancel("host");
    ASSERT_TRUE(desk.open("refund.create"));
    desk.send("refund.hint", {{"payment", "pi_1"}, {"amount_refunded", 12000}, {"currency", "usd"}}, "stripe");
    desk.succeed("refund.create", {{"done", "disputed"}, {"refund", nullptr}});
    desk.succeed("refund.list",
                 {{"refunds", json::array{json::object{
                                  {"refund", "re_hand"}, {"our_refund", nullptr}, {"amount", 12000}, {"status", "succeeded"}}}}});
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(ExploredStory, RefundByHandInPlaceOfOursThatFailedIsFound) {
    book_confirmed();
    cancel("host");
    desk.succeed("refund.create", {{"done", "made"}, {"refund", "re_1"}, {"status", "pending"}, {"amount", 12000}});
    // Ours failed, and a person made another: its sum is the one that we know.
    desk.send("refund.hint", {{"payment", "pi_1"}, {"amount_refunded", 12000}, {"currency", "usd"}}, "stripe");
    EXPECT_FALSE(desk.open("refund.list"));
    refund("refund.failed", "re_1", 12000);
    const auto listed = [](std::string_view id, std::string_view status) {
        return json::object{{"refund", id}, {"our_refund", nullptr}, {"amount", 12000}, {"status", status}};
    };
    desk.succeed("refund.list", {{"refunds", json::array{listed("re_1", "failed"), listed("re_hand", "succeeded")}}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_FALSE(desk.open("refund.list")) << "what the list itself tells is not asked for again";
}

TEST_F(ExploredStory, WhatWasSettledElsewhereSettlesNoOtherPaymentsFailedRefund) {
    book_confirmed();
    refund("refund.failed", "re_hand", 3000);
    desk.send("payment.captured", captured("pi_2"), "stripe");
    refund_made("re_2");
    refund("refund.failed", "re_2", 12000, "pi_2");
    operate("refunded_elsewhere", {{"amount", 12000}, {"payment", "pi_2"}, {"reference", "wire"}});
    EXPECT_TRUE(desk.flagged("refund_failed")) << "3000 of pi_1 did not get back";
}

TEST_F(ExploredStory, WhatAFailedRefundLeftGoesBackInARowThatNamesIt) {
    book_confirmed();
    operate("refund", {{"amount", 1000}});
    refund_made("re_1");
    operate("no_show", {{"who", "host"}});
    refund_made("re_2", "pending");
    refund("refund.failed", "re_1", 1000);
    desk.succeed("refund.list", {{"refunds", json::array{}}});
    desk.now = slot_start + 40min;
    ended(desk.now);
    ASSERT_EQ(desk.state(), "COMPLETED");
    const auto& rows = desk.data().money.refunds;
    EXPECT_EQ(rows.back().amount, 1000);
    EXPECT_EQ(rows.back().follows, rows.front().id);
}

TEST_F(ExploredStory, SessionOfAWrongSumIsKnownBeforeItsCreateAnswers) {
    book();
    desk.send("payment.captured", of_intent("pi_1", 700), "stripe");
    desk.send("payment.captured", captured("pi_1", 700), "stripe");
    EXPECT_EQ(desk.data().checkout()->phase, CheckoutPhase::complete);
    desk.succeed("checkout.create", {{"session", "cs_1"}, {"url", "https://checkout.stripe.com/1"}});
    refund("refund.succeeded", "re_hand", 700);
    EXPECT_TRUE(desk.open("checkout.create")) << "it may be paid again";
}

TEST_F(ExploredStory, CompleteCheckoutWhoseMoneyIsBackAlreadyEndsLikeOneThatRanOut) {
    book_pending();
    desk.send("payment.captured", of_intent("pi_1", 700), "stripe");
    refund("refund.succeeded", "re_hand", 700);
    desk.ring("deadline");
    desk.succeed("checkout.expire",
                 {{"session", "cs_1"}, {"status", "complete"}, {"payment", "pi_1"}, {"payment_status", "paid"}});
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(ExploredStory, MeetingThatMayStandIsFlaggedWhereItsCreateWasSkipped) {
    paid();
    desk.fail("meeting.create", true);
    operate("skip", {{"activity", desk.data().calls.front().activity}});
    operate("cancel", {{"refund", "none"}});
    EXPECT_TRUE(desk.flagged("meeting_left"));
}

TEST_F(ExploredStory, TwinWhoseRemovalWasSkippedStaysInSightWhenTheOtherMeetingIsGone) {
    book_confirmed();
    orphan("899");
    operate("skip", {{"activity", desk.find("meeting.delete")->id}});
    EXPECT_TRUE(desk.data().flagged("meeting_left"));
    cancel("host");
    desk.send("meeting.deleted", {{"meeting", "850"}}, "zoom");
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_EQ(desk.data().meeting.phase, MeetingPhase::gone);
    EXPECT_TRUE(desk.data().flagged("meeting_left")) << "899 stands at Zoom";
}

TEST_F(ExploredStory, CheckoutOfASkippedCreateIsExpiredThoughAnotherIsOpen) {
    book();
    const auto first = *desk.find("checkout.create");
    desk.answer(first, false, {}, false, true);
    EXPECT_TRUE(desk.flagged("checkout_open"));
    desk.send("payment.captured", of_intent("pi_1", 700), "stripe");
    refund("refund.succeeded", "re_hand", 700);
    checkout_made();
    expired();
    EXPECT_TRUE(desk.flagged("checkout_open")) << "the first may stand";
    desk.send("orphan.found", {{"kind", "checkout.create"}, {"request", first.request}, {"result", {{"session", "cs_9"}}}});
    EXPECT_TRUE(desk.open("checkout.expire"));
    EXPECT_FALSE(desk.flagged("checkout_open"));
}

TEST_F(ExploredStory, CheckoutThatMayStandIsFlaggedWhereItIsSkippedAfterTheEnd) {
    book();
    desk.fail("checkout.create", true);
    desk.ring("deadline");
    ASSERT_EQ(desk.state(), "ABANDONED");
    operate("retry", {{"activity", desk.data().calls.front().activity}});
    const auto* again = desk.find("checkout.create");
    if (!again) desk.ring("reconcile"), again = desk.find("checkout.create");
    ASSERT_TRUE(again);
    desk.answer(*again, false, {}, false, true);
    EXPECT_TRUE(desk.flagged("checkout_open"));
}

TEST_F(ExploredStory, MoneyReturnedByADisputeSettlesNoOtherPaymentThatWentBackTwice) {
    book_confirmed();
    cancel("host");
    refund_made();
    dispute("dispute.opened");
    dispute("dispute.lost");
    ASSERT_TRUE(desk.flagged("paid_twice_back"));
    desk.send("payment.captured", captured("pi_2"), "stripe");
    ASSERT_TRUE(desk.open("refund.create"));
    for (const auto* type : {"dispute.opened", "dispute.lost"})
        desk.send(type, {{"dispute", "du_2"}, {"payment", "pi_2"}, {"amount", 12000}, {"currency", "usd"}, {"inquiry", false}},
                  "stripe");
    desk.succeed("refund.create", {{"done", "disputed"}, {"refund", nullptr}});
    EXPECT_EQ(desk.data().money.refunds.back().phase, RefundPhase::returned_by_dispute);
    EXPECT_TRUE(desk.flagged("paid_twice_back")) << "pi_1 still is";
}

} // namespace appointd::booking::testing
