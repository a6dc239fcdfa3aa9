#include "tests/unit/booking/desk.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace appointd::booking::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string link_850 = "https://zoom.us/j/850";

} // namespace

/// A booking whose relay and operator are known; what was asked to be sent is read and answered as sent.
class NoticesStory : public Desk {
protected:
    NoticesStory() {
        terms["mail"] = true;
        terms["mail_operator"] = true;
    }
    void listen(json::array events = {}) {
        terms["webhook_endpoints"] = json::array{json::object{{"name", "crm"}, {"events", std::move(events)}}};
    }
    /// The requests of a kind that were asked for since the last look, all answered.
    std::vector<json::object> take_all(std::string_view kind) {
        std::vector<json::object> requests;
        while (const Activity* activity = desk.find(kind)) {
            const Activity copy = *activity;
            requests.push_back(copy.request);
            desk.answer(copy, true, {});
        }
        return requests;
    }
    std::vector<std::string> mails() {
        std::vector<std::string> about;
        letters = take_all("mail.send");
        for (const json::object& letter : letters) about.push_back(text_or_empty(letter, "about"));
        return about;
    }
    std::vector<std::string> webhooks() {
        std::vector<std::string> types;
        bodies.clear();
        for (const json::object& request : take_all("webhook.send")) {
            bodies.push_back(*parse_object(text_or_empty(request, "body")));
            types.push_back(text_or_empty(bodies.back(), "type"));
        }
        return types;
    }
    std::vector<json::object> letters, bodies;
};

TEST_F(NoticesStory, WhoMustPayIsToldOnceWithTheDeadline) {
    book();
    EXPECT_THAT(mails(), IsEmpty()) << "there is no checkout yet";
    checkout_made();
    EXPECT_THAT(mails(), ElementsAre("pay_now"));
    EXPECT_EQ(text_or_empty(letters[0], "email"), "ann@example.org");
    EXPECT_EQ(text_or_empty(letters[0], "until"), to_iso(*desk.data().deadline));
    EXPECT_THAT(text_or_empty(object_or_empty(letters[0], "links"), "page"), HasSubstr("http://127.0.0.1:8080/b/"));
    declined();
    EXPECT_THAT(mails(), IsEmpty()) << "the same checkout is still open";
}

TEST_F(NoticesStory, AFailedPaymentAsksOnceMoreAnEndedCheckoutDoesNot) {
    terms["payment_window_seconds"] = 2 * 86400;
    book_pending();
    EXPECT_THAT(mails(), ElementsAre("pay_now"));
    expired("cs_1");
    desk.succeed("checkout.create", {{"session", "cs_2"}, {"url", "https://pay/2"}});
    EXPECT_THAT(mails(), IsEmpty()) << "the page leads to the new checkout";
    desk.send("payment.processing", {{"payment", "pi_1"}, {"session", "cs_2"}}, "stripe");
    desk.send("payment.failed", {{"payment", "pi_1"}, {"session", "cs_2"}}, "stripe");
    desk.succeed("checkout.create", {{"session", "cs_3"}, {"url", "https://pay/3"}});
    EXPECT_THAT(mails(), ElementsAre("pay_now"));
}

TEST_F(NoticesStory, ConfirmedComesWithTheLinkAndACalendarFile) {
    book_pending();
    mails();
    pay();
    EXPECT_THAT(mails(), IsEmpty()) << "the meeting is still being made";
    meeting_made();
    EXPECT_THAT(mails(), ElementsAre("confirmed"));
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "links"), "join"), link_850);
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "calendar"), "method"), "REQUEST");
    EXPECT_EQ(int_field(object_or_empty(letters[0], "calendar"), "sequence"), 0);
    zoom("meeting.created", {{"marker", engine::to_string(desk.id)}, {"join_url", link_850}});
    zoom("meeting.started", {{"uuid", "u1"}, {"at", to_iso(slot_start)}});
    EXPECT_THAT(mails(), IsEmpty()) << "an echo tells nobody anything";
}

TEST_F(NoticesStory, WithoutAPlaceConfirmedComesAtOnce) {
    terms["place"] = "none";
    book_pending();
    mails();
    pay();
    EXPECT_THAT(mails(), ElementsAre("confirmed"));
}

TEST_F(NoticesStory, AMovedBookingIsToldOnceItsCalendarFileGrows) {
    book_confirmed();
    mails();
    moving(1, 2);
    EXPECT_THAT(mails(), IsEmpty()) << "half of a reschedule";
    moved(1, 2, slot_start + 24h);
    EXPECT_THAT(mails(), ElementsAre("moved"));
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "slot"), "start"), to_iso(slot_start + 24h));
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "links"), "join"), link_850);
    EXPECT_EQ(int_field(object_or_empty(letters[0], "calendar"), "sequence"), 1);
    desk.succeed("meeting.update", {{"found", true}, {"running", false}, {"start", to_iso(slot_start + 24h)}});
    EXPECT_THAT(mails(), IsEmpty()) << "Zoom followed; the link is the same";
}

TEST_F(NoticesStory, AMoveBeforePaymentSaysWhereToPay) {
    book_pending();
    mails();
    reschedule(1, 2, slot_start + 24h);
    EXPECT_THAT(mails(), ElementsAre("moved"));
    EXPECT_FALSE(letters[0].contains("calendar")) << "nothing is confirmed yet";
}

TEST_F(NoticesStory, AMeetingMadeAgainHasANewLink) {
    book_confirmed();
    mails();
    zoom("meeting.deleted");
    EXPECT_THAT(mails(), IsEmpty());
    meeting_made("851");
    EXPECT_THAT(mails(), ElementsAre("new_link"));
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "links"), "join"), "https://zoom.us/j/851");
}

TEST_F(NoticesStory, CanceledSaysWhatBecomesOfTheMoneyAndRefundedThatItIsBack) {
    book_confirmed();
    mails();
    cancel("invitee", slot_start - 2h);
    EXPECT_THAT(mails(), ElementsAre("canceled"));
    const json::object money = object_or_empty(letters[0], "money");
    EXPECT_EQ(int_field(money, "refunding"), 6000);
    EXPECT_EQ(int_field(money, "kept"), 6000);
    EXPECT_EQ(text_or_empty(object_or_empty(letters[0], "calendar"), "method"), "CANCEL");
    refund_made();
    EXPECT_THAT(mails(), ElementsAre("refunded"));
    EXPECT_EQ(int_field(letters[0], "amount"), 6000);
    refund("refund.succeeded", "re_1", 6000, "pi_1", desk.data().money.refunds.front().id);
    EXPECT_THAT(mails(), IsEmpty()) << "Stripe's webhook is an echo of its answer";
}

TEST_F(NoticesStory, ARefundThatFailsAfterAllIsToldAgainWhenItComes) {
    book_confirmed();
    cancel("host");
    refund_made();
    mails();
    refund("refund.failed", "re_1", 12000, "pi_1", desk.data().money.refunds.front().id);
    EXPECT_THAT(mails(), ElementsAre("attention")) << "the operator's";
    operate("refunded_elsewhere", {{"amount", 12000}, {"reference", "transfer"}});
    EXPECT_THAT(mails(), ElementsAre("refunded"));
}

TEST_F(NoticesStory, AnAbandonedSlotIsToldAnAbandonedWishIsNot) {
    book_abandoned();
    EXPECT_THAT(mails(), ElementsAre("pay_now", "canceled"));
    EXPECT_EQ(text_or_empty(object_or_empty(letters[1], "ended"), "why"), "no_payment");
    Fold wish(monday);
    desk = wish;
    request();
    desk.ring("slot_timeout");
    EXPECT_THAT(mails(), IsEmpty());
}

TEST_F(NoticesStory, RemindersGoWhenTheyAreDueAndNotForASlotThatMoves) {
    book_confirmed();
    mails();
    desk.ring("reminder.0");
    EXPECT_THAT(mails(), ElementsAre("reminder"));
    EXPECT_EQ(text_or_empty(letters[0], "until"), to_iso(slot_start)) << "later it would mislead";
    moving(1, 2);
    EXPECT_FALSE(desk.timer("reminder.1"));
}

TEST_F(NoticesStory, TheOperatorIsToldOfEachFlagOnce) {
    book_confirmed();
    mails();
    dispute("dispute.opened");
    EXPECT_THAT(mails(), ElementsAre("attention"));
    EXPECT_EQ(text_or_empty(letters[0], "to"), "operator");
    dispute("dispute.opened", "du_2", 100);
    EXPECT_THAT(mails(), IsEmpty()) << "the same flag is open";
    operate("resolve", {{"reason", "dispute"}, {"flag", "dispute"}, {"note", "seen"}});
    dispute("dispute.opened", "du_3", 100);
    EXPECT_THAT(mails(), ElementsAre("attention")) << "settled, and here again";
}

TEST_F(NoticesStory, AnEmailThatIsRefusedIsFlaggedAndMayBeTriedAgain) {
    book_pending();
    desk.fail("mail.send", false);
    EXPECT_TRUE(desk.flagged("activity_exhausted"));
    const auto failed = desk.data().calls.back().activity;
    mails();
    operate("retry", {{"activity", failed}});
    EXPECT_THAT(mails(), ElementsAre("pay_now"));
    EXPECT_FALSE(desk.flagged("activity_exhausted"));
}

TEST_F(NoticesStory, TheOperatorsOwnEmailIsNeverFlagged) {
    book_confirmed();
    mails();
    dispute("dispute.opened");
    desk.fail("mail.send", false);
    EXPECT_EQ(desk.attention(), "dispute");
}

TEST_F(NoticesStory, WithoutARelayTheHistorySaysWhatWasNotSent) {
    terms["mail"] = false;
    book_pending();
    EXPECT_THAT(desk.history.back().reason, HasSubstr("e-mail pay_now not sent: no relay is configured"));
    pay();
    EXPECT_THAT(desk.history.back().reason, ::testing::Not(HasSubstr("e-mail")));
    meeting_made();
    EXPECT_THAT(desk.history.back().reason, HasSubstr("e-mail confirmed not sent"));
    reschedule(1, 2, slot_start + 24h);
    EXPECT_THAT(desk.history.back().reason, HasSubstr("e-mail moved not sent"));
    cancel("host", std::nullopt, 2);
    EXPECT_THAT(desk.history.back().reason, HasSubstr("e-mail canceled not sent"));
    EXPECT_FALSE(desk.open("mail.send"));
    EXPECT_EQ(desk.data().told, booking::Told{}) << "and nothing is paid for it";
}

TEST_F(NoticesStory, ListenersHearOfEveryChangeOfStateInOrder) {
    listen();
    book_confirmed();
    EXPECT_THAT(webhooks(),
                ElementsAre("booking.initiated", "booking.scheduled", "booking.payment_pending", "booking.confirmed"));
    std::vector<std::int64_t> places;
    for (const json::object& body : bodies) places.push_back(*int_field(object_or_empty(body, "data"), "sequence"));
    EXPECT_TRUE(std::ranges::is_sorted(places));
    const json::object confirmed = object_or_empty(bodies.back(), "data");
    EXPECT_EQ(text_or_empty(confirmed, "state"), "CONFIRMED");
    EXPECT_EQ(text_or_empty(confirmed, "previous_state"), "PAYMENT_PENDING");
    EXPECT_EQ(text_or_empty(confirmed, "event"), "payment.captured");
    EXPECT_EQ(text_or_empty(confirmed, "reason"), "paid");
    EXPECT_EQ(int_field(object_or_empty(confirmed, "money"), "captured"), 12000);
    EXPECT_EQ(text_or_empty(object_or_empty(confirmed, "metadata"), "ref"), "42");
}

TEST_F(NoticesStory, ListenersHearOfAttentionAndOfMoves) {
    listen();
    book_confirmed();
    webhooks();
    reschedule(1, 2, slot_start + 24h);
    EXPECT_THAT(webhooks(), ElementsAre("booking.rescheduled"));
    dispute("dispute.opened");
    EXPECT_THAT(webhooks(), ElementsAre("attention.raised"));
    EXPECT_EQ(text_or_empty(object_or_empty(object_or_empty(bodies[0], "data"), "about"), "reason"), "dispute");
    dispute("dispute.won");
    EXPECT_THAT(webhooks(), ElementsAre("attention.resolved"));
}

TEST_F(NoticesStory, AListenerHearsOnlyWhatItWants) {
    listen({"booking.confirmed", "booking.refunded"});
    book_confirmed();
    EXPECT_THAT(webhooks(), ElementsAre("booking.confirmed"));
    cancel("host");
    refund_made();
    EXPECT_THAT(webhooks(), ElementsAre("booking.refunded"));
}

TEST_F(NoticesStory, AnEndpointThatFailsDisturbsNoBooking) {
    listen();
    book_pending();
    desk.fail("webhook.send", true);
    EXPECT_EQ(desk.attention(), "");
    EXPECT_EQ(desk.history.back().disposition, "ignored");
}

TEST_F(NoticesStory, WhatFindsNoRoomGoesWithTheNextTransitionInOrder) {
    json::array four;
    for (const auto* name : {"a", "b", "c", "d"}) four.push_back({{"name", name}, {"events", json::array{}}});
    terms["webhook_endpoints"] = four;
    terms["price"] = 0;
    json::object taken = slot(1);
    taken["payment"] = {{"amount_text", "12.5"}, {"currency", "USD"}, {"provider", "paypal"}};
    desk.send("slot.taken", taken, "calendly"); // CONFIRMED and a flag at once: eight webhooks, a meeting, an e-mail
    EXPECT_EQ(desk.count("meeting.create"), 1u) << "calls of providers come first";
    EXPECT_EQ(desk.count("mail.send"), 1u);
    EXPECT_EQ(desk.activities.size(), engine::limits::activities);
    EXPECT_EQ(desk.data().owed.size(), 2u);
    std::map<std::string, std::vector<std::string>> heard;
    for (int i = 0; i < 20 && (desk.open("webhook.send") || !desk.data().owed.empty()); ++i)
        for (const json::object& request : take_all("webhook.send"))
            heard[text_or_empty(request, "endpoint")].push_back(text_or_empty(request, "type"));
    EXPECT_TRUE(desk.data().owed.empty());
    for (const auto* name : {"a", "b", "c", "d"})
        EXPECT_THAT(heard[name], ElementsAre("booking.confirmed", "attention.raised")) << name;
}

} // namespace appointd::booking::testing
