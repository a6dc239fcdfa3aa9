#include "tests/unit/engine/desk.hpp"

#include "foundation/json.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class DeliberationActivity : public Desk {
protected:
    void SetUp() override {
        commit(event(id(1), R"({"requests":[{"kind":"call"}],"on":{"call.succeeded":{},"call.failed":{},"orphan.found":{}}})",
                     "begin"));
    }
    Work postponed(int epoch, int round = 1) const {
        Postponed what;
        what.id = call;
        what.kind = activity().kind;
        what.lane = activity().lane;
        what.epoch = epoch;
        what.round = round;
        what.tries = 1;
        what.ready_at = now + 5s;
        what.last_error = "down: 500";
        return Work{.what = what, .received_at = now, .done = {}, .condemned = false};
    }
    Work retry() { return event(id(1), R"({"reopens":[")" + to_string(call) + R"("]})", "retry." + std::to_string(++asked)); }
    Work skip() { return event(id(1), R"({"skips":[")" + to_string(call) + R"("]})", "skip." + std::to_string(++asked)); }
    json::object last_payload() const {
        const EventRow* last = nullptr;
        for (const auto& [name, row] : rows.events)
            if (row.source == "activity" && (!last || row.seq.value_or(0) > last->seq.value_or(0))) last = &row;
        return parse_object(last ? last->payload : "").value_or(json::object{});
    }
    const ActivityRow& activity() const { return rows.activities.at(call); }

    /// What metrics and log tell of a late answer.
    ::testing::Matcher<const Late&> of_the_call() const {
        return ::testing::AllOf(::testing::Field(&Late::id, call), ::testing::Field(&Late::kind, activity().kind),
                                ::testing::Field(&Late::lane, activity().lane));
    }

    ActivityId call{id(1), 1, 0};
    int asked = 0;
};

TEST_F(DeliberationActivity, EndsItAndEntersAsAnEvent) {
    commit(ended(call, ActivityState::succeeded, success(R"({"url":"x"})")));
    EXPECT_EQ(log(id(1)), "begin call.succeeded");
    EXPECT_EQ(activity().state, ActivityState::succeeded);
    EXPECT_EQ(activity().outcome, R"({"url":"x"})");
    EXPECT_EQ(activity().tries, 1);
    const json::object payload = last_payload();
    EXPECT_EQ(text_field(payload, "activity"), to_string(call));
    EXPECT_EQ(text_field(*object_field(payload, "result"), "url"), "x");
    EXPECT_EQ(text_field(*object_field(payload, "request"), "kind"), "call");
    EXPECT_TRUE(rows.events.contains(make_event_id(activity().created_at, "activity", to_string(call) + ".1")));
}

TEST_F(DeliberationActivity, SaysWhyItFailed) {
    commit(ended(call, ActivityState::failed, failure("card_declined")));
    EXPECT_EQ(log(id(1)), "begin call.failed");
    json::object payload = last_payload();
    EXPECT_EQ(text_field(payload, "code"), "card_declined");
    EXPECT_EQ(text_field(payload, "message"), "words with \"quotes\"");
    EXPECT_EQ(bool_field(payload, "exhausted"), false);
    EXPECT_EQ(bool_field(payload, "skipped"), false);
    EXPECT_EQ(activity().last_error, "card_declined: words with \"quotes\"");
    commit(retry());
    commit(ended(call, ActivityState::exhausted, failure("down")));
    EXPECT_EQ(bool_field(last_payload(), "exhausted"), true);
    EXPECT_EQ(activity().state, ActivityState::exhausted);
}

TEST_F(DeliberationActivity, HasOneOutcomeInABatch) {
    const Plan plan =
        commit({ended(call, ActivityState::succeeded, success()), ended(call, ActivityState::succeeded, success())});
    EXPECT_EQ(log(id(1)), "begin call.succeeded");
    EXPECT_EQ(plan.late.size(), 1u);
}

TEST_F(DeliberationActivity, OfAnEarlierEpochIsLateAndNamesAnOrphan) {
    rows.activities.at(call).epoch = 2; // another node took it over
    const Plan plan = commit(ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"), 1));
    EXPECT_THAT(plan.late, ElementsAre(of_the_call()));
    EXPECT_EQ(log(id(1)), "begin orphan.found");
    EXPECT_EQ(activity().state, ActivityState::open);
    json::object payload = last_payload();
    EXPECT_EQ(text_field(payload, "kind"), "call");
    EXPECT_EQ(text_field(*object_field(payload, "result"), "id"), "m1");
}

TEST_F(DeliberationActivity, ThatIsLateWithWhatWeHoldIsNothing) {
    rows.activities.at(call).epoch = 2;
    commit(ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"), 2));
    EXPECT_TRUE(commit(ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"), 1)).writes.empty());
    EXPECT_TRUE(commit(ended(call, ActivityState::failed, failure("x"), 1)).writes.empty());
    commit(ended(call, ActivityState::succeeded, success(R"({"id":"m2"})"), 1));
    EXPECT_EQ(log(id(1)), "begin call.succeeded orphan.found");
}

TEST_F(DeliberationActivity, ThatIsLateTwiceIsOneOrphan) {
    rows.activities.at(call).epoch = 2;
    commit(ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"), 1));
    const Plan again =
        commit(ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"), 1)); // its commit's answer was lost
    EXPECT_TRUE(again.writes.empty());
}

TEST_F(DeliberationActivity, NamesTheEventsItMayBecome) {
    // so that a commit whose answer was lost is recognised
    Names names;
    add_names(names, ended(call, ActivityState::succeeded, success()));
    EXPECT_TRUE(names.events.contains(make_event_id(activity().created_at, "activity", to_string(call) + ".1")));
}

TEST_F(DeliberationActivity, PostponedChangesItsRowOnly) {
    const Plan plan = commit(postponed(1));
    EXPECT_TRUE(plan.writes.events.empty());
    EXPECT_EQ(activity().tries, 1);
    EXPECT_EQ(activity().ready_at, now + 5s);
    EXPECT_EQ(activity().last_error, "down: 500");
    EXPECT_EQ(activity().state, ActivityState::open);
    rows.activities.at(call).epoch = 2;
    EXPECT_THAT(commit(postponed(1)).late, ElementsAre(of_the_call()));
}

TEST_F(DeliberationActivity, ReopenedHasAnotherRoundAndOutcome) {
    commit(ended(call, ActivityState::failed, failure("x")));
    commit(retry());
    EXPECT_EQ(activity().state, ActivityState::open);
    EXPECT_EQ(activity().round, 2);
    EXPECT_EQ(activity().ready_at, now);
    commit(ended(call, ActivityState::succeeded, success()));
    EXPECT_EQ(log(id(1)), "begin call.failed retry.1 call.succeeded");
    EXPECT_TRUE(rows.events.contains(make_event_id(activity().created_at, "activity", to_string(call) + ".2")));
}

TEST_F(DeliberationActivity, ReopenedTwiceInOneBatchIsReopenedOnce) {
    commit(ended(call, ActivityState::failed, failure("x")));
    commit({retry(), retry()});
    EXPECT_EQ(activity().round, 2);
    commit(retry()); // open: nothing to reopen
    EXPECT_EQ(activity().round, 2);
}

TEST_F(DeliberationActivity, EndedAndReopenedInOneBatch) {
    commit({ended(call, ActivityState::failed, failure("x")), retry()});
    EXPECT_EQ(activity().state, ActivityState::open);
    EXPECT_EQ(activity().round, 2);
}

TEST_F(DeliberationActivity, SkippedEndsLikeAFailureThatNobodyRetries) {
    commit(skip());
    EXPECT_EQ(activity().state, ActivityState::skipped);
    EXPECT_EQ(log(id(1)), "begin skip.1 call.failed");
    EXPECT_EQ(bool_field(last_payload(), "skipped"), true);
    EXPECT_EQ(text_field(*object_field(last_payload(), "request"), "kind"), "call");
    commit(skip()); // closed: nothing to skip
    EXPECT_EQ(log(id(1)), "begin skip.1 call.failed skip.2");
}

TEST_F(DeliberationActivity, SkippedAndReopenedInOneBatchCounts) {
    commit({skip(), retry(), skip()});
    EXPECT_EQ(activity().round, 2);
}

TEST_F(DeliberationActivity, OfAnEarlierRoundIsLateEvenWithItsEpoch) {
    Work zombie = ended(call, ActivityState::succeeded, success(R"({"id":"m1"})"));
    commit({skip(), retry()}); // nobody claimed round 2 yet: the epoch is the same
    const Plan plan = commit(zombie);
    EXPECT_EQ(activity().state, ActivityState::open);
    EXPECT_THAT(plan.late, ElementsAre(of_the_call()));
    EXPECT_EQ(log(id(1)), "begin skip.1 call.failed retry.2 orphan.found");
    EXPECT_THAT(commit(postponed(1, 1)).late, ElementsAre(of_the_call()));
}

TEST_F(DeliberationActivity, BringsFactsLearnedOnTheWay) {
    AttemptResult result = success();
    result.learned.push_back(std::get<Incoming>(event(id(2), "{}", "learned").what));
    commit(ended(call, ActivityState::succeeded, result));
    EXPECT_EQ(log(id(2)), "learned");
    AttemptResult again = success();
    again.learned = result.learned;
    commit(retry());
    commit(ended(call, ActivityState::succeeded, again));
    EXPECT_EQ(row(id(2)).revision, 1) << "a fact known already is a duplicate";
}

TEST_F(DeliberationActivity, OfAWorkflowThatIsGoneIsNothing) {
    const Work late = ended(call, ActivityState::succeeded, success());
    rows.workflows.clear();
    rows.activities.clear();
    EXPECT_TRUE(commit(late).writes.empty());
}

TEST_F(DeliberationActivity, IsDeadButClosedWhereItsTransitionThrows) {
    commit(event(id(1), R"({"on":{"call.succeeded":{"decide":"throw"}}})", "break"));
    commit(ended(call, ActivityState::succeeded, success()));
    EXPECT_EQ(activity().state, ActivityState::succeeded);
    EXPECT_EQ(dead().size(), 1u);
    EXPECT_EQ(dead()[0].workflow, id(1));
}

TEST_F(DeliberationActivity, FailsWhereTheDatabaseRefusesItsOutcome) {
    Work work = ended(call, ActivityState::succeeded, success("refused"));
    work.condemned = true;
    commit(work);
    EXPECT_EQ(activity().state, ActivityState::failed);
    EXPECT_EQ(log(id(1)), "begin call.failed");
    EXPECT_EQ(text_field(last_payload(), "code"), "not_storable");
}

TEST_F(DeliberationActivity, RefusedByItsWorkflowIsStillInHistory) {
    commit(event(id(1), R"({"on":{"call.succeeded":{"decide":"refuse","reason":"never"}}})", "break"));
    commit(ended(call, ActivityState::succeeded, success()));
    EXPECT_THAT(history(id(1)), ElementsAre("begin:applied", "break:applied", "call.succeeded:ignored"));
}

} // namespace
} // namespace appointd::engine::testing
