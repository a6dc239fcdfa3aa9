#include "engine/runtime/fleet.hpp"

#include <gtest/gtest.h>

namespace appointd::engine {
namespace {

Definitions three_versions_of_a_and_one_of_b() {
    std::vector<Definition> all(4);
    for (std::size_t at = 0; at < 3; ++at) {
        all[at].kind = "a";
        all[at].version = static_cast<int>(at) + 1;
    }
    all[3].kind = "b";
    return Definitions(std::move(all));
}

class FleetTest : public testing::Test {
protected:
    int begins_on(std::string_view kind) const { return fleet.to_start(kind)->version; }

    Definitions definitions = three_versions_of_a_and_one_of_b();
    Fleet fleet{definitions};
};

TEST_F(FleetTest, TellsWhatThisNodeKnows) { EXPECT_EQ(fleet.own_versions(), "a/1 a/2 a/3 b/1"); }

TEST_F(FleetTest, BeginsOnTheOldestVersionUntilItHeardOfTheOthers) {
    EXPECT_EQ(begins_on("a"), 1);
    fleet.set({fleet.own_versions()});
    EXPECT_EQ(begins_on("a"), 3);
}

TEST_F(FleetTest, BeginsOnTheNewestVersionThatAllLiveNodesKnow) {
    fleet.set({fleet.own_versions(), "a/1 a/2 b/1"});
    EXPECT_EQ(begins_on("a"), 2);
    fleet.set({fleet.own_versions(), "a/1 a/2 b/1", "a/2 a/3 a/4 b/1"});
    EXPECT_EQ(begins_on("a"), 2);
    fleet.set({fleet.own_versions()}); // the old ones are gone
    EXPECT_EQ(begins_on("a"), 3);
}

TEST_F(FleetTest, BeginsOnTheOldestWhereTheNodesHaveNoneInCommon) {
    fleet.set({fleet.own_versions(), "a/11 b/1"});
    EXPECT_EQ(begins_on("a"), 1);
    EXPECT_EQ(begins_on("b"), 1);
}

TEST_F(FleetTest, KnowsNoOtherKind) { EXPECT_EQ(fleet.to_start("c"), nullptr); }

} // namespace
} // namespace appointd::engine
