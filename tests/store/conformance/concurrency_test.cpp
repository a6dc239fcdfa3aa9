#include "tests/store/conformance/store_fixture.hpp"

#include <future>
#include <random>
#include <set>
#include <thread>

namespace appointd::test {

using testing::HasSubstr;
using testing::SizeIs;

template <class Backend> class Together : public StoreSuite<Backend> {};
using Backends = testing::Types<SqliteDatabase, PostgresDatabase>;
TYPED_TEST_SUITE(Together, Backends, DatabaseNames);

TYPED_TEST(Together, SameEventOnTwoSessionsAtOnceIsSeenByTheOneThatWaited) {
    this->begin_workflow(1);
    const auto other = this->another_session();
    const Names names{.workflows = {workflow_id(1)}, .keys = {}, .events = {event_id(7)}, .activities = {}};
    const Writes writes{.events = {an_event(7, 1, 2)}, .workflows = {{a_workflow(1, 2), 1}}};
    Look late;
    std::jthread thread;
    const auto first = this->store->commit(names, [&](Look&& seen) {
        EXPECT_THAT(seen.seen, SizeIs(0));
        thread = std::jthread([&] {
            other->commit(names, [&](Look&& now) {
                late = std::move(now);
                return std::nullopt;
            });
        });
        std::this_thread::sleep_for(100ms); // the other one stands at the lock by now
        return std::optional(writes);
    });
    thread.join();
    EXPECT_EQ(first.status, Commit::committed) << first.detail;
    EXPECT_THAT(late.seen, SizeIs(1)) << "a snapshot taken before the wait would not show it";
    ASSERT_THAT(late.workflows, SizeIs(1));
    EXPECT_EQ(late.workflows[0].revision, 2);
}

TYPED_TEST(Together, ManyWritersOfSharedWorkflowsLoseNothingAndNeverDeadlock) {
    constexpr unsigned workflows = 40;
    Writes begin;
    for (unsigned number = 1; number <= workflows; ++number) begin.workflows.push_back({a_workflow(number), 0});
    this->must_write(begin);
    std::atomic<unsigned> next_event{1000};
    std::atomic<int> moves{0}, conflicts{0}, errors{0};
    const auto deadline = std::chrono::steady_clock::now() + 1500ms;
    const auto work = [&](unsigned seed) {
        const auto session = this->another_session();
        std::mt19937 random(seed);
        while (std::chrono::steady_clock::now() < deadline) {
            Names names;
            while (names.workflows.size() < 10)
                names.workflows.insert(workflow_id(1 + static_cast<unsigned>(random() % workflows)));
            const auto report = session->commit(names, [&](Look&& seen) {
                Writes writes;
                for (WorkflowRow& row : seen.workflows) {
                    writes.events.push_back(an_event(next_event++, row.id.get().data[15], row.revision + 1));
                    writes.workflows.push_back({std::move(row), 0});
                    auto& update = writes.workflows.back();
                    update.was = update.row.revision++;
                }
                return std::optional(std::move(writes));
            });
            if (report.status == Commit::committed)
                moves += 10;
            else
                ++(report.status == Commit::conflict ? conflicts : errors);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned seed = 1; seed <= 4; ++seed) threads.emplace_back(work, seed);
    }
    EXPECT_EQ(errors, 0);
    EXPECT_EQ(conflicts, 0) << "locked in id order, nobody is rolled back";
    EXPECT_GT(moves, 0);
    int revisions = 0;
    for (const WorkflowRow& row : this->reader->list({.limit = 200}).value()) revisions += row.revision - 1;
    EXPECT_EQ(revisions, moves);
}

/// One writer cannot interleave two batches: these are PostgreSQL's.
class Interleaved : public StoreSuite<PostgresDatabase> {
protected:
    void SetUp() override {
        begin_workflow(1);
        other = another_session();
    }
    Writes parking() { return {.events = {a_deferred(5, key("m"), at(100))}, .keys = {{key("m"), std::nullopt}}}; }
    Writes binding() { return {.keys = {{key("m"), workflow_id(1)}}}; }
    const Names names{.workflows = {}, .keys = {key("m")}, .events = {}, .activities = {}};
    std::unique_ptr<Store> other;
};

TEST_F(Interleaved, BindingThatWasOvertakenByAParkingLooksAgainAndFindsTheEvent) {
    const auto bound = store->commit(names, [&](Look&& seen) {
        EXPECT_THAT(seen.keys, SizeIs(0));
        EXPECT_EQ(write(*other, parking(), names).status, Commit::committed);
        return std::optional(binding());
    });
    EXPECT_EQ(bound.status, Commit::conflict);
    EXPECT_THAT(bound.detail, HasSubstr("keyed 0 of 1"));
    const Look again = look(names);
    EXPECT_THAT(again.waiting, SizeIs(1));
    ASSERT_THAT(again.keys, SizeIs(1));
    must_write(
        {.freed = {freed(again.waiting[0], 1, 2)}, .workflows = {{a_workflow(1, 2), 1}}, .binds = {{key("m"), workflow_id(1)}}});
}

TEST_F(Interleaved, ParkingThatWasOvertakenByABindingLooksAgainAndFindsTheOwner) {
    const auto parked = store->commit(names, [&](Look&&) {
        EXPECT_EQ(write(*other, binding(), names).status, Commit::committed);
        return std::optional(parking());
    });
    EXPECT_EQ(parked.status, Commit::conflict);
    const Look again = look(names);
    ASSERT_THAT(again.workflows, SizeIs(1));
    EXPECT_EQ(again.workflows[0].id, workflow_id(1));
}

TEST_F(Interleaved, BothWritingTheKeyAtOnceLeaveOneOfThemToLookAgain) {
    // The parking holds the key's row, uncommitted, while the binding comes to write it.
    std::atomic<Commit> bound = Commit::abandoned;
    std::jthread thread;
    const auto second = another_session();
    const auto parked = store->commit(names, [&](Look&&) {
        thread = std::jthread([&] {
            bound = second
                        ->commit(names,
                                 [&](Look&&) {
                                     std::this_thread::sleep_for(100ms);
                                     return std::optional(binding());
                                 })
                        .status;
        });
        return std::optional(parking());
    });
    thread.join();
    EXPECT_EQ(parked.status, Commit::committed);
    EXPECT_EQ(bound, Commit::conflict);
}

TEST_F(Interleaved, NobodyJoinsThoseThatWaitForAKeyWhileItIsBeingBound) {
    must_write(parking(), names); // the key's row is there, without an owner: binding it asks only whether it is still free
    Commit joined = Commit::abandoned;
    std::jthread thread;
    const auto bound = store->commit(names, [&](Look&& seen) {
        EXPECT_THAT(seen.waiting, SizeIs(1));
        thread = std::jthread([&] {
            Writes late{.events = {a_deferred(6, key("m"), at(100))}, .keys = {{key("m"), std::nullopt}}};
            joined = write(*other, std::move(late), names).status;
        });
        std::this_thread::sleep_for(200ms);
        return std::optional(Writes{.freed = {freed(seen.waiting[0], 1, 2)},
                                    .workflows = {{a_workflow(1, 2), 1}},
                                    .binds = {{key("m"), workflow_id(1)}}});
    });
    thread.join();
    EXPECT_FALSE(bound.status == Commit::committed && joined == Commit::committed) << "the second event would wait for ever";
    EXPECT_EQ(bound.status, Commit::committed);
    EXPECT_EQ(joined, Commit::conflict) << "it looks again, and finds the owner";
}

TEST_F(Interleaved, EventFreedByTwoIsFreedByOne) {
    must_write(parking(), names);
    const Look seen = look(names);
    ASSERT_THAT(seen.waiting, SizeIs(1));
    const auto slow = store->commit(names, [&](Look&& now) {
        const Names by_id{.workflows = {}, .keys = {}, .events = {event_id(5)}, .activities = {}}; // as an expiry would
        EXPECT_EQ(write(*other, {.freed = {freed(seen.waiting[0], 1, 2)}}, by_id).status, Commit::committed);
        return std::optional(Writes{.freed = {freed(now.waiting.at(0), 1, 3)}});
    });
    EXPECT_EQ(slow.status, Commit::conflict);
    EXPECT_EQ(reader->event(event_id(5)).value()->seq, 2);
}

} // namespace appointd::test
