#include "tests/unit/booking/desk.hpp"

/// Disputes that end otherwise than once, won or lost: verdicts that an appeal turns, and disputes that were prevented.
namespace appointd::booking::testing {

struct DisputeStory : Desk {
    void lose() {
        dispute("dispute.opened");
        dispute("dispute.lost");
        desk.now += 24h;
    }
    Told won(Duration later = {}) { return told("dispute.won", desk.now + later); }
    Told lost(Duration later = {}) { return told("dispute.lost", desk.now + later); }
    Told told(std::string_view type, Time at) {
        const json::object payload{
            {"dispute", "du_1"}, {"payment", "pi_1"}, {"amount", 12000}, {"currency", "usd"}, {"inquiry", false}};
        return desk.send(type, payload, "stripe", at);
    }
    Told prevented() {
        const json::object payload{{"dispute", "du_1"}, {"payment", "pi_1"},     {"amount", 12000},
                                   {"currency", "usd"}, {"status", "prevented"}, {"inquiry", false}};
        return desk.send("dispute.noted", payload, "stripe");
    }
};

TEST_F(DisputeStory, WonOnAppealBeforeTheSessionItWaitsForTheSession) {
    book_confirmed();
    lose();
    EXPECT_EQ(sum("lost"), 12000);
    EXPECT_EQ(won().disposition, "applied");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(sum("lost"), 0);
    EXPECT_EQ(sum("waiting"), 12000);
    EXPECT_EQ(desk.attention(), "");
    desk.now = slot_end;
    ended(slot_end);
    EXPECT_EQ(sum("kept"), 12000);
    desk.expect_replay();
}

TEST_F(DisputeStory, WonOnAppealAfterTheSessionItIsKeptForIt) {
    book_completed();
    lose();
    EXPECT_EQ(sum("kept"), 0);
    won();
    EXPECT_EQ(sum("kept"), 12000);
    EXPECT_EQ(sum("waiting"), 0);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(DisputeStory, LostBeforeTheSessionAndWonAfterItIsKeptForItToo) {
    book_confirmed();
    lose();
    desk.now = slot_end;
    ended(slot_end);
    EXPECT_EQ(sum("kept"), 0);
    won();
    EXPECT_EQ(sum("kept"), 12000);
}

TEST_F(DisputeStory, WonOnAppealAfterAHostsCancelItGoesBackToTheCustomer) {
    book_confirmed();
    dispute("dispute.opened");
    cancel("host");
    dispute("dispute.lost");
    EXPECT_FALSE(desk.open("refund.create"));
    won();
    ASSERT_TRUE(desk.open("refund.create"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(DisputeStory, WonOnAppealAfterAnInviteesCancelItIsSharedByTheTerms) {
    for (const bool lost_first : {true, false}) {
        desk = Fold(monday);
        book_confirmed();
        dispute("dispute.opened");
        desk.now = slot_start - 2h; // below a day's notice: half
        if (lost_first) dispute("dispute.lost");
        cancel("invitee");
        if (!lost_first) dispute("dispute.lost");
        EXPECT_EQ(sum("lost"), 12000);
        desk.now += 24h;
        won();
        EXPECT_EQ(sum("refunding"), 6000) << lost_first;
        EXPECT_EQ(sum("kept"), 6000) << lost_first;
        refund_made();
        EXPECT_EQ(desk.state(), "CANCELED");
        EXPECT_EQ(sum("refunded"), 6000);
        EXPECT_EQ(desk.attention(), "");
    }
}

TEST_F(DisputeStory, WonOnAppealWhereAnOperatorKeptItIsKept) {
    for (const json::value& choice : {json::value("none"), json::value(4000)}) {
        desk = Fold(monday);
        book_confirmed();
        operate("cancel", {{"refund", choice}});
        const auto returned = choice.is_int64() ? choice.as_int64() : 0;
        if (returned > 0) refund_made();
        dispute("dispute.opened", "du_1", 12000 - returned);
        dispute("dispute.lost", "du_1", 12000 - returned);
        EXPECT_EQ(sum("kept"), 0);
        dispute("dispute.won", "du_1", 12000 - returned);
        EXPECT_EQ(sum("kept"), 12000 - returned);
        EXPECT_FALSE(desk.open("refund.create"));
    }
}

TEST_F(DisputeStory, WonOnAppealAfterItHadGoneBackNothingIsPaidTwiceAnyMore) {
    book_confirmed();
    cancel("host");
    refund_made();
    lose();
    ASSERT_TRUE(desk.flagged("paid_twice_back"));
    won();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(sum("waiting"), 0);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(DisputeStory, LateMoneyThatIsWonBackGoesBack) {
    book_abandoned();
    pay();
    dispute("dispute.opened");
    desk.succeed("refund.create", {{"done", "disputed"}, {"refund", nullptr}});
    dispute("dispute.lost");
    won();
    ASSERT_TRUE(desk.open("refund.create"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(DisputeStory, LaterVerdictCountsInWhateverOrderTheyCome) {
    book_confirmed();
    dispute("dispute.opened");
    won(48h);
    EXPECT_EQ(lost().reason, "already booked") << "the verdict before the appeal";
    EXPECT_EQ(sum("lost"), 0);
    EXPECT_EQ(won(48h).reason, "already booked");
    EXPECT_EQ(lost(96h).disposition, "applied");
    EXPECT_EQ(sum("lost"), 12000);
    EXPECT_EQ(won(48h).reason, "already booked");
    EXPECT_TRUE(desk.flagged("dispute_lost"));
    desk.expect_replay();
}

TEST_F(DisputeStory, PreventedIsNeitherWonNorLost) {
    book_confirmed();
    EXPECT_EQ(prevented().disposition, "applied");
    EXPECT_TRUE(desk.flagged("dispute"));
    EXPECT_EQ(sum("lost"), 0);
    EXPECT_EQ(prevented().reason, "already booked");
    cancel("host");
    EXPECT_FALSE(desk.open("refund.create")) << "the customer may have the money already";
    operate("resolve", {{"flag", "dispute"}, {"note", "the money is still ours"}});
    ASSERT_TRUE(desk.open("refund.create"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.data().money.disputes.front().phase, DisputePhase::prevented) << "as it stands at Stripe";
    EXPECT_EQ(prevented().reason, "already booked");
    desk.expect_replay();
}

TEST_F(DisputeStory, PreventedAndPaidBackByStripeIsRecordedByAPerson) {
    book_confirmed();
    dispute("dispute.opened");
    cancel("host");
    prevented();
    EXPECT_FALSE(desk.open("refund.create"));
    operate("refunded_elsewhere", {{"amount", 12000}, {"reference", "du_1"}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    operate("resolve", {{"flag", "dispute"}});
    EXPECT_FALSE(desk.open("refund.create"));
    EXPECT_EQ(desk.attention(), "");
}

} // namespace appointd::booking::testing
