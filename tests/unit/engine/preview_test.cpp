#include "engine/runtime/preview.hpp"

#include "tests/unit/engine/desk.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

class PreviewTest : public Desk {
protected:
    Preview tried(std::string type, std::string payload = "{}", std::string source = "dry_run") {
        return preview_of(make_parcel(), row(id(1)), Event{{}, std::move(source), std::move(type), now, std::move(payload), ""},
                          now);
    }
    void order_and_label() {
        commit(incoming(parcel_ordered(id(1), now)));
        commit(ended({id(1), 1, 0}, ActivityState::succeeded, success(R"({"tracking":"T"})")));
    }
};

TEST_F(PreviewTest, EventThatDerivesAnotherThenTheStateAfterBoth) {
    order_and_label();
    const Preview preview = tried("parcel.arrived", R"({"scans":0})");
    EXPECT_EQ(preview.before.state, "labeled");
    EXPECT_EQ(preview.after.state, "delivered");
    EXPECT_EQ(read_parcel(preview.after.data).thanks, 1);
    EXPECT_EQ(preview.after.revision, preview.before.revision + 2);
    ASSERT_EQ(preview.derived.size(), 1u);
    EXPECT_EQ(preview.derived[0].type, "parcel.thanked");
    EXPECT_EQ(preview.derived[0].disposition, Disposition::applied);
    EXPECT_EQ(preview.after.timers, "{}");
    EXPECT_TRUE(preview.after.closed_at);
}

TEST_F(PreviewTest, CallsOfTheEventThenAllOfThem) {
    order_and_label();
    const Preview preview = tried("operator.cancel");
    ASSERT_EQ(preview.activities.size(), 1u);
    EXPECT_EQ(preview.activities[0].kind, "label.void");
    EXPECT_EQ(row(id(1)).state, "labeled") << "nothing is written";
}

TEST_F(PreviewTest, TimersEventThenItRings) {
    order_and_label();
    const Preview preview = tried("timer.nudge", "{}", "timer");
    EXPECT_EQ(preview.after.wake_at, now + 1h) << "set again";
    for (int ring = 0; ring < 3; ++ring) {
        now += 1h;
        commit(due(id(1)));
    }
    ASSERT_FALSE(row(id(1)).wake_at) << "nudged enough";
    EXPECT_TRUE(std::holds_alternative<Ignored>(tried("timer.nudge", "{}", "timer").decision));
}

TEST_F(PreviewTest, RefusedThenNothingWouldChange) {
    order_and_label();
    const Preview preview = tried("operator.skip", R"({"activity":"x"})");
    EXPECT_TRUE(std::holds_alternative<Refused>(preview.decision));
    EXPECT_EQ(preview.after.revision, preview.before.revision);
    EXPECT_EQ(preview.after.data, preview.before.data);
}

TEST_F(PreviewTest, TransitionThatThrowsThenItIsThrown) {
    order_and_label();
    EXPECT_THROW(tried("parcel.poison"), std::runtime_error);
}

} // namespace
} // namespace appointd::engine::testing
