#include "tests/store/conformance/store_fixture.hpp"

namespace appointd::test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

template <class Backend> class Batch : public StoreSuite<Backend> {};
using Backends = testing::Types<SqliteDatabase, PostgresDatabase>;
TYPED_TEST_SUITE(Batch, Backends, DatabaseNames);

TYPED_TEST(Batch, WorkflowEventActivityAndKeyOfOneBatchAreReadBackAsWritten) {
    WorkflowRow workflow = a_workflow(1);
    workflow.owner = "owner";
    workflow.timers = R"({"deadline":{"at":1,"set":1}})";
    workflow.wake_at = at(90);
    workflow.attention = "refund_failed,dispute";
    const EventRow event = an_event(1, 1, 1);
    ActivityRow activity = an_activity(1, 1, 0);
    activity.epoch = 1;
    activity.first_sent_at = at(4);
    activity.last_error = "timeout: no answer";
    this->must_write(
        {.events = {event}, .workflows = {{workflow, 0}}, .activities = {activity}, .keys = {{key("m"), workflow.id}}});

    const WorkflowRow read = this->reader->workflow(workflow.id).value().value();
    EXPECT_EQ(read.owner, workflow.owner);
    EXPECT_EQ(read.state, workflow.state);
    EXPECT_EQ(read.data, workflow.data);
    EXPECT_EQ(read.timers, workflow.timers);
    EXPECT_EQ(read.wake_at, workflow.wake_at);
    EXPECT_EQ(read.attention, workflow.attention);
    EXPECT_EQ(read.search, workflow.search);
    EXPECT_EQ(read.created_at, workflow.created_at);
    EXPECT_EQ(read.changed_at, workflow.changed_at);
    EXPECT_EQ(read.closed_at, std::nullopt);

    const EventRow history = this->reader->history(workflow.id, 0, 10).value().at(0);
    EXPECT_EQ(history.id, event.id);
    EXPECT_EQ(history.payload, event.payload);
    EXPECT_EQ(history.raw, event.raw);
    EXPECT_EQ(history.batch, event.batch);
    EXPECT_EQ(history.result, event.result);
    EXPECT_EQ(history.reason, event.reason);
    EXPECT_EQ(history.occurred_at, event.occurred_at);
    EXPECT_EQ(history.expires_at, Time{});
    EXPECT_EQ(history.waits_for, std::nullopt);

    const ActivityRow outbox = this->activity(activity.id);
    EXPECT_EQ(outbox.request, activity.request);
    EXPECT_EQ(outbox.epoch, 1);
    EXPECT_EQ(outbox.first_sent_at, activity.first_sent_at);
    EXPECT_EQ(outbox.last_error, activity.last_error);
    EXPECT_EQ(this->reader->owner_of(key("m")).value(), workflow.id);
}

TYPED_TEST(Batch, WorkflowUpdateWritesStateDataTimersAttentionSearchAndClosing) {
    this->begin_workflow(1);
    WorkflowRow moved = a_workflow(1, 3);
    moved.state = "COMPLETED";
    moved.data = "{}";
    moved.version = 2;
    moved.search = "somebody else";
    moved.attention = "no_show";
    moved.closed_at = at(50);
    this->must_write({.workflows = {{moved, 1}}}, {.workflows = {moved.id}});
    const WorkflowRow read = this->reader->workflow(moved.id).value().value();
    EXPECT_EQ(read.state, "COMPLETED");
    EXPECT_EQ(read.revision, 3);
    EXPECT_EQ(read.version, 2);
    EXPECT_EQ(read.search, "somebody else");
    EXPECT_EQ(read.attention, "no_show");
    EXPECT_EQ(read.closed_at, at(50));
    EXPECT_EQ(read.created_at, a_workflow(1).created_at);
}

TYPED_TEST(Batch, RepeatedEventCountsZeroAndNothingOfItsBatchStands) {
    this->begin_workflow(1);
    const auto report = this->write({.events = {an_event(100, 1, 2)}, .workflows = {{a_workflow(1, 2), 1}}});
    EXPECT_EQ(report.status, Commit::conflict);
    EXPECT_THAT(report.detail, HasSubstr("events 0 of 1"));
    EXPECT_EQ(this->reader->workflow(workflow_id(1)).value()->revision, 1);
}

TYPED_TEST(Batch, RepeatedEventIsSeenUnderTheLockWithItsWorkflowDispositionAndBatch) {
    this->begin_workflow(1);
    const Look seen = this->look({.events = {event_id(100), event_id(999)}});
    ASSERT_THAT(seen.seen, SizeIs(1));
    EXPECT_EQ(seen.seen[0].id, event_id(100));
    EXPECT_EQ(seen.seen[0].workflow, workflow_id(1));
    EXPECT_EQ(seen.seen[0].disposition, Disposition::applied);
    EXPECT_EQ(seen.seen[0].batch, batch_id(100));
    EXPECT_THAT(seen.waiting, SizeIs(0));
}

TYPED_TEST(Batch, StaleRevisionCountsZeroAndNothingOfItsBatchStands) {
    this->begin_workflow(1);
    this->must_write({.events = {an_event(101, 1, 2)}, .workflows = {{a_workflow(1, 2), 1}}});
    const auto report = this->write({.events = {an_event(102, 1, 2)}, .workflows = {{a_workflow(1, 2), 1}}});
    EXPECT_EQ(report.status, Commit::conflict);
    EXPECT_THAT(report.detail, HasSubstr("moved 0 of 1"));
    EXPECT_FALSE(this->reader->event(event_id(102)).value());
}

TYPED_TEST(Batch, HistoryNumberTakenTwiceIsRefusedEvenWithoutARevision) {
    this->begin_workflow(1);
    const auto report = this->write({.events = {an_event(102, 1, 1)}});
    EXPECT_EQ(report.status, Commit::conflict);
}

TYPED_TEST(Batch, WorkflowBegunTwiceIsAConflict) {
    this->begin_workflow(1);
    const auto report = this->write({.workflows = {{a_workflow(1), 0}}});
    EXPECT_EQ(report.status, Commit::conflict);
    EXPECT_THAT(report.detail, HasSubstr("begun 0 of 1"));
}

TYPED_TEST(Batch, WorkflowsAreFoundByIdAndThroughTheirKeysOnce) {
    this->begin_workflow(1);
    this->begin_workflow(2);
    this->must_write({.keys = {{key("a"), workflow_id(2)}, {key("b"), workflow_id(2)}}});
    const Look seen = this->look({.workflows = {workflow_id(1), workflow_id(77)}, .keys = {key("a"), key("b"), key("unknown")}});
    ASSERT_THAT(seen.workflows, SizeIs(2));
    EXPECT_EQ(seen.workflows[0].id, workflow_id(1));
    EXPECT_EQ(seen.workflows[1].id, workflow_id(2));
    EXPECT_EQ(seen.workflows[1].data, a_workflow(2).data);
    ASSERT_THAT(seen.keys, SizeIs(2));
    for (const auto& owned : seen.keys) EXPECT_EQ(owned.workflow, workflow_id(2));
}

TYPED_TEST(Batch, KeyOnceBoundIsNeverBoundToAnother) {
    this->begin_workflow(1);
    this->begin_workflow(2);
    this->must_write({.keys = {{key("m"), workflow_id(1)}}});
    const auto stolen = this->write({.keys = {{key("m"), workflow_id(2)}}});
    EXPECT_EQ(stolen.status, Commit::conflict);
    EXPECT_THAT(stolen.detail, HasSubstr("keyed 0 of 1"));
    EXPECT_EQ(this->write({.binds = {{key("m"), workflow_id(2)}}}).status, Commit::conflict);
    EXPECT_EQ(this->reader->owner_of(key("m")).value(), workflow_id(1));
    this->must_write({.keys = {{key("m"), workflow_id(1)}}}); // its own again: fine
}

TYPED_TEST(Batch, ParkingOnAnOwnedKeyCountsZero) {
    this->begin_workflow(1);
    this->must_write({.keys = {{key("m"), workflow_id(1)}}});
    const auto parked = this->write({.events = {a_deferred(5, key("m"), at(100))}, .keys = {{key("m"), std::nullopt}}});
    EXPECT_EQ(parked.status, Commit::conflict);
    EXPECT_FALSE(this->reader->event(event_id(5)).value());
}

TYPED_TEST(Batch, BindingAKeyThatSomebodyWaitsForCountsZeroUntilTheEventWasSeen) {
    this->begin_workflow(1);
    this->must_write({.events = {a_deferred(5, key("m"), at(100))}, .keys = {{key("m"), std::nullopt}}});
    this->must_write({.events = {a_deferred(6, key("m"), at(100))}, .keys = {{key("m"), std::nullopt}}}); // a second may wait
    EXPECT_EQ(this->write({.keys = {{key("m"), workflow_id(1)}}}).status, Commit::conflict);

    const Look seen = this->look({.workflows = {workflow_id(1)}, .keys = {key("m")}});
    ASSERT_THAT(seen.keys, SizeIs(1));
    EXPECT_EQ(seen.keys[0].workflow, std::nullopt);
    ASSERT_THAT(seen.waiting, SizeIs(2));
    EXPECT_EQ(seen.waiting[0].payload, a_deferred(5, key("m"), at(100)).payload);
    EXPECT_EQ(seen.waiting[0].address, R"({"unclaimed":"wait"})");
    EXPECT_EQ(seen.waiting[0].expires_at, at(100));

    this->must_write({.freed = {freed(seen.waiting[0], 1, 2), freed(seen.waiting[1], 1, 3)},
                      .workflows = {{a_workflow(1, 3), 1}},
                      .binds = {{key("m"), workflow_id(1)}}});
    EXPECT_EQ(this->reader->owner_of(key("m")).value(), workflow_id(1));
    const EventRow applied = this->reader->event(seen.waiting[0].id).value().value();
    EXPECT_EQ(applied.disposition, Disposition::applied);
    EXPECT_EQ(applied.seq, 2);
    EXPECT_EQ(applied.address, "");
    EXPECT_EQ(applied.expires_at, Time{});
    EXPECT_THAT(this->look({.keys = {key("m")}}).waiting, SizeIs(0));
}

TYPED_TEST(Batch, FreedEventIsFreedOnce) {
    this->begin_workflow(1);
    const EventRow parked = a_deferred(5, key("m"), at(100));
    this->must_write({.events = {parked}});
    this->must_write({.freed = {freed(parked, 1, 2)}});
    const auto again = this->write({.freed = {freed(parked, 1, 3)}});
    EXPECT_EQ(again.status, Commit::conflict);
    EXPECT_THAT(again.detail, HasSubstr("freed 0 of 1"));
}

TYPED_TEST(Batch, EventParkedOnAWorkflowIsShownWheneverThatWorkflowIsLocked) {
    this->begin_workflow(1);
    this->must_write({.events = {a_deferred(5, {}, at(100), workflow_id(1))}, .keys = {{key("m"), workflow_id(1)}}});
    EXPECT_THAT(this->look({.workflows = {workflow_id(1)}}).waiting, SizeIs(1));
    EXPECT_THAT(this->look({.keys = {key("m")}}).waiting, SizeIs(1));
    // Named three times over, shown once.
    EXPECT_THAT(this->look({.workflows = {workflow_id(1)}, .keys = {key("m")}, .events = {event_id(5)}}).waiting, SizeIs(1));
}

TYPED_TEST(Batch, EventNamedByItsIdIsShownWholeWhileItMayBeDecidedAgain) {
    EventRow dead = a_deferred(6, {}, Time{});
    dead.disposition = Disposition::dead;
    dead.reason = "payload is not a JSON object";
    this->must_write({.events = {a_deferred(5, key("m"), at(100)), dead}});
    const Look seen = this->look({.events = {event_id(5), event_id(6)}});
    EXPECT_THAT(seen.seen, SizeIs(2));
    ASSERT_THAT(seen.waiting, SizeIs(2));
    const EventRow& shown = seen.waiting[0].id == dead.id ? seen.waiting[0] : seen.waiting[1];
    EXPECT_EQ(shown.raw, dead.raw);
    EXPECT_EQ(shown.payload, dead.payload);
    EXPECT_EQ(shown.address, dead.address);
    EXPECT_EQ(shown.reason, dead.reason);
    // Requeued: decided as any other, and gone from the dead letters.
    this->begin_workflow(1);
    this->must_write({.freed = {freed(shown, 1, 2, Disposition::dead)}});
    EXPECT_THAT(this->reader->dead_letters({}, 10).value(), SizeIs(0));
}

TYPED_TEST(Batch, RefusedValueIsBadDataAndTheSessionGoesOn) {
    EventRow impossible = an_event(5, 1, 1);
    impossible.seq = std::nullopt; // applied to a workflow without a place in its history
    impossible.payload = R"({"name":"Ann Poe"})";
    const auto report = this->write({.events = {an_event(4, 1, 1), impossible}});
    EXPECT_EQ(report.status, Commit::bad_data) << report.detail;
    EXPECT_THAT(report.detail, testing::Not(HasSubstr("Ann"))) << "it ends in the log";
    EXPECT_FALSE(this->reader->event(event_id(4)).value());
    this->begin_workflow(1);
}

TYPED_TEST(Batch, TextThatIsNotStorableIsBadDataOrStoredAsItIs) {
    EventRow odd = an_event(5, 1, 1);
    odd.raw = std::string("nul \0 and broken UTF-8 \xff", 25);
    const auto report = this->write({.events = {odd}});
    if (TypeParam::is_postgres) {
        EXPECT_EQ(report.status, Commit::bad_data) << report.detail;
    } else {
        EXPECT_EQ(report.status, Commit::committed) << report.detail;
        EXPECT_EQ(this->reader->event(odd.id).value()->raw, odd.raw);
    }
    EXPECT_THAT(report.detail, testing::Not(HasSubstr("nul")));
    this->begin_workflow(2);
}

TYPED_TEST(Batch, DecisionToAbandonWritesNothing) {
    const auto report = this->store->commit({}, [](Look&&) { return std::nullopt; });
    EXPECT_EQ(report.status, Commit::abandoned);
    EXPECT_EQ(this->write({}).status, Commit::committed);
    this->begin_workflow(1);
}

TYPED_TEST(Batch, DecisionThatThrowsRollsBackAndGoesThrough) {
    this->begin_workflow(1);
    EXPECT_THROW(this->store->commit({.workflows = {workflow_id(1)}},
                                     [](Look&&) -> std::optional<Writes> { throw std::length_error("x"); }),
                 std::length_error);
    const auto other = this->another_session();
    EXPECT_EQ(this->write(*other, {.workflows = {{a_workflow(1, 2), 1}}}, {.workflows = {workflow_id(1)}}).status,
              Commit::committed);
}

TYPED_TEST(Batch, RowOfTheSameBatchIsNotChangedByIt) {
    this->begin_workflow(1);
    const auto report = this->write({.activities = {an_activity(1, 1, 0)}, .skipped = {an_activity(1, 1, 0).id}});
    EXPECT_EQ(report.status, Commit::conflict) << "a batch names a row once, on both databases";
}

TYPED_TEST(Batch, LargeBatchIsOneCommit) {
    Writes writes;
    for (unsigned number = 1; number <= 300; ++number) {
        writes.events.push_back(an_event(number, number, 1));
        writes.workflows.push_back({a_workflow(number), 0});
        writes.activities.push_back(an_activity(number, 1, 0));
        writes.keys.push_back({key(std::to_string(number)), workflow_id(number)});
    }
    this->must_write(writes);
    Names names;
    for (unsigned number = 1; number <= 300; ++number) {
        names.keys.insert(key(std::to_string(number)));
        names.events.insert(event_id(number));
        names.activities.insert(an_activity(number, 1, 0).id);
    }
    const Look seen = this->look(names);
    EXPECT_THAT(seen.workflows, SizeIs(300));
    EXPECT_THAT(seen.seen, SizeIs(300));
    EXPECT_THAT(seen.activities, SizeIs(300));
    EXPECT_THAT(seen.keys, SizeIs(300));
}

} // namespace appointd::test
