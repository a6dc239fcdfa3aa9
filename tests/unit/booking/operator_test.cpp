#include "tests/unit/booking/desk.hpp"
#include "workflows/booking/view.hpp"

namespace appointd::booking::testing {

struct OperatorStory : Desk {};

TEST_F(OperatorStory, CancelReturnsAllByDefault) {
    book_confirmed();
    operate("cancel");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("refunding"), 12000);
    EXPECT_TRUE(desk.open("slot.cancel"));
    EXPECT_TRUE(desk.open("meeting.delete"));
    EXPECT_EQ(desk.data().ended->by, "operator");
}

TEST_F(OperatorStory, CancelByPolicyNoneOrAmount) {
    book_confirmed();
    desk.now = slot_start - 2h;
    operate("cancel", {{"refund", "policy"}});
    EXPECT_EQ(sum("refunding"), 6000);
    EXPECT_EQ(sum("kept"), 6000);

    desk = Fold(monday);
    book_confirmed();
    operate("cancel", {{"refund", "none"}});
    EXPECT_EQ(sum("kept"), 12000);
    EXPECT_EQ(operate("refund", {{"amount", 12000}}).disposition, "applied") << "also of kept money";
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");

    desk = Fold(monday);
    book_confirmed();
    operate("cancel", {{"refund", 1000}});
    EXPECT_EQ(sum("refunding"), 1000);
    EXPECT_EQ(sum("kept"), 11000);
}

TEST_F(OperatorStory, ImpossibleChoiceIsRefused) {
    book_confirmed();
    EXPECT_EQ(operate("cancel", {{"refund", 99999}}).disposition, "refused");
    EXPECT_EQ(operate("cancel", {{"refund", "half"}}).disposition, "refused");
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(OperatorStory, CancelOfADeadBookingIsIgnored) {
    book_abandoned();
    EXPECT_EQ(operate("cancel").reason, "already over");
}

TEST_F(OperatorStory, CompletedIsNotCanceledButRefunded) {
    book_completed();
    EXPECT_EQ(operate("cancel").disposition, "refused");
    operate("refund", {{"amount", 2000}});
    refund_made("re_1");
    EXPECT_EQ(desk.state(), "COMPLETED");
    EXPECT_EQ(sum("kept"), 10000);
    operate("refund", {{"amount", 10000}});
    refund_made("re_2");
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(operate("refund", {{"amount", 1}}).disposition, "refused");
}

TEST_F(OperatorStory, WholeRefundOfAConfirmedBookingCancelsIt) {
    book_confirmed();
    operate("refund", {{"amount", 12000}});
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_TRUE(desk.open("meeting.delete"));
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(OperatorStory, PartRefundOfAConfirmedBookingStays) {
    book_confirmed();
    operate("refund", {{"amount", 2000}});
    refund_made();
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(OperatorStory, MarkPaidConfirmsAndClosesTheCheckout) {
    book_pending();
    operate("mark_paid", {{"amount", 12000}, {"reference", "cash"}});
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.open("checkout.expire"));
    EXPECT_TRUE(desk.open("meeting.create"));
    EXPECT_EQ(sum("captured"), 12000);
    operate("cancel");
    EXPECT_FALSE(desk.open("refund.create")) << "no provider has that money";
    EXPECT_TRUE(desk.flagged("refund_failed"));
    operate("refunded_elsewhere", {{"amount", 12000}, {"reference", "cash"}});
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(OperatorStory, MarkPaidIsRefusedWhereItMakesNoSense) {
    request();
    EXPECT_EQ(operate("mark_paid", {{"amount", 1}}).reason, "no slot");
    desk = Fold(monday);
    book_confirmed();
    EXPECT_EQ(operate("mark_paid", {{"amount", 1}}).reason, "paid already");
    desk = Fold(monday);
    book_abandoned();
    EXPECT_EQ(operate("mark_paid", {{"amount", 1}}).reason, "given up: book again");
}

TEST_F(OperatorStory, HostWhoDidNotComeReturnsAll) {
    book_completed();
    EXPECT_EQ(operate("no_show", {{"who", "dog"}}).disposition, "refused");
    operate("no_show", {{"who", "host"}});
    EXPECT_EQ(desk.data().met.no_show, "host");
    EXPECT_EQ(sum("refunding"), 12000);
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(OperatorStory, HostNoShowBeforeCompletionEndsRefunded) {
    book_confirmed();
    operate("no_show", {{"who", "host"}});
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(OperatorStory, FlagIsSettledByItsReason) {
    book_confirmed();
    zoom("meeting.updated", {{"start", to_iso(slot_start + 2h)}});
    EXPECT_EQ(operate("resolve", {{"reason", "no_meeting"}, {"note", "x"}}).disposition, "refused");
    EXPECT_EQ(operate("resolve", {{"reason", "meeting_moved"}, {"note", "agreed"}}).disposition, "applied");
    EXPECT_EQ(desk.attention(), "");
    EXPECT_EQ(operate("note", {{"text", "called her"}}).disposition, "applied");
}

TEST_F(OperatorStory, SkippedCallFailsForGood) {
    book_pending();
    pay();
    const auto activity = desk.find("meeting.create")->id;
    EXPECT_EQ(operate("skip", {{"activity", activity}}).disposition, "applied");
    EXPECT_FALSE(desk.open("meeting.create"));
    EXPECT_TRUE(desk.flagged("meeting_failed"));
    EXPECT_EQ(operate("retry", {{"activity", activity}}).disposition, "applied");
    meeting_made();
    EXPECT_EQ(desk.attention(), "");
    EXPECT_EQ(operate("skip", {{"activity", "nonsense"}}).disposition, "refused");
    EXPECT_EQ(operate("retry", {{"activity", activity}}).disposition, "refused");
}

TEST_F(OperatorStory, FailedCheckoutIsTriedAgain) {
    book();
    const auto activity = desk.find("checkout.create")->id;
    desk.fail("checkout.create", false);
    EXPECT_TRUE(desk.flagged("checkout_failed"));
    operate("retry", {{"activity", activity}});
    checkout_made();
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(OperatorStory, FailedReleaseIsFlaggedAndTriedAgain) {
    book_pending();
    operate("cancel");
    const auto activity = desk.find("slot.cancel")->id;
    desk.fail("slot.cancel", false);
    EXPECT_TRUE(desk.flagged("slot_held"));
    operate("retry", {{"activity", activity}});
    desk.succeed("slot.cancel", {{"done", "already"}});
    EXPECT_EQ(desk.data().slot.phase, SlotPhase::free);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(OperatorStory, RefusalWritesNothing) {
    book_pending();
    const auto lines = desk.history.size();
    operate("complete");
    operate("no_show", {{"who", "guest"}});
    operate("refund", {{"amount", 5}});
    EXPECT_EQ(desk.history.size(), lines);
}

TEST_F(OperatorStory, ViewShowsWhatAPageNeeds) {
    book_pending();
    const auto view = view_of(desk.state(), desk.workflow->data);
    EXPECT_EQ(view.checkout, "https://checkout.stripe.com/c/1");
    EXPECT_EQ(view.page_key, "key");
    EXPECT_EQ(view.start, slot_start);
    EXPECT_EQ(view.timezone, "Europe/Berlin");
    EXPECT_EQ(view.name, "Ann Poe");
    EXPECT_EQ(view.metadata, R"({"ref":"42"})");
    pay();
    meeting_made();
    const auto later = view_of(desk.state(), desk.workflow->data);
    EXPECT_EQ(later.checkout, "");
    EXPECT_EQ(later.meeting, "https://zoom.us/j/850");
    EXPECT_EQ(later.money.captured, 12000);
    cancel("host");
    EXPECT_EQ(view_of(desk.state(), desk.workflow->data).meeting, "");
}

TEST_F(OperatorStory, NamesInDataAreWhereOutsideProgramsLook) {
    book_confirmed();
    const auto data = desk.json_data();
    for (const auto* name : {"captured", "refunded", "refunding", "kept", "lost", "currency"})
        EXPECT_TRUE(data.at("money").as_object().contains(name)) << name;
    for (const auto* name : {"start", "end", "timezone", "invitee"})
        EXPECT_TRUE(data.at("slot").as_object().contains(name)) << name;
    EXPECT_EQ(data.at("meeting").at("id").as_string(), "850");
    EXPECT_TRUE(data.at("attention").is_array());
    EXPECT_TRUE(data.at("checkout").at("url").is_null());
    EXPECT_TRUE(data.at("link").at("url").is_string());
}

} // namespace appointd::booking::testing
