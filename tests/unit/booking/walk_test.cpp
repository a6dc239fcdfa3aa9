#include "tests/unit/booking/walk.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/money.hpp"

#include <boost/json/serialize.hpp>

#include <fstream>
#include <set>

namespace appointd::booking::testing {

/// Seeded, so a failure names its walk: run it alone with --gtest_filter and its seed.
struct RandomWalk : Walk, ::testing::WithParamInterface<int> {};

namespace {
std::set<std::string>& cells_seen() {
    static std::set<std::string> cells;
    return cells;
}
} // namespace

TEST_P(RandomWalk, KeepsEveryInvariantAndComesToRest) {
    for (int run = 0; run < 8; ++run) {
        const auto seed = static_cast<std::uint64_t>(GetParam() * 100 + run);
        SCOPED_TRACE("seed " + std::to_string(seed));
        Walk::begin(seed);
        for (int i = 0; i < 90 && !HasFailure(); ++i) step();
        come_to_rest();
        if (HasFailure()) {
            for (const Line& line : desk.history)
                std::printf("%d %s %s -> %s (%s) %s\n", line.seq, line.type.c_str(), line.disposition.c_str(), line.state.c_str(),
                            line.reason.c_str(), line.payload.substr(0, 300).c_str());
            return;
        }
        if (!desk.workflow) continue;
        const Data data = desk.data();
        const bool over = desk.state() == "COMPLETED" || desk.state() == "ABANDONED" || desk.state() == "CANCELED" ||
                          desk.state() == "REFUNDED";
        // L1: over, or in front of a person. L4: at rest no cent waits unseen.
        ASSERT_TRUE(over || !data.flags.empty()) << desk.state() << " " << desk.workflow->data;
        if (data.flags.empty() && data.settled.empty()) {
            EXPECT_EQ(money::sums(data).waiting, 0) << desk.state() << " " << desk.workflow->data;
            EXPECT_EQ(money::sums(data).refunding, 0) << desk.state() << " " << desk.workflow->data;
            EXPECT_TRUE(desk.closed()) << desk.state() << " " << desk.workflow->data;
        }
        desk.expect_replay();
        std::string from = "none";
        for (const Line& line : desk.history) {
            cells_seen().insert(from + " x " + line.type + " " + line.disposition);
            from = line.state;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, ::testing::Range(1, 41));

/// Not a promise of the booking but of the walk: that it goes where it should.
TEST(RandomWalkReach, VisitsEveryStateAndMostEvents) {
    if (cells_seen().empty()) GTEST_SKIP() << "the walks did not run";
    std::set<std::string> missing;
    for (std::size_t state = 1; state < Booking::states.size(); ++state) {
        const auto begin = std::string(Booking::states[state]) + " x ";
        const auto found = cells_seen().lower_bound(begin);
        if (found == cells_seen().end() || !found->starts_with(begin)) missing.insert(begin);
    }
    EXPECT_TRUE(missing.empty()) << *missing.begin();
    EXPECT_GT(cells_seen().size(), 200u);
}

} // namespace appointd::booking::testing
