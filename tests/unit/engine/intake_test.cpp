#include "engine/runtime/intake.hpp"

#include <gtest/gtest.h>

#include <array>

namespace appointd::engine {
namespace {

Work outside(std::size_t bytes = 0) {
    Incoming incoming;
    incoming.event.payload.assign(bytes, 'x');
    return Work{.what = std::move(incoming), .received_at = {}, .done = {}, .condemned = false};
}
Work inside() { return Work{.what = TimersDue{}, .received_at = {}, .done = {}, .condemned = false}; }

TEST(Intake, RefusesFromOutsideWhereItIsFullButNeverFromInside) {
    Intake intake(
        {.capacity = 2, .capacity_bytes = 1'000'000, .batch_events = 10, .batch_bytes = 1'000'000, .batch_events_of_one = 100});
    EXPECT_TRUE(intake.push(outside()));
    EXPECT_TRUE(intake.push(outside()));
    bool answered = false;
    Work third = outside();
    third.done = [&](const Answer&) { answered = true; };
    EXPECT_FALSE(intake.push(std::move(third)));
    ASSERT_TRUE(third.done) << "left untouched";
    for (int n = 0; n < 5; ++n) EXPECT_TRUE(intake.push(inside()));
    EXPECT_EQ(intake.waiting_outside(), 2u);
    intake.take();
    EXPECT_EQ(intake.waiting_outside(), 0u);
}

TEST(Intake, RefusesFromOutsideWhatWouldBeTooManyBytes) {
    Intake intake(
        {.capacity = 100, .capacity_bytes = 3'000, .batch_events = 1, .batch_bytes = 1'000'000, .batch_events_of_one = 100});
    EXPECT_TRUE(intake.push(outside(1'000)));
    EXPECT_TRUE(intake.push(outside(1'000)));
    EXPECT_FALSE(intake.push(outside(1'000))) << "each weighs a little more than its payload";
    EXPECT_TRUE(intake.push(outside(10)));
    EXPECT_TRUE(intake.push(inside()));
    intake.take(); // from inside: makes no room outside
    EXPECT_FALSE(intake.push(outside(1'000)));
    intake.take();
    EXPECT_TRUE(intake.push(outside(1'000)));
}

TEST(Intake, TakesOneEventHoweverLongItIs) {
    Intake intake(
        {.capacity = 100, .capacity_bytes = 3'000, .batch_events = 1, .batch_bytes = 1'000, .batch_events_of_one = 100});
    EXPECT_TRUE(intake.push(outside(10'000)));
    EXPECT_FALSE(intake.push(outside()));
    EXPECT_EQ(intake.take().size(), 1u);
    EXPECT_TRUE(intake.push(outside()));
}

TEST(Intake, GivesWhatIsFromInsideFirst) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 3, .batch_bytes = 1'000'000, .batch_events_of_one = 100});
    intake.push(outside());
    intake.push(outside());
    intake.push(inside());
    intake.push(inside());
    const auto batch = intake.take();
    ASSERT_EQ(batch.size(), 3u);
    EXPECT_FALSE(from_outside(batch[0]));
    EXPECT_FALSE(from_outside(batch[1]));
    EXPECT_TRUE(from_outside(batch[2]));
    EXPECT_EQ(intake.take().size(), 1u);
}

TEST(Intake, BoundsABatchInBytesButAlwaysGivesOne) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 10, .batch_bytes = 2'000, .batch_events_of_one = 100});
    intake.push(outside(5'000));
    intake.push(outside(500));
    intake.push(outside(500));
    intake.push(outside(500));
    EXPECT_EQ(intake.take().size(), 1u);
    EXPECT_EQ(intake.take().size(), 2u);
    EXPECT_EQ(intake.take().size(), 1u);
}

TEST(Intake, BoundsWhatOneBatchHoldsOfOneWorkflowAndKeepsTheOrder) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 10, .batch_bytes = 1'000'000, .batch_events_of_one = 2});
    const auto about = [](std::uint8_t workflow) {
        Work work = outside();
        Uuid id{};
        id.data[0] = workflow;
        std::get<Incoming>(work.what).address.targets = {WorkflowId{id}};
        return work;
    };
    for (const auto workflow : std::to_array<std::uint8_t>({1, 1, 2, 1, 2})) intake.push(about(workflow));
    EXPECT_EQ(intake.take().size(), 3u);
    EXPECT_EQ(intake.take().size(), 2u);
}

TEST(Intake, DrainsAfterItWasClosed) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 1, .batch_bytes = 2'000, .batch_events_of_one = 100});
    intake.push(outside());
    intake.push(outside());
    intake.close();
    EXPECT_FALSE(intake.push(outside()));
    EXPECT_FALSE(intake.push(inside()));
    EXPECT_EQ(intake.take().size(), 1u);
    EXPECT_EQ(intake.take().size(), 1u);
    EXPECT_TRUE(intake.take().empty());
}

TEST(Intake, IsIdleOnlyWhenWhatWasTakenIsDone) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 1, .batch_bytes = 2'000, .batch_events_of_one = 100});
    EXPECT_TRUE(intake.idle());
    intake.push(outside());
    EXPECT_FALSE(intake.idle());
    intake.take();
    EXPECT_FALSE(intake.idle()) << "its commit is under way";
    intake.close();
    intake.take();
    EXPECT_TRUE(intake.idle());
}

TEST(Intake, PutsBackInFront) {
    Intake intake(
        {.capacity = 10, .capacity_bytes = 1'000'000, .batch_events = 10, .batch_bytes = 1'000'000, .batch_events_of_one = 100});
    intake.push(inside());
    auto batch = intake.take();
    batch.push_back(inside());
    intake.push(outside());
    intake.give_back(std::move(batch));
    EXPECT_EQ(intake.take().size(), 3u);
}

} // namespace
} // namespace appointd::engine
