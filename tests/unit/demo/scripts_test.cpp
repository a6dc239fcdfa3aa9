#include "daemon/demo_scripts.hpp"

#include <gtest/gtest.h>

#include <set>

namespace appointd::demo {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> story(const std::vector<Plan>& plans) {
    std::vector<std::string> lines;
    for (const Plan& plan : plans)
        lines.push_back(std::string(plan.script->name) + " " + plan.name + " " + std::to_string(plan.start_in.count()));
    return lines;
}

TEST(DemoPlan, SameSeedTellsTheSameStory) {
    EXPECT_EQ(story(plan(200, 7)), story(plan(200, 7)));
    EXPECT_NE(story(plan(200, 7)), story(plan(200, 8)));
}

TEST(DemoPlan, EveryScriptOccursWhereThereIsRoom) {
    std::set<std::string_view> names;
    for (const Plan& one : plan(scripts().size(), 1)) names.insert(one.script->name);
    EXPECT_EQ(names.size(), scripts().size());
    EXPECT_EQ(plan(3, 1).size(), 3U);
    EXPECT_TRUE(plan(0, 1).empty());
}

TEST(DemoPlan, SpreadSlotsKeepTheNoticeOfTheirScript) {
    for (const Plan& one : plan(2000, 3)) {
        const bool short_notice = one.script->start_in == 3h, full_notice = one.script->start_in == 48h;
        EXPECT_TRUE(!short_notice || one.start_in < 24h) << one.script->name;
        EXPECT_TRUE(!full_notice || one.start_in > 24h) << one.script->name;
    }
}

TEST(DemoScripts, NameKnownSessionTypesAndEndInStatesOfABooking) {
    const std::set<std::string_view> states{"CONFIRMED", "COMPLETED", "ABANDONED", "CANCELED", "REFUNDED"};
    std::set<std::string_view> names;
    for (const Script& script : scripts()) {
        EXPECT_NO_THROW(offer_named(script.session_type)) << script.name;
        EXPECT_TRUE(states.contains(script.ending.state)) << script.name;
        EXPECT_GT(script.weight, 0) << script.name;
        EXPECT_TRUE(names.insert(script.name).second) << script.name;
        for (const Step step : script.steps) EXPECT_FALSE(name_of(step).empty());
    }
}

TEST(DemoShare, RoundsUpToTheMinorUnit) {
    EXPECT_EQ(share_of(12345, 50), 6173);
    EXPECT_EQ(share_of(12345, 100), 12345);
    EXPECT_EQ(share_of(12345, 0), 0);
    EXPECT_EQ(share_of(1, 1), 1);
}

} // namespace
} // namespace appointd::demo
