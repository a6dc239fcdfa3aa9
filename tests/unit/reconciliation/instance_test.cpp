#include "tests/unit/reconciliation/account.hpp"

namespace appointd::reconciliation::testing {

class Instances : public Account {};

TEST_F(Instances, EveryNodeBeginsTheSameWorkflowByTheSameEvent) {
    const Beginning mine{"stripe", "default", 1, 600, monday, monday},
        yours{"stripe", "default", 1, 60, monday + 1s, monday + 1s};
    const auto one = begun(mine, monday), other = begun(yours, monday + 1s);
    EXPECT_EQ(one.event.id, other.event.id);
    EXPECT_EQ(one.address.fresh, other.address.fresh);
    EXPECT_EQ(one.address.unclaimed, engine::Unclaimed::start);
    EXPECT_NE(one.address.fresh, id_of("calendly", "default", 1));
}

TEST_F(Instances, BegunTwiceThenIgnored) {
    begin();
    const auto decision = send("reconciliation.begun", json::parse(encode({"stripe", "default", 1, 5, now, now})).as_object());
    EXPECT_TRUE(std::holds_alternative<engine::Ignored>(decision));
    EXPECT_EQ(data().every_seconds, 600);
}

TEST_F(Instances, LaterGenerationsAreListedFirst) {
    EXPECT_LT(id_of("stripe", "default", 1), id_of("stripe", "default", 2));
    EXPECT_LT(id_of("stripe", "default", 2), id_of("calendly", "default", 3));
}

TEST_F(Instances, AfterManySweepsASuccessorGoesOnWhereThisOneEnds) {
    begin();
    for (int done = 0; done < limits::sweeps_of_instance; ++done) sweep();
    const Time covered = data().covered;
    ring("sweep");
    EXPECT_EQ(state(), "RENEWING");
    ASSERT_EQ(requested.size(), 1u);
    EXPECT_EQ(requested.front().kind, "reconciliation.renew");
    const auto next = parse_beginning(requested.front().request);
    EXPECT_EQ(next.generation, 2);
    EXPECT_EQ(next.covered, covered);
    EXPECT_EQ(next.floor, monday);
    EXPECT_FALSE(closed);
    send("reconciliation.renew.succeeded");
    EXPECT_EQ(state(), "RENEWED");
    EXPECT_TRUE(closed) << "retention may take it";
    EXPECT_TRUE(workflow->timers.empty());
}

TEST_F(Instances, SuccessorThatFailedIsAskedForAgain) {
    begin();
    for (int done = 0; done < limits::sweeps_of_instance; ++done) sweep();
    ring("sweep");
    send("reconciliation.renew.failed", {{"code", "x"}, {"message", "y"}});
    EXPECT_EQ(state(), "WAITING");
    ring("sweep");
    EXPECT_EQ(state(), "RENEWING");
}

TEST_F(Instances, BeginningThatNobodyWroteIsRefused) {
    EXPECT_THROW(parse_beginning("{}"), std::invalid_argument);
    EXPECT_THROW(read(R"({"provider":"stripe"})"), std::invalid_argument);
}

} // namespace appointd::reconciliation::testing
