#include "tests/store/conformance/store_fixture.hpp"

namespace appointd::test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

template <class Backend> class Reading : public StoreSuite<Backend> {
protected:
    void add(unsigned number, const std::string& state, const std::string& search, std::optional<std::string> attention = {}) {
        WorkflowRow row = a_workflow(number);
        row.state = state;
        row.search = search;
        row.attention = std::move(attention);
        this->must_write({.workflows = {{row, 0}}});
    }
    std::vector<unsigned> list(const WorkflowFilter& filter) {
        std::vector<unsigned> numbers;
        for (const WorkflowRow& row : this->reader->list(filter).value()) numbers.push_back(row.id.get().data[15]);
        return numbers;
    }
};
using Backends = testing::Types<SqliteDatabase, PostgresDatabase>;
TYPED_TEST_SUITE(Reading, Backends, DatabaseNames);

TYPED_TEST(Reading, ListIsNewestFirstAndGoesOnBehindItsCursor) {
    for (unsigned number = 1; number <= 5; ++number) this->add(number, "SCHEDULED", "x");
    EXPECT_THAT(this->list({.limit = 2}), ElementsAre(5, 4));
    EXPECT_THAT(this->list({.limit = 2, .before = workflow_id(4)}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.limit = 2, .before = workflow_id(2)}), ElementsAre(1));
    EXPECT_THAT(this->list({.limit = 2, .before = workflow_id(1)}), IsEmpty());
}

TYPED_TEST(Reading, ListEndsAtTheLeastIdGiven) {
    for (unsigned number = 1; number <= 4; ++number) this->add(number, "SCHEDULED", "ada", "dispute");
    EXPECT_THAT(this->list({.least = workflow_id(3)}), ElementsAre(4, 3));
    EXPECT_THAT(this->list({.q = "ada", .before = workflow_id(4), .least = workflow_id(2)}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.state = "SCHEDULED", .kind = "booking", .least = workflow_id(4)}), ElementsAre(4));
    EXPECT_THAT(this->list({.attention = true, .least = workflow_id(4)}), ElementsAre(4));
    EXPECT_THAT(this->list({.least = workflow_id(5)}), IsEmpty());
}

TYPED_TEST(Reading, ListFiltersByStateKindAttentionAndCreation) {
    this->add(1, "SCHEDULED", "x");
    this->add(2, "CONFIRMED", "x", "refund_failed");
    this->add(3, "CONFIRMED", "x");
    EXPECT_THAT(this->list({.state = "CONFIRMED"}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.state = "CONFIRMED", .kind = "booking"}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.state = "CONFIRMED", .kind = "booking", .attention = false}), ElementsAre(3));
    EXPECT_THAT(this->list({.kind = "other"}), IsEmpty());
    EXPECT_THAT(this->list({.attention = true}), ElementsAre(2));
    EXPECT_THAT(this->list({.state = "SCHEDULED", .attention = true}), IsEmpty());
    EXPECT_THAT(this->list({.attention = false}), ElementsAre(3, 1));
    EXPECT_THAT(this->list({.from = at(2)}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.from = at(1), .to = at(3)}), ElementsAre(2, 1));
}

TYPED_TEST(Reading, ListFiltersByReasonOfAttention) {
    this->add(1, "CONFIRMED", "x", "dispute,no_meeting");
    this->add(2, "CONFIRMED", "x", "dispute_lost");
    this->add(3, "CANCELED", "x", "refund_failed,dispute");
    this->add(4, "CONFIRMED", "x");
    EXPECT_THAT(this->list({.attention = true, .reason = "dispute"}), ElementsAre(3, 1)) << "a whole reason, wherever it stands";
    EXPECT_THAT(this->list({.state = "CONFIRMED", .attention = true, .reason = "dispute"}), ElementsAre(1));
    EXPECT_THAT(this->list({.attention = true, .reason = "dispute_lost"}), ElementsAre(2));
    EXPECT_THAT(this->list({.attention = true, .reason = "disputeXlost"}), IsEmpty()) << "a reason is no pattern";
    EXPECT_THAT(this->list({.attention = true}), ElementsAre(3, 2, 1));
}

TYPED_TEST(Reading, ListFiltersByLastChange) {
    for (unsigned number = 1; number <= 3; ++number) {
        WorkflowRow row = a_workflow(number);
        row.changed_at = at(10 * static_cast<int>(number));
        this->must_write({.workflows = {{row, 0}}});
    }
    EXPECT_THAT(this->list({.changed_from = at(20)}), ElementsAre(3, 2));
    EXPECT_THAT(this->list({.changed_from = at(31)}), IsEmpty());
    EXPECT_THAT(this->list({.kind = "booking", .to = at(3), .changed_from = at(20)}), ElementsAre(2));
}

TYPED_TEST(Reading, ListFindsByPrefixOfTheIdOrSubstringOfTheSearchText) {
    this->add(1, "SCHEDULED", "ada lovelace ada@example.com pi_1");
    this->add(2, "SCHEDULED", "100%_sure! o'brien");
    EXPECT_THAT(this->list({.q = "lovelace"}), ElementsAre(1));
    EXPECT_THAT(this->list({.q = "example.com pi"}), ElementsAre(1));
    EXPECT_THAT(this->list({.q = "100%_sure!"}), ElementsAre(2));
    EXPECT_THAT(this->list({.q = "100__sure"}), IsEmpty()) << "the search text is no pattern";
    EXPECT_THAT(this->list({.q = "o'brien"}), ElementsAre(2));
    EXPECT_THAT(this->list({.q = "01000000-0000"}), ElementsAre(2, 1));
    EXPECT_THAT(this->list({.q = to_string(workflow_id(2))}), ElementsAre(2));
    EXPECT_THAT(this->list({.q = "02"}), IsEmpty());
    EXPECT_THAT(this->list({.q = "ada", .limit = 1, .before = workflow_id(1)}), IsEmpty());
}

TYPED_TEST(Reading, HistoryGoesPageByPageAndEndsWithWhatIsParked) {
    this->begin_workflow(1);
    this->must_write({.events = {an_event(101, 1, 2), an_event(102, 1, 3), a_deferred(103, {}, at(50), workflow_id(1))}});
    const auto first = this->reader->history(workflow_id(1), 0, 2).value();
    ASSERT_THAT(first, SizeIs(2));
    EXPECT_EQ(first[1].seq, 2);
    const auto last = this->reader->history(workflow_id(1), 2, 2).value();
    ASSERT_THAT(last, SizeIs(2));
    EXPECT_EQ(last[0].seq, 3);
    EXPECT_EQ(last[1].disposition, Disposition::deferred);
}

TYPED_TEST(Reading, DeadLettersAreNewestFirst) {
    Writes writes;
    for (unsigned number = 1; number <= 3; ++number) {
        EventRow dead = a_deferred(number, {}, Time{});
        dead.disposition = Disposition::dead;
        writes.events.push_back(dead);
    }
    this->must_write(writes);
    const auto letters = this->reader->dead_letters({}, 2).value();
    ASSERT_THAT(letters, SizeIs(2));
    EXPECT_EQ(letters[0].id, event_id(3));
    EXPECT_EQ(letters[0].raw, writes.events[0].raw);
    EXPECT_THAT(this->reader->dead_letters(event_id(2), 2).value(), SizeIs(1));
}

TYPED_TEST(Reading, CensusCountsStatesReasonsOutboxDeadLettersAndTheEarliestTimer) {
    EXPECT_THAT(this->reader->census().value().states, IsEmpty());
    EXPECT_EQ(this->reader->census().value().earliest_wake, std::nullopt);
    this->add(1, "SCHEDULED", "x");
    this->add(2, "CONFIRMED", "x", "refund_failed,no_show");
    this->add(3, "CONFIRMED", "x", "refund_failed");
    WorkflowRow waking = a_workflow(4);
    waking.wake_at = at(44);
    EventRow dead = a_deferred(9, {}, Time{});
    dead.disposition = Disposition::dead;
    ActivityRow older = an_activity(1, 1, 0);
    older.created_at = at(-5);
    ActivityRow done = an_activity(1, 1, 1);
    done.state = ActivityState::succeeded;
    this->must_write({.events = {dead, a_deferred(10, key("m"), at(100))},
                      .workflows = {{waking, 0}},
                      .activities = {older, done, an_activity(1, 1, 2), an_activity(1, 1, 3, zoom)}});
    const Census census = this->reader->census().value();
    ASSERT_THAT(census.states, SizeIs(2));
    EXPECT_EQ(census.states[0].state, "CONFIRMED");
    EXPECT_EQ(census.states[0].count, 2);
    EXPECT_EQ(census.states[1].count, 2);
    EXPECT_EQ(census.states[0].oldest, a_workflow(2).created_at);
    ASSERT_THAT(census.tables, Not(IsEmpty()));
    for (const Census::Table& table : census.tables) EXPECT_GT(table.bytes, 0) << table.name;
    ASSERT_THAT(census.attention, SizeIs(2));
    EXPECT_EQ(census.attention[0].reason, "no_show");
    EXPECT_EQ(census.attention[0].count, 1);
    EXPECT_EQ(census.attention[1].reason, "refund_failed");
    EXPECT_EQ(census.attention[1].count, 2);
    ASSERT_THAT(census.outbox, SizeIs(2));
    EXPECT_EQ(census.outbox[0].lane, stripe);
    EXPECT_EQ(census.outbox[0].depth, 2);
    EXPECT_EQ(census.outbox[0].oldest, at(-5));
    EXPECT_EQ(census.dead_letters, 1);
    EXPECT_EQ(census.deferred, 1);
    EXPECT_EQ(census.earliest_wake, at(44));
}

TYPED_TEST(Reading, ReaderSeesACommitAtOnceAndNothingBeforeIt) {
    this->begin_workflow(1);
    const auto report = this->store->commit({.workflows = {workflow_id(1)}}, [&](Look&&) {
        EXPECT_EQ(this->reader->workflow(workflow_id(1)).value()->revision, 1); // does not wait for the writer
        return std::optional(Writes{.workflows = {{a_workflow(1, 2), 1}}});
    });
    ASSERT_EQ(report.status, Commit::committed);
    EXPECT_EQ(this->reader->workflow(workflow_id(1)).value()->revision, 2);
}

TYPED_TEST(Reading, PingAnswersOnADatabaseWithASchemaThatFits) { EXPECT_TRUE(this->reader->ping()); }

TYPED_TEST(Reading, OddQuestionsAreAnsweredWithNothing) {
    EXPECT_FALSE(this->reader->workflow(workflow_id(1)).value());
    EXPECT_FALSE(this->reader->event(event_id(1)).value());
    EXPECT_FALSE(this->reader->owner_of(key("nobody")).value());
    const auto broken = this->reader->list({.q = "\xff'; drop table workflow; --"});
    EXPECT_EQ(broken.has_error(), TypeParam::is_postgres) << "PostgreSQL refuses what is not UTF-8";
    EXPECT_TRUE(this->reader->ping());
}

} // namespace appointd::test
