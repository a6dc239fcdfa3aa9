#include "tests/unit/reconciliation/account.hpp"
#include "workflows/reconciliation/explain.hpp"

#include <gmock/gmock.h>

namespace appointd::reconciliation::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Explain : Account {
    std::string told() const {
        engine::WorkflowFacts facts;
        facts.state = workflow->state;
        facts.data = workflow->data;
        facts.timers = workflow->timers;
        facts.now = now;
        std::string text;
        for (const engine::Section& section : explain(facts)) {
            EXPECT_FALSE(section.lines.empty()) << section.title;
            for (const std::string& line : section.lines) text += line + "\n";
        }
        return text;
    }
};

TEST_F(Explain, BegunThenWhatItAsksAndWhen) {
    begin();
    EXPECT_THAT(told(), AllOf(HasSubstr("It asks stripe (account default) for what never arrived, every 10m."),
                              HasSubstr("WAITING: it waits for its next sweep."), HasSubstr("the next sweep begins."),
                              Not(HasSubstr("failed"))));
}

TEST_F(Explain, SweepingThenHowFar) {
    begin();
    ring("sweep");
    page("p2", 3);
    EXPECT_THAT(told(), AllOf(HasSubstr("LISTING: a sweep is under way."), HasSubstr("has read 1 pages with 3 events.")));
    page(std::nullopt, 1);
    EXPECT_THAT(told(), AllOf(HasSubstr("Everything up to"), HasSubstr("1 so far.")));
}

TEST(ExplainWords, EveryStateThenItHasWords) {
    for (std::size_t i = 1; i < Reconciliation::states.size(); ++i) {
        engine::WorkflowFacts facts;
        facts.state = std::string(Reconciliation::states[i]);
        facts.data = write(Data{});
        const auto sections = explain(facts);
        for (const std::string& line : sections.at(0).lines) EXPECT_THAT(line, Not(HasSubstr("does not know")));
    }
}

} // namespace
} // namespace appointd::reconciliation::testing
