// What Calendly tells beside the one slot of one invitee: group events, no-shows, strangers' event types, time zones.
#include "sandbox/calendly/render.hpp"
#include "tests/e2e/daemon/rules.hpp"

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using sandbox::Provider;
using testing::HasSubstr;
using testing::IsEmpty;

class CalendlyRules : public Rules {
protected:
    bool is_active(const std::string& invitee) {
        return stage.sandbox().act([&](sandbox::World& world, Time) {
            return !world.calendly.state().invitees.find(sandbox::calendly::id_of(invitee))->cancellation;
        });
    }
};
APPOINTD_ON_BOTH_STORES(CalendlyRules);

TEST_P(CalendlyRules, SeatThatIsGivenUpInAGroupIsFlaggedAndTheOthersKeepTheirs) {
    const Time start = now() + 48h;
    Customer ann(stage, "group", "ann@example.org"), bela(stage, "group", "bela@example.org");
    ann.book_directly(start);
    bela.book_directly(start, {{"email", "bela@example.org"}});
    ASSERT_NE(ann.id(), bela.id());
    EXPECT_EQ(ann.invitee().substr(0, ann.invitee().find("/invitees")),
              bela.invitee().substr(0, bela.invitee().find("/invitees")));
    bela.pay();
    bela.await_state("CONFIRMED");
    ann.await_link("checkout");
    EXPECT_EQ(ann.operate("operator.cancel"), 200);
    ann.await_state("CANCELED");
    ann.await_attention("seat_held"); // Calendly can cancel only the whole event
    ann.await_quiet();
    EXPECT_TRUE(is_active(bela.invitee()));
    EXPECT_TRUE(is_active(ann.invitee()));
    EXPECT_EQ(bela.state(), "CONFIRMED");
    EXPECT_THAT(bela.attention(), IsEmpty());
    ann.cancel(); // a person gives the seat back at Calendly
    ann.await_no_attention();
}

TEST_P(CalendlyRules, SeatThatIsNotPaidInTimeIsFlaggedAndTheOthersKeepTheirs) {
    const Time start = now() + 48h;
    Customer ann(stage, "group-revive", "ann@example.org"), bela(stage, "group-revive", "bela@example.org");
    bela.book_directly(start, {{"email", "bela@example.org"}});
    bela.pay();
    bela.await_state("CONFIRMED");
    ann.book_directly(start);
    ann.await_state("ABANDONED");
    ann.await_attention("seat_held");
    ann.await_quiet();
    EXPECT_TRUE(is_active(bela.invitee()));
    EXPECT_EQ(bela.state(), "CONFIRMED");
}

TEST_P(CalendlyRules, InviteeWhoLeavesAGroupLeavesTheOthersThere) {
    const Time start = now() + 48h;
    Customer ann(stage, "group", "ann@example.org"), bela(stage, "group", "bela@example.org");
    ann.book_directly(start);
    bela.book_directly(start, {{"email", "bela@example.org"}});
    ann.pay();
    bela.pay();
    ann.await_state("CONFIRMED");
    bela.await_state("CONFIRMED");
    ann.cancel();
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(bela.state(), "CONFIRMED");
    EXPECT_TRUE(is_active(bela.invitee()));
    EXPECT_EQ(bela.live_meetings(), 0U); // a group's meeting is not ours to make
    bela.cancel("host");
    bela.await_state("REFUNDED");
}

TEST_P(CalendlyRules, InviteeWhoBooksTwiceHasTwoBookings) {
    Customer once(stage, "coaching-60"), again(stage, "coaching-60");
    once.book_directly(now() + 48h);
    again.book_directly(now() + 72h);
    ASSERT_NE(once.id(), again.id());
    once.pay();
    once.await_state("CONFIRMED");
    again.await_link("checkout");
    EXPECT_EQ(again.state(), "PAYMENT_PENDING");
    EXPECT_NE(once.session(), again.session());
    again.cancel();
    again.await_state("CANCELED");
    once.await_quiet();
    EXPECT_EQ(once.state(), "CONFIRMED");
    EXPECT_EQ(once.live_meetings(), 1U);
}

TEST_P(CalendlyRules, EventTypeThatNoSessionTypeNamesIsIgnoredKeptAndCounted) {
    const json::object type{{"uri", "somebody-elses"}, {"name", "Not ours"}};
    ASSERT_EQ(stage.sandbox().control("POST", "/calendly/event-types", type).status, 200);
    Customer stranger(stage, "somebody-elses");
    const std::string ignored = R"(appointd_webhooks_total{disposition="ignored",provider="calendly"})";
    stranger.control("calendly/book", {{"event_type", "somebody-elses"}});
    EXPECT_TRUE(stage.eventually([&] { return metric(ignored) == 1; }));
    EXPECT_EQ(count_of_workflows(), 0U);
    EXPECT_EQ(dead_letters(), 0U);
    const std::string body = invitee_created("nobodys", "kept-in-the-inbox", "o@example.org");
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::calendly, body)), "ignored");
    EXPECT_EQ(disposition_of(hand.send_signed(Provider::calendly, body)), "duplicate"); // it is in the inbox
    EXPECT_EQ(ignored_in_the_inbox("no session type for this event type"), 2U);
}

TEST_P(CalendlyRules, NoShowReturnsTheMoneyOnlyWhereTheTermsSaySo) {
    const struct {
        const char* session_type;
        const char* state;
        std::int64_t refunded;
    } cases[] = {{"no-show", "REFUNDED", 5000}, {"coaching-60", "COMPLETED", 0}};
    for (const auto& one : cases) {
        Customer ann(stage, one.session_type);
        ann.reach_meeting();
        const Time start = time_field(Customer::part(ann.data(), "slot"), "start").value();
        ann.meet(start, start + 1h, false);
        ann.await_state("COMPLETED");
        ann.control("calendly/no-show", {{"invitee", ann.invitee()}});
        ann.await_state(one.state);
        ann.await_detail("the no-show", [](const json::object& detail) {
            return text_field(Customer::part(Customer::part(detail, "data"), "met"), "no_show") == "guest";
        });
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << one.session_type;
        ann.control("calendly/no-show", {{"invitee", ann.invitee()}, {"clear", true}}); // a refund is not called back
        ann.await_detail("the no-show cleared", [](const json::object& detail) {
            return text_field(Customer::part(Customer::part(detail, "data"), "met"), "no_show").value_or("").empty();
        });
        ann.await_quiet();
        EXPECT_EQ(ann.state(), one.state);
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << one.session_type;
        EXPECT_THAT(ann.attention(), IsEmpty());
    }
}

TEST_P(CalendlyRules, NoShowThatIsMarkedBeforeTheSessionEndsCountsWhenItDoes) {
    Customer ann(stage, "no-show");
    ann.reach_meeting();
    ann.control("calendly/no-show", {{"invitee", ann.invitee()}});
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    const Time start = time_field(Customer::part(ann.data(), "slot"), "start").value();
    ann.meet(start, start + 1h, false);
    ann.await_state("REFUNDED");
}

/// The second Sunday of March that is at least a month away, when clocks in New York go from EST to EDT.
std::chrono::sys_days next_change() {
    using namespace std::chrono;
    const auto soon = floor<days>(system_clock::now()) + days(30);
    auto year = year_month_day(soon).year();
    if (sys_days(year / March / Sunday[2]) < soon) ++year;
    return sys_days(year / March / Sunday[2]);
}

TEST_P(CalendlyRules, TimesStandInUtcBesideTheInviteesZoneAndThePageShowsItsLocalTimeAcrossAChangeOfClocks) {
    const auto change = next_change();
    Customer ann(stage, "intro-15");
    ann.ask();
    const Time before = change - 24h + 15h; // 15:00 UTC on Saturday: 10:00 in New York
    ann.take_slot_at(before, {{"timezone", "America/New_York"}});
    ann.await_state("CONFIRMED");
    const auto slot = [&] { return Customer::part(ann.data(), "slot"); };
    EXPECT_EQ(text_field(slot(), "start"), to_iso(before));
    EXPECT_EQ(text_field(slot(), "timezone"), "America/New_York");
    EXPECT_THAT(stage.get(ann.page()).body, HasSubstr("10:00"));
    EXPECT_THAT(stage.get(ann.page()).body, HasSubstr("EST"));
    const Time after = before + 24h; // the same in UTC: 11:00 in New York
    ann.reschedule(after);
    ann.await_start(after);
    EXPECT_EQ(text_field(slot(), "start"), to_iso(after));
    EXPECT_THAT(stage.get(ann.page()).body, HasSubstr("11:00"));
    EXPECT_THAT(stage.get(ann.page()).body, HasSubstr("EDT"));
}

TEST_P(CalendlyRules, LinkThatCalendlyTellsLaterIsTakenWhenItIsThere) {
    Customer ann(stage, "remote-late");
    ann.book_directly(now() + 48h);
    EXPECT_THAT(ann.await_link("meeting"), HasSubstr("zoom.us/j/"));
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 0U);
}

TEST_P(CalendlyRules, CancelOfSomebodyNeverSeenWaitsAndIsNoDeadLetter) {
    Customer ann(stage, "coaching-60");
    fault(sandbox::FaultKind::drop, Provider::calendly, "invitee.created", 1);
    ann.control("calendly/book", {{"event_type", "coaching-60"}});
    const std::string unseen = stage.sandbox().act([](sandbox::World& world, Time) {
        const auto& invitee = *world.calendly.state().invitees.begin();
        return sandbox::calendly::uri_of("scheduled_events", invitee.event) + "/invitees/" + invitee.id;
    });
    ann.control("calendly/cancel", {{"invitee", unseen}, {"by", "invitee"}});
    EXPECT_TRUE(
        stage.eventually([&] { return metric(R"(appointd_webhooks_total{disposition="deferred",provider="calendly"})") == 1; }));
    EXPECT_EQ(count_of_workflows(), 0U);
    EXPECT_EQ(dead_letters(), 0U);
}

} // namespace
} // namespace appointd::e2e
