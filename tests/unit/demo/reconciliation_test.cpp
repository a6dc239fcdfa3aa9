#include "daemon/demo_reconciliation.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>

namespace appointd::demo {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Time slot = *parse_iso("2026-12-01T09:00:00Z");

const Script& script(std::string_view name) {
    for (const Script& one : scripts())
        if (one.name == name) return one;
    throw std::logic_error("no such script");
}

/// One booking, both ledgers as they should be; a test spoils one of them.
struct Case {
    std::vector<Run> runs;
    AllBooks books;
    AllEvidence evidence;

    explicit Case(std::string_view name, const std::string& id = "b1") { add(name, id); }
    void add(std::string_view name, const std::string& id) {
        const Script& its = script(name);
        const Offer& offer = offer_named(its.session_type);
        Run run;
        run.plan.script = &its;
        run.booking = id;
        runs.push_back(run);
        Books& book = books[id];
        book.id = id;
        book.state = its.ending.state;
        book.currency = offer.currency;
        book.captured = share_of(offer.price, its.ending.captured_percent);
        book.refunded = share_of(book.captured, its.ending.refunded_percent);
        book.kept = book.state == "CONFIRMED" ? 0 : book.captured - book.refunded;
        book.invitee = "i1";
        book.start = slot;
        Evidence& proof = evidence[id];
        if (book.captured > 0) proof.payments.push_back({"pi_" + id, book.currency, book.captured});
        if (book.refunded > 0) proof.refunds.push_back({"re_" + id, "rf_" + id, "succeeded", book.currency, book.refunded});
        if (its.ending.meetings == 1) {
            book.meeting = "81";
            proof.meetings.push_back({"81", slot, true});
        }
        proof.seats.push_back({"i1", slot, its.ending.slot_held, ""});
        const bool told = std::ranges::find(its.steps, Step::await_meeting) != its.steps.end() || offer.place == "none";
        if (told) proof.mails.push_back({"confirmed", "<" + id + ".4.0@example.org>", offer.place == "zoom", false});
    }
    std::vector<std::string> problems() const { return reconcile(runs, books, evidence).problems; }
};

TEST(Reconciliation, AgreeingLedgersHaveNoProblems) {
    for (const Script& one : scripts()) EXPECT_THAT(Case(one.name).problems(), IsEmpty()) << one.name;
}

TEST(Reconciliation, ACustomerWhoIsNotToldOrToldTwiceIsFound) {
    Case untold("paid");
    untold.evidence["b1"].mails.clear();
    EXPECT_THAT(untold.problems(), ElementsAre(HasSubstr("e-mails that confirm it is 0, should be 1")));
    Case twice("paid");
    twice.evidence["b1"].mails.push_back({"confirmed", "<b1.9.0@example.org>", true, false});
    EXPECT_THAT(twice.problems(), ElementsAre(HasSubstr("e-mails that confirm it is 2, should be 1")));
    Case repeated("paid");
    repeated.evidence["b1"].mails.push_back(repeated.evidence["b1"].mails.front());
    EXPECT_THAT(repeated.problems(), IsEmpty()) << "the same Message-ID: the answer to the first was lost";
    Case without_link("paid");
    without_link.evidence["b1"].mails.front().names_link = false;
    EXPECT_THAT(without_link.problems(), ElementsAre(HasSubstr("without a join link")));
}

TEST(Reconciliation, SumsAreByCurrency) {
    Case both("paid");
    both.add("held at Calendly's link", "b2");
    both.add("canceled at short notice", "b3");
    const Verdict verdict = reconcile(both.runs, both.books, both.evidence);
    EXPECT_THAT(verdict.problems, IsEmpty());
    EXPECT_EQ(verdict.sums.at("usd").captured, 2 * 12345);
    EXPECT_EQ(verdict.sums.at("usd").refunded, 6173);
    EXPECT_EQ(verdict.sums.at("usd").kept, 12345 + 6172);
    EXPECT_EQ(verdict.sums.at("eur").provider_captured, 8000);
    EXPECT_EQ(verdict.meetings_live, 1U);
}

TEST(Reconciliation, OneCentTooFewIsFound) {
    Case one("canceled at short notice");
    one.evidence["b1"].refunds[0].amount -= 1;
    EXPECT_THAT(one.problems(), Contains(HasSubstr("refunded at Stripe is 6172, should be 6173")));
}

TEST(Reconciliation, MoneyTakenTwiceIsFound) {
    Case one("paid");
    one.evidence["b1"].payments.push_back({"pi_2", "usd", 12345});
    EXPECT_THAT(one.problems(), Contains(HasSubstr("captured at Stripe is 24690")));
}

TEST(Reconciliation, RefundThatStandsTwiceIsFound) {
    Case one("canceled in good time");
    one.evidence["b1"].refunds[0].amount = 6000;
    one.evidence["b1"].refunds.push_back({"re_2", "rf_b1", "succeeded", "usd", 6345});
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("refund rf_b1 stands twice")));
}

TEST(Reconciliation, TwinMeetingIsFound) {
    Case one("paid");
    one.evidence["b1"].meetings.push_back({"82", slot, true});
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("live meetings at Zoom is 2, should be 1")));
}

TEST(Reconciliation, MeetingLeftBehindByACancelIsFound) {
    Case one("canceled in good time");
    one.evidence["b1"].meetings.push_back({"82", slot, true});
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("live meetings at Zoom is 1, should be 0")));
}

TEST(Reconciliation, MeetingAtTheOldTimeIsFound) {
    Case one("rescheduled after payment");
    one.evidence["b1"].meetings[0].start += std::chrono::hours(1);
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("the meeting starts at 2026-12-01T10:00:00Z")));
}

TEST(Reconciliation, SlotThatWasNotFreedIsFound) {
    Case one("abandoned without payment");
    one.evidence["b1"].seats[0].active = true;
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("the slot is still taken")));
}

TEST(Reconciliation, BookingThatNobodyMadeIsFound) {
    Case one("paid");
    one.books["b2"].state = "SCHEDULED";
    EXPECT_THAT(one.problems(), ElementsAre("booking b2 (SCHEDULED) was made by nobody"));
}

TEST(Reconciliation, AttentionIsNamed) {
    Case one("paid");
    one.books["b1"].attention.push_back("meeting_moved");
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("needs attention: meeting_moved")));
}

TEST(Reconciliation, StuckBookingIsAProblemEvenWithoutAnId) {
    Case one("paid");
    one.runs[0].booking.clear();
    one.runs[0].stuck = "could not ask for a booking: 503";
    one.books.clear();
    one.evidence.clear();
    EXPECT_THAT(one.problems(), ElementsAre(HasSubstr("could not ask for a booking: 503")));
}

} // namespace
} // namespace appointd::demo
