#include "tests/store/conformance/store_fixture.hpp"

#include <set>
#include <thread>

namespace appointd::test {

using testing::SizeIs;

template <class Backend> class Activities : public StoreSuite<Backend> {
protected:
    Activities() { this->begin_workflow(1); }

    std::vector<ActivityRow> claim(int now_seconds, int room = 10, const Lane& lane = stripe) {
        return this->store->claim(a_claim(now_seconds, room, lane)).value();
    }
    Writes outcome(const ActivityId& id, int epoch_of_claim, ActivityState state = ActivityState::succeeded) {
        Writes::Attempted attempted;
        attempted.id = id;
        attempted.epoch = epoch_of_claim;
        attempted.state = state;
        attempted.tries = 1;
        attempted.ready_at = at(40);
        attempted.outcome = R"({"id":"pi_1"})";
        return {.attempted = {attempted}};
    }
};
using Backends = testing::Types<SqliteDatabase, PostgresDatabase>;
TYPED_TEST_SUITE(Activities, Backends, DatabaseNames);

TYPED_TEST(Activities, BornClaimedIsNotClaimedBeforeItsLeaseEnds) {
    ActivityRow born = an_activity(1, 1, 0);
    born.epoch = 1;
    born.ready_at = at(30);
    born.first_sent_at = at(0);
    this->request(born);
    EXPECT_THAT(this->claim(29), SizeIs(0));
    EXPECT_THAT(this->store->ready_lanes(at(29)).value(), SizeIs(0));
    const auto taken_over = this->claim(30);
    ASSERT_THAT(taken_over, SizeIs(1));
    EXPECT_EQ(taken_over[0].id, born.id);
    EXPECT_EQ(taken_over[0].epoch, 2);
    EXPECT_EQ(taken_over[0].ready_at, at(60));
    EXPECT_EQ(taken_over[0].first_sent_at, at(0)) << "the first send is the key's age";
    EXPECT_EQ(taken_over[0].request, born.request);
    EXPECT_EQ(taken_over[0].lane, stripe);
}

TYPED_TEST(Activities, ZombieOutcomeIsRefusedByItsEpochAndTheRightOneCountsOnce) {
    ActivityRow born = an_activity(1, 1, 0);
    born.epoch = 1;
    this->request(born);
    ASSERT_THAT(this->claim(30), SizeIs(1));
    EXPECT_EQ(this->write(this->outcome(born.id, 1)).status, Commit::conflict);
    this->must_write(this->outcome(born.id, 2));
    EXPECT_EQ(this->write(this->outcome(born.id, 2)).status, Commit::conflict) << "one outcome";
    EXPECT_EQ(this->activity(born.id).state, ActivityState::succeeded);
    EXPECT_EQ(this->activity(born.id).outcome, R"({"id":"pi_1"})");
    EXPECT_THAT(this->claim(1000), SizeIs(0));
}

TYPED_TEST(Activities, FailedAttemptWaitsForItsRetryAndKeepsItsGeneration) {
    this->request(an_activity(1, 1, 0));
    ASSERT_THAT(this->claim(0), SizeIs(1));
    Writes retry = this->outcome(an_activity(1, 1, 0).id, 1, ActivityState::open);
    retry.attempted[0].outcome.clear();
    retry.attempted[0].last_error = "timeout: no answer";
    this->must_write(retry);
    EXPECT_THAT(this->claim(39), SizeIs(0));
    const auto again = this->claim(41);
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(again[0].tries, 1);
    EXPECT_EQ(again[0].generation, 1);
    EXPECT_EQ(again[0].first_sent_at, at(0));
    EXPECT_EQ(again[0].last_error, "timeout: no answer");
    EXPECT_EQ(again[0].outcome, "");
}

TYPED_TEST(Activities, NewGenerationForgetsTheFirstSend) {
    this->request(an_activity(1, 1, 0));
    ASSERT_THAT(this->claim(0), SizeIs(1));
    Writes retry = this->outcome(an_activity(1, 1, 0).id, 1, ActivityState::open);
    retry.attempted[0].generation = 2;
    retry.attempted[0].clear_first_sent = true;
    this->must_write(retry);
    EXPECT_EQ(this->activity(an_activity(1, 1, 0).id).first_sent_at, std::nullopt);
    const auto again = this->claim(50);
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(again[0].generation, 2);
    EXPECT_EQ(again[0].first_sent_at, at(50));
}

TYPED_TEST(Activities, ClaimTakesTheBestPriorityOfItsOwnLaneFirst) {
    ActivityRow late = an_activity(1, 1, 0), refund = an_activity(1, 1, 1), early = an_activity(1, 1, 2),
                elsewhere = an_activity(1, 1, 3, zoom);
    late.ready_at = at(5);
    refund.priority = 0;
    refund.ready_at = at(9);
    early.ready_at = at(1);
    elsewhere.priority = 0;
    this->must_write({.activities = {late, refund, early, elsewhere}});
    const auto lanes = this->store->ready_lanes(at(10)).value();
    ASSERT_THAT(lanes, SizeIs(2));
    EXPECT_EQ(lanes[0], (std::pair{stripe, 3}));
    EXPECT_EQ(lanes[1], (std::pair{zoom, 1}));
    const auto claimed = this->claim(10, 2);
    ASSERT_THAT(claimed, SizeIs(2));
    EXPECT_EQ(claimed[0].id, refund.id);
    EXPECT_EQ(claimed[1].id, early.id);
    EXPECT_EQ(this->store->ready_lanes(at(10)).value()[0], (std::pair{stripe, 1}));
}

TYPED_TEST(Activities, OfAVersionThatTheClaimerDoesNotKnowStayForANodeThatDoes) {
    WorkflowRow newer = a_workflow(2);
    newer.version = 11;
    this->must_write({.events = {an_event(200, 2, 1)}, .workflows = {{newer, 0}}});
    this->must_write({.activities = {an_activity(1, 1, 0), an_activity(2, 1, 0)}});
    const auto old_node = this->claim(0);
    ASSERT_THAT(old_node, SizeIs(1));
    EXPECT_EQ(old_node[0].id, an_activity(1, 1, 0).id);
    Claim claim = a_claim(1);
    claim.versions = "booking/1 booking/11";
    const auto new_node = this->store->claim(claim).value();
    ASSERT_THAT(new_node, SizeIs(1));
    EXPECT_EQ(new_node[0].id, an_activity(2, 1, 0).id);
}

TYPED_TEST(Activities, TwoClaimersShareNoRow) {
    Writes writes;
    for (int n = 0; n < 20; ++n) writes.activities.push_back(an_activity(1, 1, n));
    this->must_write(writes);
    std::vector<ActivityRow> left, right;
    const auto other = this->another_session();
    const auto claim12 = [](Store& session) { return session.claim(a_claim(1, 12)).value(); };
    std::thread thread([&] { right = claim12(*other); });
    left = claim12(*this->store);
    thread.join();
    std::set<ActivityId> ids;
    for (const auto& row : left) ids.insert(row.id);
    for (const auto& row : right) ids.insert(row.id);
    EXPECT_THAT(ids, SizeIs(left.size() + right.size()));
    // A claimer skips what the other is just taking; the rest is there for its next poll.
    for (const auto& row : claim12(*this->store)) ids.insert(row.id);
    EXPECT_THAT(ids, SizeIs(20));
}

TYPED_TEST(Activities, SkippedActivityIsClosedOnceWithoutAnotherAttempt) {
    this->request(an_activity(1, 1, 0));
    const ActivityId id = an_activity(1, 1, 0).id;
    this->must_write({.skipped = {id}});
    EXPECT_EQ(this->activity(id).state, ActivityState::skipped);
    EXPECT_THAT(this->claim(10), SizeIs(0));
    EXPECT_EQ(this->write({.skipped = {id}}).status, Commit::conflict);
}

TYPED_TEST(Activities, ReopenedActivityBeginsAnotherRoundWithAFreshBudget) {
    this->request(an_activity(1, 1, 0));
    const ActivityId id = an_activity(1, 1, 0).id;
    EXPECT_EQ(this->write({.reopened = {{id, at(5)}}}).status, Commit::conflict) << "it is still open";
    ASSERT_THAT(this->claim(0), SizeIs(1));
    this->must_write(this->outcome(id, 1, ActivityState::exhausted));
    this->must_write({.reopened = {{id, at(5)}}});
    const auto again = this->claim(6);
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(again[0].round, 2);
    EXPECT_EQ(again[0].tries, 0);
    EXPECT_EQ(again[0].epoch, 2);
    EXPECT_EQ(again[0].outcome, "");
}

TYPED_TEST(Activities, OutcomeSkipAndAnotherRoundOfOneBatchFollowEachOther) {
    this->must_write({.activities = {an_activity(1, 1, 0), an_activity(1, 1, 1), an_activity(1, 1, 2)}});
    ASSERT_THAT(this->claim(0), SizeIs(3));
    Writes writes = this->outcome(an_activity(1, 1, 0).id, 1, ActivityState::exhausted);
    writes.attempted.push_back(this->outcome(an_activity(1, 1, 1).id, 1, ActivityState::open).attempted[0]);
    writes.skipped = {an_activity(1, 1, 1).id, an_activity(1, 1, 2).id};
    writes.reopened = {{an_activity(1, 1, 0).id, at(5)}, {an_activity(1, 1, 1).id, at(6)}};
    this->must_write(writes);
    EXPECT_EQ(this->activity(an_activity(1, 1, 0).id).round, 2);
    EXPECT_EQ(this->activity(an_activity(1, 1, 1).id).round, 2);
    EXPECT_EQ(this->activity(an_activity(1, 1, 1).id).ready_at, at(6));
    EXPECT_EQ(this->activity(an_activity(1, 1, 2).id).state, ActivityState::skipped);
}

TYPED_TEST(Activities, NamedActivityIsShownUnderTheLock) {
    ActivityRow row = an_activity(1, 3, 2);
    row.round = 2;
    row.generation = 3;
    row.epoch = 4;
    row.tries = 5;
    this->request(row);
    const Look seen = this->look({.activities = {row.id, an_activity(1, 3, 3).id}});
    ASSERT_THAT(seen.activities, SizeIs(1));
    const auto& shown = seen.activities[0];
    EXPECT_EQ(shown.id, row.id);
    EXPECT_EQ(shown.state, ActivityState::open);
    EXPECT_EQ(shown.kind, row.kind);
    EXPECT_EQ(shown.request, row.request);
    EXPECT_EQ(shown.created_at, row.created_at);
    EXPECT_EQ(std::tuple(shown.round, shown.generation, shown.epoch, shown.tries), std::tuple(2, 3, 4, 5));
}

} // namespace appointd::test
