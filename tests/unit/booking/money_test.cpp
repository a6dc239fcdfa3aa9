#include "tests/unit/booking/desk.hpp"
#include "workflows/booking/money.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::booking::testing {

struct MoneyStory : Desk {
    /// CANCELED by the host, refund asked for.
    std::string cancel_confirmed() {
        book_confirmed();
        cancel("host");
        return desk.data().money.refunds.back().id;
    }
};

TEST_F(MoneyStory, RefundedIsEnteredWhenStripeSaysSucceeded) {
    const auto ours = cancel_confirmed();
    EXPECT_EQ(desk.state(), "CANCELED");
    refund_made("re_1", "pending");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("refunding"), 12000);
    refund("refund.succeeded", "re_1", 12000, "pi_1", ours);
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(refund("refund.succeeded", "re_1", 12000, "pi_1", ours).reason, "already booked");
    EXPECT_EQ(refund("refund.pending", "re_1", 12000, "pi_1", ours).reason, "already booked");
}

TEST_F(MoneyStory, RefundWebhookMayComeBeforeTheAnswer) {
    const auto ours = cancel_confirmed();
    refund("refund.succeeded", "re_1", 12000, "pi_1", ours);
    EXPECT_EQ(desk.state(), "REFUNDED");
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.data().money.refunds.size(), 1u);
}

TEST_F(MoneyStory, RefundRequestBearsItsRow) {
    const auto ours = cancel_confirmed();
    const auto request = json::serialize(json::value(desk.find("refund.create")->request));
    EXPECT_THAT(request, ::testing::HasSubstr(R"(["metadata[refund_id]",")" + ours + "\"]"));
    EXPECT_THAT(request, ::testing::HasSubstr(R"(["payment_intent","pi_1"],["amount","12000"])"));
    EXPECT_EQ(desk.find("refund.create")->priority, 0);
}

TEST_F(MoneyStory, RefundThatFailsAfterSuccessGoesBackToCanceled) {
    const auto ours = cancel_confirmed();
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    refund("refund.failed", "re_1", 12000, "pi_1", ours);
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.flagged("refund_failed"));
    EXPECT_EQ(sum("waiting"), 12000);
    EXPECT_EQ(operate("refunded_elsewhere", {{"amount", 20000}, {"reference", "wire"}}).disposition, "refused");
    operate("refunded_elsewhere", {{"amount", 12000}, {"reference", "wire"}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MoneyStory, RefundRefusedForGoodIsFlaggedAndMayBeTriedAgain) {
    cancel_confirmed();
    const auto activity = desk.find("refund.create")->id;
    desk.fail("refund.create", false);
    EXPECT_TRUE(desk.flagged("refund_failed"));
    EXPECT_EQ(sum("waiting"), 12000);
    EXPECT_EQ(operate("retry", {{"activity", activity}}).disposition, "applied");
    EXPECT_EQ(sum("refunding"), 12000);
    EXPECT_EQ(operate("retry", {{"activity", activity}}).disposition, "refused") << "it is under way";
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MoneyStory, RefundThatStripeToldOfNeedsNoAnswerOfItsCall) {
    for (const bool told_first : {true, false}) {
        desk = Fold(monday);
        cancel_confirmed();
        const std::string ours = desk.data().money.refunds.front().id;
        if (!told_first) desk.fail("refund.create", true);
        refund("refund.succeeded", "re_1", 12000, "pi_1", ours);
        if (told_first) desk.fail("refund.create", true);
        EXPECT_EQ(desk.state(), "REFUNDED");
        EXPECT_EQ(desk.attention(), "");
        EXPECT_TRUE(desk.data().calls.empty());
    }
}

TEST_F(MoneyStory, RefundUsedUpIsOpenedAgainByReconciliation) {
    cancel_confirmed();
    desk.fail("refund.create", true);
    EXPECT_TRUE(desk.flagged("activity_exhausted"));
    EXPECT_EQ(sum("refunding"), 12000) << "it may have landed";
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("refund.create"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(MoneyStory, RefundByHandOfTheWholeEndsTheBooking) {
    book_confirmed();
    refund("refund.succeeded", "re_hand", 12000);
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_TRUE(desk.open("meeting.delete"));
    EXPECT_TRUE(desk.open("slot.cancel"));
    EXPECT_FALSE(desk.open("refund.create"));
}

TEST_F(MoneyStory, GoodwillPartChangesNoState) {
    book_confirmed();
    refund("refund.succeeded", "re_hand", 2000);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(sum("refunded"), 2000);
    cancel("invitee", slot_start - 23h);
    EXPECT_EQ(sum("refunding"), 4000) << "half, less what went back already";
    EXPECT_EQ(sum("kept"), 6000);
}

TEST_F(MoneyStory, RefundByHandWhileOursIsUnderWayMakesOursGiveWay) {
    cancel_confirmed();
    refund("refund.succeeded", "re_hand", 12000);
    EXPECT_EQ(desk.state(), "REFUNDED");
    desk.succeed("refund.create",
                 {{"done", "already_refunded"},
                  {"refund", nullptr},
                  {"refunds", json::array{json::object{
                                  {"refund", "re_hand"}, {"our_refund", nullptr}, {"amount", 12000}, {"status", "succeeded"}}}}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(sum("refunded"), 12000);
    EXPECT_EQ(sum("refunding"), 0);
}

TEST_F(MoneyStory, AlreadyRefundedBooksWhatStripeListsAndReturnsTheRest) {
    cancel_confirmed();
    desk.succeed("refund.create",
                 {{"done", "already_refunded"},
                  {"refund", nullptr},
                  {"refunds", json::array{json::object{
                                  {"refund", "re_hand"}, {"our_refund", nullptr}, {"amount", 5000}, {"status", "succeeded"}}}}});
    EXPECT_EQ(sum("refunded"), 5000);
    EXPECT_EQ(sum("refunding"), 7000);
    refund_made("re_2");
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(MoneyStory, HintBooksNothingAndAsks) {
    book_confirmed();
    desk.send("refund.hint", {{"payment", "pi_1"}, {"charge", "ch_1"}, {"amount_refunded", 3000}, {"currency", "usd"}});
    EXPECT_EQ(sum("refunded"), 0);
    desk.succeed("refund.list",
                 {{"refunds", json::array{json::object{
                                  {"refund", "re_hand"}, {"our_refund", nullptr}, {"amount", 3000}, {"status", "succeeded"}}}}});
    EXPECT_EQ(sum("refunded"), 3000);
    EXPECT_EQ(desk.send("refund.hint", {{"payment", "pi_1"}, {"amount_refunded", 3000}}).reason, "already booked");
}

TEST_F(MoneyStory, RefundOfAnUnknownPaymentWaitsForIt) {
    book_pending();
    EXPECT_EQ(refund("refund.succeeded", "re_hand", 2000).disposition, "deferred");
    pay();
    EXPECT_EQ(sum("refunded"), 2000);
}

TEST_F(MoneyStory, DisputeHoldsRefundsUntilItEnds) {
    book_confirmed();
    dispute("dispute.opened");
    EXPECT_TRUE(desk.flagged("dispute"));
    EXPECT_EQ(desk.state(), "CONFIRMED");
    cancel("host");
    EXPECT_FALSE(desk.open("refund.create"));
    EXPECT_EQ(sum("refunding"), 12000);
    dispute("dispute.won");
    EXPECT_FALSE(desk.flagged("dispute"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(MoneyStory, LostDisputeEndsTheWaitingRefund) {
    book_confirmed();
    dispute("dispute.opened");
    cancel("host");
    dispute("dispute.lost");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("lost"), 12000);
    EXPECT_EQ(sum("refunding"), 0);
    EXPECT_TRUE(desk.flagged("dispute_lost"));
    EXPECT_EQ(dispute("dispute.lost").reason, "already booked");
}

TEST_F(MoneyStory, DisputeLostInPartReturnsTheRest) {
    book_confirmed();
    dispute("dispute.opened", "du_1", 5000);
    cancel("host");
    dispute("dispute.lost", "du_1", 5000);
    EXPECT_EQ(sum("lost"), 5000);
    EXPECT_EQ(sum("refunding"), 7000);
    EXPECT_TRUE(desk.open("refund.create"));
}

TEST_F(MoneyStory, InquiryBlocksNothing) {
    book_confirmed();
    dispute("dispute.opened", "du_1", 12000, true);
    EXPECT_TRUE(desk.flagged("dispute"));
    cancel("host");
    EXPECT_TRUE(desk.open("refund.create"));
    dispute("dispute.opened");
    EXPECT_EQ(desk.data().money.disputes.front().phase, DisputePhase::open);
    EXPECT_EQ(dispute("dispute.opened", "du_1", 12000, true).reason, "already booked");
}

TEST_F(MoneyStory, DisputeAfterRefundPaysTwice) {
    cancel_confirmed();
    refund_made();
    dispute("dispute.opened");
    EXPECT_TRUE(desk.flagged("dispute_after_refund"));
    dispute("dispute.lost");
    EXPECT_TRUE(desk.flagged("paid_twice_back"));
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(MoneyStory, StripeSaysDisputedBeforeWeHeardOfIt) {
    cancel_confirmed();
    desk.succeed("refund.create", {{"done", "disputed"}, {"refund", nullptr}});
    EXPECT_EQ(desk.data().money.refunds.front().phase, RefundPhase::held_by_dispute);
    dispute("dispute.opened");
    dispute("dispute.won");
    EXPECT_TRUE(desk.open("refund.create"));
}

TEST_F(MoneyStory, RefundOnItsWayWhenTheDisputeIsLostIsReturnedByIt) {
    cancel_confirmed();
    dispute("dispute.opened");
    dispute("dispute.lost");
    EXPECT_TRUE(desk.flagged("paid_twice_back")) << "so it seems until Stripe answers";
    desk.succeed("refund.create", {{"done", "disputed"}, {"refund", nullptr}});
    EXPECT_EQ(desk.data().money.refunds.front().phase, RefundPhase::returned_by_dispute);
    EXPECT_FALSE(desk.flagged("paid_twice_back"));
    EXPECT_TRUE(desk.flagged("dispute_lost"));
    desk.ring("reconcile");
    EXPECT_FALSE(desk.open("refund.create")) << "it is not asked for again";
}

TEST_F(MoneyStory, DisputeBeforeConfirmationLost) {
    book_pending();
    pay("pi_1", 100);
    dispute("dispute.opened", "du_1", 100);
    dispute("dispute.lost", "du_1", 100);
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.flagged("dispute_lost"));
    EXPECT_TRUE(desk.open("slot.cancel"));
}

TEST(Money, ShareIsByTheTierWithTheGreatestNoticeNotAbove) {
    Terms terms;
    EXPECT_EQ(money::share(terms, 12000, -5), 12000) << "none given: full";
    terms.refund = {{86400, 100}, {3600, 50}};
    EXPECT_EQ(money::share(terms, 12000, 86400), 12000);
    EXPECT_EQ(money::share(terms, 12000, 86399), 6000);
    EXPECT_EQ(money::share(terms, 12000, 3599), 0) << "below all tiers nothing";
    terms.refund = {{0, 33}};
    EXPECT_EQ(money::share(terms, 1, 0), 1);
    EXPECT_EQ(money::share(terms, 9'000'000'000'000'000'000, 0), 2'970'000'000'000'000'000);
}

} // namespace appointd::booking::testing
