#include "tests/store/conformance/store_fixture.hpp"

namespace appointd::test {

using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;

template <class Backend> class Housekeeping : public StoreSuite<Backend> {
protected:
    void close_workflow(unsigned number, Time closed_at) {
        this->begin_workflow(number);
        WorkflowRow closed = a_workflow(number, 2);
        closed.closed_at = closed_at;
        this->must_write({.events = {an_event(number * 100 + 1, number, 2), a_deferred(number * 100 + 2, {}, at(9), closed.id)},
                          .workflows = {{closed, 1}},
                          .activities = {an_activity(number, 1, 0)},
                          .keys = {{key(std::to_string(number)), closed.id}}});
    }
};
using Backends = testing::Types<SqliteDatabase, PostgresDatabase>;
TYPED_TEST_SUITE(Housekeeping, Backends, DatabaseNames);

TYPED_TEST(Housekeeping, DueProposesTheEarliestFirstUpToTheLimit) {
    Writes writes;
    for (unsigned number = 1; number <= 4; ++number) {
        WorkflowRow row = a_workflow(number);
        if (number < 4) row.wake_at = at(10 - static_cast<int>(number));
        writes.workflows.push_back({row, 0});
    }
    this->must_write(writes);
    EXPECT_THAT(this->store->due(at(6), 10).value(), SizeIs(0));
    const auto due = this->store->due(at(9), 2).value();
    ASSERT_THAT(due, SizeIs(2));
    EXPECT_EQ(due[0].workflow, workflow_id(3));
    EXPECT_EQ(due[0].wake_at, at(7));
    EXPECT_EQ(due[1].workflow, workflow_id(2));
}

TYPED_TEST(Housekeeping, TimerMovedAfterTheProposalIsFoundNotDueUnderTheLock) {
    WorkflowRow row = a_workflow(1);
    row.timers = R"({"deadline":{"at":1,"set":1}})";
    row.wake_at = at(5);
    this->must_write({.workflows = {{row, 0}}});
    ASSERT_THAT(this->store->due(at(5), 10).value(), SizeIs(1));
    row.revision = 2;
    row.timers = R"({"deadline":{"at":2,"set":2}})";
    row.wake_at = at(500);
    this->must_write({.workflows = {{row, 1}}});
    const Look seen = this->look({.workflows = {row.id}});
    ASSERT_THAT(seen.workflows, SizeIs(1));
    EXPECT_EQ(seen.workflows[0].timers, row.timers);
    EXPECT_EQ(seen.workflows[0].wake_at, at(500));
    EXPECT_THAT(this->store->due(at(5), 10).value(), SizeIs(0));
}

TYPED_TEST(Housekeeping, EndedWaitIsProposedWithItsAddressUntilItIsDecided) {
    const EventRow parked = a_deferred(5, key("m"), at(100));
    this->must_write({.events = {parked, a_deferred(6, key("n"), at(200))}, .keys = {{key("m"), std::nullopt}}});
    EXPECT_THAT(this->store->expired(at(99), 10).value(), SizeIs(0));
    const auto expired = this->store->expired(at(100), 10).value();
    ASSERT_THAT(expired, SizeIs(1));
    EXPECT_EQ(expired[0].id, parked.id);
    EXPECT_EQ(expired[0].address, parked.address);
    EXPECT_EQ(expired[0].raw, parked.raw);
    Writes::Freed over{.row = expired[0], .was = Disposition::deferred};
    over.row.disposition = Disposition::ignored;
    over.row.reason = "not ours";
    over.row.waits_for = std::nullopt;
    over.row.address.clear();
    over.row.expires_at = Time{};
    this->must_write({.freed = {over}});
    EXPECT_THAT(this->store->expired(at(100), 10).value(), SizeIs(0));
    EXPECT_EQ(this->reader->event(parked.id).value()->reason, "not ours");
}

TYPED_TEST(Housekeeping, HeartbeatTellsWhatTheNodesSeenLatelyKnow) {
    const Uuid mine = numbered_uuid(9, 1), other = numbered_uuid(9, 2);
    const std::string one = "booking/1", two = "booking/1 booking/2";
    EXPECT_THAT(this->store->heartbeat(mine, at(0), at(-30), one).value(), ElementsAre(one));
    EXPECT_THAT(this->store->heartbeat(other, at(10), at(-20), two).value(), UnorderedElementsAre(one, two));
    EXPECT_THAT(this->store->heartbeat(other, at(40), at(10), two).value(), ElementsAre(two));
    EXPECT_THAT(this->store->heartbeat(mine, at(41), at(11), one).value(), UnorderedElementsAre(one, two));
}

TYPED_TEST(Housekeeping, ServerTimeIsTheDatabasesOwnWhereItHasOne) {
    const auto time = this->store->server_time().value();
    ASSERT_EQ(time.has_value(), TypeParam::is_postgres);
    if (time) {
        EXPECT_LT(std::chrono::abs(*time - std::chrono::system_clock::now()), 1min);
    }
}

TYPED_TEST(Housekeeping, PurgeTakesWholeWorkflowsThatClosedBeforeAndNothingElse) {
    this->close_workflow(1, at(10));
    this->close_workflow(2, at(20));
    this->close_workflow(3, at(30));
    this->begin_workflow(4);
    EXPECT_EQ(this->store->purge_closed(at(25), 1).value(), 1);
    EXPECT_FALSE(this->reader->workflow(workflow_id(1)).value()) << "the earliest first";
    EXPECT_EQ(this->store->purge_closed(at(25), 10).value(), 1);
    EXPECT_EQ(this->store->purge_closed(at(25), 10).value(), 0);
    for (const unsigned number : {1u, 2u}) {
        EXPECT_FALSE(this->reader->workflow(workflow_id(number)).value());
        EXPECT_THAT(this->reader->history(workflow_id(number), 0, 10).value(), SizeIs(0));
        EXPECT_THAT(this->reader->activities(workflow_id(number)).value(), SizeIs(0));
        EXPECT_FALSE(this->reader->owner_of(key(std::to_string(number))).value());
    }
    EXPECT_THAT(this->reader->history(workflow_id(3), 0, 10).value(), SizeIs(3));
    EXPECT_EQ(this->reader->owner_of(key("3")).value(), workflow_id(3));
    EXPECT_TRUE(this->reader->workflow(workflow_id(4)).value());
}

TYPED_TEST(Housekeeping, PurgeLeavesDeadLettersUntilSomebodyDecidedThem) {
    EventRow dead = an_event(900, 1, 1);
    dead.seq = std::nullopt;
    dead.disposition = Disposition::dead;
    this->close_workflow(1, at(10));
    this->must_write({.events = {dead}});
    EXPECT_EQ(this->store->purge_closed(at(25), 10).value(), 1);
    EXPECT_FALSE(this->reader->workflow(workflow_id(1)).value());
    ASSERT_THAT(this->reader->dead_letters(std::nullopt, 10).value(), SizeIs(1));
    EXPECT_EQ(this->reader->event(dead.id).value()->raw, dead.raw);
}

TYPED_TEST(Housekeeping, PurgeTakesWhatWasNeverOursAndKeysNobodyWaitsForAnyMore) {
    EventRow foreign = an_event(5, 1, 1), recent = an_event(6, 1, 1);
    for (EventRow* row : {&foreign, &recent}) {
        row->workflow = std::nullopt;
        row->seq = std::nullopt;
        row->version = std::nullopt;
        row->disposition = Disposition::ignored;
    }
    recent.decided_at = at(500);
    EventRow waits = a_deferred(7, key("wanted"), at(900));
    this->must_write({.events = {foreign}, .keys = {{key("left"), std::nullopt}}});
    this->must_write({.events = {waits}, .keys = {{key("wanted"), std::nullopt}}});
    this->must_write({.events = {recent}});
    EXPECT_EQ(this->store->purge_closed(at(100), 10).value(), 0);
    EXPECT_FALSE(this->reader->event(foreign.id).value());
    EXPECT_TRUE(this->reader->event(recent.id).value());
    const Look seen = this->look({.keys = {key("left"), key("wanted")}});
    ASSERT_THAT(seen.keys, SizeIs(1));
    EXPECT_EQ(seen.keys[0].key, key("wanted"));
}

TYPED_TEST(Housekeeping, DefinitionIsRememberedAsItWasFirstRegistered) {
    const auto first = this->store->register_definitions({{"booking", 1, "aaa"}, {"booking", 2, "bbb"}}).value();
    EXPECT_THAT(first, SizeIs(2));
    const auto second = this->store->register_definitions({{"booking", 1, "changed"}}).value();
    ASSERT_THAT(second, SizeIs(2));
    EXPECT_EQ(second[0].fingerprint, "aaa");
    EXPECT_EQ(second[1].version, 2);
}

TYPED_TEST(Housekeeping, LiveVersionsAreThoseOfOpenWorkflows) {
    this->close_workflow(1, at(10));
    WorkflowRow newer = a_workflow(2);
    newer.version = 2;
    this->must_write({.workflows = {{newer, 0}}});
    EXPECT_THAT(this->store->live_versions().value(), ElementsAre(std::pair<std::string, int>("booking", 2)));
}

TYPED_TEST(Housekeeping, LanesAreOneWhereThereIsOneWriter) {
    EXPECT_EQ(this->database.stores->lanes(), TypeParam::is_postgres ? 2 : 1);
}

} // namespace appointd::test
