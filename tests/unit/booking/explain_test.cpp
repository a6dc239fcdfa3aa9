#include "tests/unit/booking/desk.hpp"

#include "workflows/booking/explain.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/names.hpp"
#include "workflows/booking/statement.hpp"
#include "workflows/booking/words.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace appointd::booking::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Explain : public Desk {
protected:
    engine::WorkflowFacts facts() const {
        engine::WorkflowFacts facts;
        facts.id = desk.id;
        facts.state = desk.workflow->state;
        facts.data = desk.workflow->data;
        facts.timers = desk.workflow->timers;
        facts.created_at = monday;
        facts.now = desk.now;
        for (const Activity& activity : desk.activities)
            facts.calls.push_back({*engine::parse_activity_id(activity.id), activity.kind, "open", 0, "", desk.now, desk.now});
        for (const auto& [name, activity] : desk.done)
            facts.calls.push_back(
                {*engine::parse_activity_id(name), activity.kind, "exhausted", 20, "timeout: no answer", desk.now, desk.now});
        return facts;
    }
    /// The lines under a title, joined.
    std::string section(std::string_view title) const {
        for (const engine::Section& section : explain(facts())) {
            if (section.title != title) continue;
            std::string text;
            for (const std::string& line : section.lines) text += line + "\n";
            return text;
        }
        return "no section " + std::string(title);
    }
    std::string id() const { return engine::to_string(desk.id); }
};

TEST_F(Explain, AskedForThenItWaitsForTheLinkThenForASlot) {
    request();
    EXPECT_THAT(section("Booking"),
                AllOf(HasSubstr("Coaching, 60 minutes for Ann, 120.00 USD."), HasSubstr("No slot was taken.")));
    EXPECT_THAT(section("State"), AllOf(HasSubstr("INITIATED: asked for"), HasSubstr("scheduling link, which is being made")));
    EXPECT_THAT(section("Calls"),
                HasSubstr("link.create (make the scheduling link at Calendly), " + id() + ".1.0: open, due now"));
    EXPECT_THAT(section("Timers"), HasSubstr("Next: reconcile, 2026-11-23T09:10:00Z (in 10 minutes): the providers are asked"));
    EXPECT_THAT(section("Timers"), HasSubstr("Then: slot_timeout, 2026-11-24T09:00:00Z (in 1 day): without a slot"));
    desk.succeed("link.create", {{"url", "https://calendly.com/d/x"}});
    EXPECT_THAT(section("State"), HasSubstr("take a slot at https://calendly.com/d/x"));
    EXPECT_THAT(section("Money"), HasSubstr("Nothing was captured."));
    EXPECT_THAT(section("Attention"), HasSubstr("Nothing waits for a person."));
}

TEST_F(Explain, CheckoutOutThenWhereAndUntilWhen) {
    book_pending();
    declined();
    EXPECT_THAT(
        section("Booking"),
        HasSubstr("Slot: 2026-11-26T09:00:00Z (in 3 days), to 2026-11-26T10:00:00Z; the invitee's time zone is Europe/Berlin"));
    EXPECT_THAT(section("State"),
                AllOf(HasSubstr("It waits for 120.00 USD at https://checkout.stripe.com/c/1, until 2026-11-23T09:30:00Z"),
                      HasSubstr("Declined so far: 1 time.")));
    processing();
    EXPECT_THAT(section("State"), HasSubstr("money under way"));
}

TEST_F(Explain, PaidThenTheSessionAndItsMoney) {
    book_confirmed();
    EXPECT_THAT(section("State"), HasSubstr("It waits for the session, 2026-11-26T09:00:00Z (in 3 days)."));
    EXPECT_THAT(section("Booking"), HasSubstr("They meet at https://zoom.us/j/850."));
    EXPECT_THAT(section("Money"), HasSubstr("Captured 120.00 USD: 120.00 USD is held until the session."));
    moving(1, 2);
    EXPECT_THAT(section("State"), HasSubstr("second half of a reschedule"));
}

TEST_F(Explain, CanceledWithAShareThenEveryPartOfTheMoney) {
    book_confirmed();
    desk.now = slot_start - 2h;
    cancel("invitee");
    EXPECT_THAT(section("State"), AllOf(HasSubstr("It ended because it was canceled by the invitee, 2026-11-26T07:00:00Z (now)"),
                                        HasSubstr("money to get back to the customer"), HasSubstr("Zoom to delete a meeting")));
    EXPECT_THAT(section("Money"),
                HasSubstr("Captured 120.00 USD: 60.00 USD is on its way back, 60.00 USD is kept under the cancellation terms."));
    EXPECT_THAT(section("Money"), HasSubstr("of 60.00 USD (policy) is asked for at Stripe."));
    refund_made();
    desk.succeed("meeting.delete", {{"done", "deleted"}});
    EXPECT_THAT(section("State"), HasSubstr("It waits for nothing."));
    EXPECT_THAT(section("Reconciliation"), HasSubstr("not asked again"));
}

TEST_F(Explain, CallUsedUpThenItsErrorAndWhatToDo) {
    book_pending();
    pay();
    desk.fail("meeting.create", true);
    EXPECT_THAT(section("Calls"),
                AllOf(HasSubstr("used up; 20 attempts; last error: timeout: no answer."),
                      HasSubstr("Reconciliation opens it again by itself."), HasSubstr("`appointd workflows retry " + id())));
    EXPECT_THAT(section("Attention"),
                AllOf(HasSubstr("meeting_failed: no meeting could be made, since"),
                      HasSubstr("To do: check Zoom's app and host, then `appointd workflows retry ACTIVITY`")));
}

TEST_F(Explain, FlaggedThenTheCommandNamesTheBooking) {
    book_confirmed();
    dispute("dispute.opened");
    EXPECT_THAT(section("Attention"), HasSubstr("`appointd workflows resolve " + id() + " dispute --note TEXT`"));
    EXPECT_THAT(section("Money"), HasSubstr("Dispute du_1 about 120.00 USD: open"));
    operate("resolve", {{"reason", "dispute"}});
    EXPECT_THAT(section("Attention"), HasSubstr("Settled by a person: dispute."));
}

TEST_F(Explain, ReconciledThenWhenAndWhenAgain) {
    book_confirmed();
    EXPECT_THAT(section("Reconciliation"),
                AllOf(HasSubstr("not asked yet"), HasSubstr("They are asked again 2026-11-23T09:10:00Z (in 10 minutes)")));
    desk.ring("reconcile");
    EXPECT_THAT(section("Reconciliation"), AllOf(HasSubstr("last asked 2026-11-23T09:10:00Z (now)"), HasSubstr("1 round since")));
}

TEST(ExplainWords, EveryStateTimerCallAndReasonThenNoneLacksItsWords) {
    for (std::size_t i = 1; i < Booking::states.size(); ++i)
        EXPECT_NE(words::of_state(Booking::states[i]), "") << Booking::states[i];
    for (const std::string_view event : Booking::events) {
        if (event.starts_with("timer.")) {
            EXPECT_NE(words::of_timer(event.substr(6)), "") << event;
        }
        const bool of_a_call = std::count(event.begin(), event.end(), '.') == 2;
        if (of_a_call && event.ends_with(".succeeded")) {
            EXPECT_NE(words::of_call(event.substr(0, event.size() - 10)), "") << event;
        }
    }
    for (const std::string_view reason : attention_reasons) {
        const words::Attention* row = words::of_reason(reason);
        ASSERT_TRUE(row) << reason;
        EXPECT_FALSE(row->what.empty() || row->todo.empty()) << reason;
    }
    EXPECT_EQ(words::attention().size(), attention_reasons.size()) << "words for a reason that is none";
    EXPECT_EQ(words::of_timer("reminder.3"), words::of_timer("reminder"));
}

TEST(ExplainWords, EveryStateThenItSaysWhatItWaitsFor) {
    for (std::size_t i = 1; i < Booking::states.size(); ++i) {
        engine::WorkflowFacts facts;
        facts.state = std::string(Booking::states[i]);
        facts.data = write(Data{});
        const auto sections = explain(facts);
        ASSERT_EQ(sections.at(1).title, "State");
        EXPECT_GE(sections.at(1).lines.size(), 2u) << facts.state;
        for (const engine::Section& section : sections) EXPECT_FALSE(section.lines.empty()) << section.title;
    }
}

TEST(ExplainWords, InOperationsThenTheTableIsCurrent) {
    const std::string path = APPOINTD_SOURCE_DIR "/docs/operations.md";
    const std::string begin_mark = "<!-- attention: begin (drawn from workflows/booking/words.cpp) -->\n",
                      end_mark = "<!-- attention: end -->\n";
    const auto read_page = [&] {
        std::ifstream file(path);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string page = read_page();
    const auto begin = page.find(begin_mark), end = page.find(end_mark);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const std::string current = page.substr(0, begin) + begin_mark + "\n" + words::attention_page() + "\n" + page.substr(end);
    if (std::getenv("APPOINTD_UPDATE_DOCS")) std::ofstream(path) << current;
    EXPECT_TRUE(read_page() == current) << "docs/operations.md is stale: run with APPOINTD_UPDATE_DOCS=1";
}

class Statements : public Desk {
protected:
    Statement only() const {
        const auto all = statements_of(desk.workflow->data);
        EXPECT_EQ(all.size(), 1u);
        return all.empty() ? Statement{} : all.front();
    }
};

TEST_F(Statements, NothingCapturedThenNone) {
    book_pending();
    EXPECT_TRUE(statements_of(desk.workflow->data).empty());
}

TEST_F(Statements, ShareAndDisputeThenEachCentInItsColumn) {
    book_confirmed();
    EXPECT_EQ(only().waiting, 12000);
    desk.now = slot_start - 2h;
    cancel("invitee");
    EXPECT_EQ(only().refunding, 6000);
    EXPECT_EQ(only().kept_policy, 6000);
    refund_made();
    EXPECT_EQ(only().refunded, 6000);
    EXPECT_EQ(only().session_type, "coaching-60");
    EXPECT_EQ(only().currency, "usd");
    dispute("dispute.opened", "du_1", 2000);
    dispute("dispute.lost", "du_1", 2000);
    EXPECT_EQ(only().lost, 2000);
    EXPECT_EQ(only().kept_policy, 4000);
    EXPECT_TRUE(only().adds_up());
}

TEST_F(Statements, TwoCurrenciesThenOneEach) {
    book_confirmed();
    auto foreign = captured("pi_2", 700);
    foreign["currency"] = "eur";
    desk.send("payment.captured", foreign, "stripe");
    const auto all = statements_of(desk.workflow->data);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].currency, "eur");
    EXPECT_EQ(all[0].captured, 700);
    EXPECT_EQ(all[0].refunding, 700);
    EXPECT_EQ(all[1].captured, 12000);
}

} // namespace
} // namespace appointd::booking::testing
