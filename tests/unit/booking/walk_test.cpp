#include "tests/unit/booking/walk.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/money.hpp"

#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <iostream>
#include <set>

namespace appointd::booking::testing {

/// Seeded, so a failure names its walk: run it alone with --gtest_filter and its seed.
/// APPOINTD_WALKS sets how many walks each seed takes: a few with the tests, hundreds by hand.
struct RandomWalk : Walk, ::testing::WithParamInterface<int> {
    static int walks() {
        const char* wanted = std::getenv("APPOINTD_WALKS");
        return wanted ? std::atoi(wanted) : 4;
    }
    static inline std::set<std::string> cells;

    /// Not a promise of the booking but of the walk: that it goes where it should.
    static void TearDownTestSuite() {
        if (cells.size() < 100) return; // only some walks were asked for
        for (std::size_t state = 1; state < Booking::states.size(); ++state) {
            const auto begin = std::string(Booking::states[state]) + " x ";
            const auto found = cells.lower_bound(begin);
            EXPECT_TRUE(found != cells.end() && found->starts_with(begin)) << begin << "was never reached";
        }
        EXPECT_GT(cells.size(), 250u);
    }
};

namespace {

void tell_history(const Fold& desk) {
    for (const Line& line : desk.history)
        std::cout << line.seq << " " << line.type << " " << line.disposition << " > " << line.state << " (" << line.reason << ") "
                  << to_iso(line.now) << " " << line.payload.substr(0, 400) << "\n";
}

} // namespace

TEST_P(RandomWalk, KeepsEveryInvariantAndComesToRest) {
    for (int run = 0; run < walks(); ++run) {
        const auto seed = static_cast<std::uint64_t>(GetParam() * 100 + run);
        SCOPED_TRACE("seed " + std::to_string(seed));
        Walk::begin(seed);
        for (int i = 0; i < 90 && !HasFailure(); ++i) step();
        come_to_rest();
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
        if (HasFailure()) return tell_history(desk);
        std::string from = "none";
        for (const Line& line : desk.history) {
            cells.insert(from + " x " + line.type + " " + line.disposition);
            from = line.state;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, ::testing::Range(1, 41));

} // namespace appointd::booking::testing
