#include "tests/unit/reconciliation/account.hpp"

#include <gmock/gmock.h>

namespace appointd::reconciliation::testing {

class Sweeps : public Account {};

TEST_F(Sweeps, TableHasNoFaults) { EXPECT_THAT(engine::faults_of_table<Reconciliation>(), ::testing::IsEmpty()); }

TEST_F(Sweeps, FirstComesAfterItsDistanceAndALittle) {
    begin(600);
    EXPECT_EQ(state(), "WAITING");
    EXPECT_TRUE(requested.empty());
    EXPECT_GE(timer_at("sweep"), monday + 10min);
    EXPECT_LE(timer_at("sweep"), monday + 11min);
}

TEST_F(Sweeps, WhatWasBeforeTheBeginningIsNotAskedFor) {
    begin();
    ring("sweep");
    EXPECT_EQ(state(), "LISTING");
    EXPECT_EQ(requested.front().kind, "stripe.events.list");
    EXPECT_EQ(requested.front().lane, engine::lane("", "stripe", "reconciliation"));
    EXPECT_GT(requested.front().priority, 5);
    EXPECT_EQ(asked_time("since"), monday);
    EXPECT_EQ(asked_time("until"), now);
    EXPECT_TRUE(asked().at("cursor").is_null());
}

TEST_F(Sweeps, EachWindowBeginsALittleBeforeTheLastOneEnded) {
    begin(3600);
    sweep();
    EXPECT_EQ(state(), "WAITING");
    const Time covered = data().covered;
    EXPECT_EQ(covered, now);
    ring("sweep");
    EXPECT_EQ(asked_time("since"), covered - 10min);
    EXPECT_EQ(asked_time("until"), now);
}

TEST_F(Sweeps, PagesAreAskedOneAfterTheOtherInOneWindow) {
    begin();
    ring("sweep");
    const Time until = asked_time("until");
    now += 1min;
    page("evt_50");
    EXPECT_EQ(asked().at("cursor"), "evt_50");
    EXPECT_EQ(asked_time("until"), until);
    page("evt_100");
    EXPECT_EQ(asked().at("cursor"), "evt_100");
    page();
    EXPECT_EQ(state(), "WAITING");
    EXPECT_TRUE(requested.empty());
    EXPECT_EQ(data().covered, until);
    EXPECT_EQ(data().last->pages, 3);
    EXPECT_EQ(data().last->seen, 9);
}

TEST_F(Sweeps, ManyPagesInOneGoAreFollowedByABreath) {
    begin();
    ring("sweep");
    for (int read = 1; read < limits::pages_at_once; ++read) {
        page("p" + std::to_string(read));
        ASSERT_EQ(requested.size(), 1u) << read;
    }
    page("last before the breath");
    EXPECT_TRUE(requested.empty());
    EXPECT_EQ(timer_at("page"), now + 1min);
    ring("page");
    EXPECT_EQ(asked().at("cursor"), "last before the breath");
}

TEST_F(Sweeps, ProviderThatNeverEndsIsLeftAtLast) {
    begin();
    ring("sweep");
    for (int read = 0; state() == "LISTING" && read < 10'000; ++read) {
        page("p" + std::to_string(read));
        if (requested.empty() && state() == "LISTING") ring("page");
    }
    EXPECT_EQ(state(), "WAITING");
    EXPECT_EQ(data().last->pages, limits::pages_of_sweep + 1);
    EXPECT_LT(data().covered, data().last->until) << "what was not read was not covered";
    EXPECT_THAT(data().last_error, ::testing::StartsWith("too_many_pages"));
}

TEST_F(Sweeps, FailureWaitsForTheNextTurnWhichComesLaterEachTime) {
    begin(600);
    ring("sweep");
    const Time since = asked_time("since");
    Duration before{};
    for (int failure = 1; failure <= 5; ++failure) {
        refuse();
        EXPECT_EQ(state(), "WAITING");
        EXPECT_TRUE(requested.empty());
        EXPECT_FALSE(attention);
        EXPECT_GT(timer_at("sweep") - now, before / 2);
        before = timer_at("sweep") - now;
        ring("sweep");
    }
    EXPECT_LE(before, 1h + 1min);
    EXPECT_GE(before, 1h);
    EXPECT_EQ(asked_time("since"), since);
    EXPECT_EQ(data().last_error, "stripe_404: unknown");
    page();
    EXPECT_EQ(data().failures, 0);
    EXPECT_EQ(data().last_error, "");
}

TEST_F(Sweeps, InterruptedGoesOnWhereItWasAndAtTheSecondFailureFromItsBeginning) {
    begin();
    ring("sweep");
    const Time until = asked_time("until");
    page("evt_50");
    refuse();
    ring("sweep");
    EXPECT_EQ(asked().at("cursor"), "evt_50");
    EXPECT_EQ(asked_time("until"), until);
    refuse();
    refuse(); // none of a sweep under way
    EXPECT_EQ(data().failures, 2);
    ring("sweep");
    EXPECT_TRUE(asked().at("cursor").is_null());
    EXPECT_EQ(asked_time("until"), until);
}

TEST_F(Sweeps, LongAbsenceIsCoveredForThirtyDays) {
    begin();
    sweep();
    now += 24h * 90;
    ring("sweep");
    EXPECT_EQ(asked_time("since"), now - 24h * 30);
}

TEST_F(Sweeps, GapIsSweptAtOnce) {
    begin();
    sweep();
    now += 1min;
    send("reconciliation.gap", {{"what", "subscription"}});
    EXPECT_EQ(state(), "LISTING");
    EXPECT_EQ(asked_time("until"), now);
    send("reconciliation.gap", {{"what", "another"}});
    page();
    EXPECT_EQ(state(), "LISTING") << "swept once more";
    page();
    EXPECT_EQ(state(), "WAITING");
}

TEST_F(Sweeps, OperatorMayAskFurtherBackThanAppointdsBeginning) {
    begin();
    send("operator.sweep", {{"since", to_iso(monday - 24h)}});
    EXPECT_EQ(asked_time("since"), monday - 24h);
    page();
    ring("sweep");
    EXPECT_GE(asked_time("since"), monday) << "only that once";
}

TEST_F(Sweeps, OperatorsWishDuringASweepLeadsToAnother) {
    begin();
    ring("sweep");
    send("operator.sweep", {{"since", to_iso(monday - 48h)}});
    EXPECT_TRUE(requested.empty());
    page();
    EXPECT_EQ(asked_time("since"), monday - 48h);
}

TEST_F(Sweeps, MomentThatIsNoneOfTheLastThirtyDaysIsRefused) {
    begin();
    for (const auto& since :
         {json::value(to_iso(now + 1h)), json::value(to_iso(now - 24h * 31)), json::value("soon"), json::value(7)})
        EXPECT_TRUE(std::holds_alternative<engine::Refused>(send("operator.sweep", {{"since", since}}))) << since;
    EXPECT_EQ(state(), "WAITING");
}

TEST_F(Sweeps, DistanceIsConfiguredAnew) {
    begin(600);
    send("reconciliation.configured", {{"every_seconds", 60}});
    EXPECT_LE(timer_at("sweep"), now + 66s);
}

class CalendlySweeps : public Account {
protected:
    CalendlySweeps() : Account("calendly") {}
};

TEST_F(CalendlySweeps, AskCalendly) {
    begin();
    ring("sweep");
    EXPECT_EQ(requested.front().kind, "calendly.events.list");
    page("15|");
    EXPECT_EQ(asked().at("cursor"), "15|");
    page();
    EXPECT_EQ(state(), "WAITING");
}

} // namespace appointd::reconciliation::testing
