#include "tests/unit/engine/desk.hpp"

namespace appointd::engine::testing {
namespace {

using ::testing::ElementsAre;
using DeliberationEvent = Desk;

TEST_F(DeliberationEvent, BeginsAWorkflowWithEverythingItAsksFor) {
    const Plan plan = commit(
        event(id(1), R"({"state":"fresh","requests":[{"kind":"call"}],"timers":{"alarm":60},"binds":["/k"],"attention":"look"})",
              "begin"));
    ASSERT_EQ(plan.answers.size(), 1u);
    EXPECT_EQ(plan.answers[0].kind, Answer::Kind::decided);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(plan.answers[0].workflow, id(1));
    EXPECT_EQ(plan.answers[0].state, "fresh");
    const WorkflowRow& workflow = row(id(1));
    EXPECT_EQ(workflow.revision, 1);
    EXPECT_EQ(workflow.created_at, now);
    EXPECT_EQ(workflow.attention, "look");
    EXPECT_EQ(workflow.wake_at, now + std::chrono::seconds(60));
    EXPECT_EQ(rows.keys.at(CorrelationKey("/k")).workflow, id(1));
    const ActivityRow& activity = rows.activities.at({id(1), 1, 0});
    EXPECT_EQ(activity.epoch, 1);
    EXPECT_EQ(activity.ready_at, now + rules.lease);
    EXPECT_EQ(activity.first_sent_at, now);
    ASSERT_EQ(plan.born.size(), 1u);
    EXPECT_EQ(plan.verdicts.at(0).to, "fresh");
    EXPECT_EQ(rows.events.begin()->second.result, ">fresh");
    EXPECT_EQ(rows.events.begin()->second.version, 1);
}

TEST_F(DeliberationEvent, LeavesAnActivityReadyWhereNoPlaceIsFree) {
    places = 1;
    const Plan plan = commit(event(id(1), R"({"requests":[{"kind":"a"},{"kind":"b"}]})"));
    EXPECT_EQ(plan.born.size(), 1u);
    ASSERT_EQ(plan.backlog.size(), 1u);
    EXPECT_EQ(rows.activities.at({id(1), 1, 1}).epoch, 0);
    EXPECT_EQ(rows.activities.at({id(1), 1, 1}).ready_at, now);
    EXPECT_FALSE(rows.activities.at({id(1), 1, 1}).first_sent_at);
}

TEST_F(DeliberationEvent, IsADuplicateWithinItsBatchAndAfter) {
    const Work work = event(id(1), "{}", "same");
    const Plan plan = commit({work, work});
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(plan.answers[1].disposition, Disposition::duplicate);
    EXPECT_EQ(plan.answers[1].workflow, id(1));
    ASSERT_EQ(plan.verdicts.size(), 2u);
    EXPECT_EQ(plan.verdicts[1].disposition, Disposition::duplicate);
    EXPECT_EQ(plan.verdicts[1].type, std::get<Incoming>(work.what).event.type);
    EXPECT_EQ(plan.verdicts[1].source, std::get<Incoming>(work.what).event.source);
    EXPECT_EQ(rows.events.size(), 1u);
    const Plan again = commit(work);
    EXPECT_EQ(again.answers[0].disposition, Disposition::duplicate);
    EXPECT_EQ(again.answers[0].workflow, id(1));
    EXPECT_TRUE(again.writes.empty());
}

TEST_F(DeliberationEvent, TakesAHistoryNumberAlsoWhereItIsIgnored) {
    commit(event(id(1), "{}", "first"));
    const Plan plan = commit(event(id(1), R"({"decide":"ignore","reason":"an echo"})", "second"));
    EXPECT_EQ(plan.answers[0].disposition, Disposition::ignored);
    EXPECT_EQ(plan.answers[0].reason, "an echo");
    EXPECT_EQ(row(id(1)).revision, 2);
    EXPECT_EQ(log(id(1)), "first");
    EXPECT_THAT(history(id(1)), ElementsAre("first:applied", "second:ignored"));
}

TEST_F(DeliberationEvent, WritesNothingWhereAnOperatorIsRefused) {
    commit(event(id(1), "{}"));
    Work asked = event(id(1), R"({"decide":"refuse","reason":"too late"})");
    std::get<Incoming>(asked.what).event.source = "operator";
    const Plan plan = commit(asked);
    EXPECT_EQ(plan.answers[0].kind, Answer::Kind::refused);
    EXPECT_EQ(plan.answers[0].reason, "too late");
    EXPECT_EQ(plan.answers[0].workflow, id(1));
    EXPECT_TRUE(plan.writes.empty());
    Work unborn = event(id(2), R"({"decide":"refuse"})");
    std::get<Incoming>(unborn.what).event.source = "api";
    const Plan nothing = commit(unborn);
    EXPECT_EQ(nothing.answers[0].kind, Answer::Kind::refused);
    EXPECT_TRUE(nothing.writes.empty());
}

TEST_F(DeliberationEvent, IsIgnoredWhereItIsRefusedAndNobodyListens) {
    commit(event(id(1), "{}"));
    Work webhook = event(id(1), R"({"decide":"refuse","reason":"too late"})");
    EXPECT_EQ(commit(webhook).answers[0].disposition, Disposition::ignored);
    EXPECT_EQ(stored(webhook).reason, "too late");
}

TEST_F(DeliberationEvent, IsDeadWhereItsTransitionThrowsAndTheRestGoesOn) {
    const Plan plan = commit({event(id(1), "{}", "one"), event(id(1), R"({"decide":"throw","reason":"boom"})", "poison"),
                              event(id(2), R"({"decide":"throw"})", "unborn"), event(id(1), "{}", "two")});
    EXPECT_EQ(plan.answers[1].disposition, Disposition::dead);
    EXPECT_EQ(plan.answers[1].reason, "boom");
    EXPECT_EQ(plan.answers[1].workflow, id(1));
    EXPECT_EQ(plan.answers[2].disposition, Disposition::dead);
    EXPECT_FALSE(plan.answers[2].workflow);
    EXPECT_EQ(log(id(1)), "one two");
    EXPECT_THAT(history(id(1)), ElementsAre("one:applied", "two:applied", "poison:dead"));
    ASSERT_EQ(dead().size(), 2u);
    EXPECT_EQ(dead()[0].raw, "raw");
    EXPECT_FALSE(dead()[0].address.empty());
}

TEST_F(DeliberationEvent, IsIgnoredWithItsReasonWhereNobodyClaimsIt) {
    Work work = event(id(1), "{}");
    Address& address = std::get<Incoming>(work.what).address;
    address = Address{};
    address.targets = {id(1), CorrelationKey("/k")};
    address.reason = "not ours";
    const Plan plan = commit(work);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::ignored);
    EXPECT_EQ(stored(work).reason, "not ours");
    EXPECT_FALSE(stored(work).workflow);
    EXPECT_FALSE(stored(work).seq);
}

TEST_F(DeliberationEvent, FindsTheFirstTargetThatExists) {
    commit(event(id(1), R"({"binds":["/k"]})", "one"));
    commit(event(id(2), "{}", "two"));
    Work work = event(id(3), "{}", "three");
    std::get<Incoming>(work.what).address.targets = {CorrelationKey("/unknown"), CorrelationKey("/k"), id(2)};
    EXPECT_EQ(commit(work).answers[0].workflow, id(1));
    EXPECT_EQ(log(id(1)), "one three");
}

TEST_F(DeliberationEvent, BeginsAWorkflowOfItsOwnWhereItsTargetSendsItElsewhere) {
    commit(event(id(1), "{}", "first"));
    Work work = event(id(1), R"({"decide":"elsewhere","reason":"taken"})", "second");
    std::get<Incoming>(work.what).address.fresh = id(2);
    const Plan refused = commit(work); // the script says the same to nobody: nothing begins
    EXPECT_EQ(refused.answers[0].disposition, Disposition::ignored);
    EXPECT_EQ(refused.answers[0].reason, "taken");
    Work parcel = incoming(parcel_ordered(id(3), now));
    std::get<Incoming>(parcel.what).address.targets = {id(1)};
    commit(event(id(1), R"({"on":{"parcel.ordered":{"decide":"elsewhere"}}})"));
    const Plan plan = commit(parcel);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(plan.answers[0].workflow, id(3));
    EXPECT_EQ(row(id(3)).kind, "parcel");
    EXPECT_EQ(row(id(1)).revision, 2);
}

TEST_F(DeliberationEvent, SaysWhyWhereItsFreshIdIsTaken) {
    commit(event(id(1), "{}"));
    Work work = event(id(1), R"({"decide":"elsewhere","reason":"taken"})");
    const Plan plan = commit(work); // fresh is id(1) itself
    EXPECT_EQ(plan.answers[0].disposition, Disposition::ignored);
    EXPECT_NE(plan.answers[0].reason, "");
    Work same = event(id(2), "{}");
    Work second = event(id(2), "{}");
    std::get<Incoming>(second.what).address.targets.clear();
    const Plan both = commit({same, second});
    EXPECT_EQ(both.answers[1].disposition, Disposition::ignored);
    EXPECT_NE(both.answers[1].reason, "");
}

TEST_F(DeliberationEvent, IsDeadWhereNoDefinitionHasItsKind) {
    Work work = event(id(1), "{}");
    std::get<Incoming>(work.what).address.kind = "unheard";
    const Plan plan = commit(work);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::dead);
    EXPECT_EQ(plan.answers[0].reason, "no definition of kind unheard");
}

TEST_F(DeliberationEvent, RaisesEventsThatTheHistoryShows) {
    const Plan plan = commit(event(id(1), R"({"raise":[{"type":"a"},{"type":"b"}]})", "first"));
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(log(id(1)), "first a b");
    EXPECT_EQ(row(id(1)).revision, 3);
}

TEST_F(DeliberationEvent, RaisesTheSecondEventAlsoWhereTheFirstDies) {
    commit(event(
        id(1),
        R"({"raise":[{"type":"a","payload":{"decide":"throw"}},{"type":"b"},{"type":"c","payload":{"decide":"defer"}},{"type":"d","payload":{"decide":"defer"}}]})",
        "first"));
    EXPECT_EQ(log(id(1)), "first b");
    EXPECT_EQ(history(id(1)).size(), 5u);
    EXPECT_EQ(dead().size(), 1u);
}

TEST_F(DeliberationEvent, RaisesWithinBounds) {
    // each "a" raises another: a definition's fault must not take the daemon down
    commit(event(id(1), R"({"on":{"a":{"raise":[{"type":"a"}]}},"raise":[{"type":"a"}]})", "first"));
    EXPECT_EQ(dead().size(), 1u);
    EXPECT_LT(row(id(1)).revision, 40);
}

TEST_F(DeliberationEvent, IsDeadWhereItWouldBindAnothersKey) {
    commit(event(id(1), R"({"binds":["/k"]})", "one"));
    const Plan unborn = commit(event(id(2), R"({"binds":["/k"],"requests":[{}]})", "two"));
    EXPECT_EQ(unborn.answers[0].disposition, Disposition::dead);
    EXPECT_EQ(unborn.answers[0].reason, "key_taken: /k belongs to another workflow");
    EXPECT_FALSE(rows.workflows.contains(id(2)));
    EXPECT_TRUE(rows.activities.empty());
    commit(event(id(3), "{}", "three"));
    const Plan living = commit(event(id(3), R"({"binds":["/k"],"state":"other"})", "four"));
    EXPECT_EQ(living.answers[0].disposition, Disposition::dead);
    EXPECT_EQ(living.answers[0].workflow, id(3));
    EXPECT_EQ(row(id(3)).revision, 1);
    EXPECT_EQ(row(id(3)).state, "live");
    EXPECT_EQ(rows.keys.at(CorrelationKey("/k")).workflow, id(1));
}

TEST_F(DeliberationEvent, BindsItsOwnKeyAgainWithoutAWrite) {
    commit(event(id(1), R"({"binds":["/k"]})"));
    const Plan plan = commit(event(id(1), R"({"binds":["/k"]})"));
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_TRUE(plan.writes.keys.empty());
}

TEST_F(DeliberationEvent, AsksForNamesItDidNotKnow) {
    Work announced = event(id(1), R"({"binds":["/k"]})");
    std::get<Incoming>(announced.what).address.binds.emplace_back("/k");
    commit(announced);
    EXPECT_EQ(looks, 1);
    commit(event(id(2), R"({"binds":["/l"]})"));
    EXPECT_EQ(looks, 2);
}

TEST_F(DeliberationEvent, IsDeferredWhereThisNodeDoesNotKnowTheVersionUntilOneDoes) {
    commit(event(id(1), "{}", "first"));
    rows.workflows.at(id(1)).version = 2;
    Work work = event(id(1), "{}", "second");
    const Plan plan = commit(work);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::deferred);
    EXPECT_EQ(stored(work).reason, "this node does not know version 2");
    EXPECT_LE(stored(work).expires_at, now + rules.lease) << "nobody else would look again";

    now += rules.lease;
    Work expiry{.what = Expired{stored(work)}, .received_at = now, .done = {}, .condemned = false};
    commit(expiry); // still not known here
    EXPECT_EQ(stored(work).disposition, Disposition::deferred);
    EXPECT_GT(stored(work).expires_at, now);

    kinds.push_back(make_puppet(2));
    now += rules.lease;
    commit(Work{.what = Expired{stored(work)}, .received_at = now, .done = {}, .condemned = false});
    EXPECT_EQ(stored(work).disposition, Disposition::applied);
    EXPECT_EQ(log(id(1)), "first second");
}

TEST_F(DeliberationEvent, OfAnUnknownVersionIsDeadWhenItsTimeIsUp) {
    commit(event(id(1), "{}", "first"));
    rows.workflows.at(id(1)).version = 2;
    Work work = event(id(1), "{}", "second");
    commit(work);
    now += rules.deferred_ttl;
    commit(Work{.what = Expired{stored(work)}, .received_at = now, .done = {}, .condemned = false});
    EXPECT_EQ(stored(work).disposition, Disposition::dead);
}

TEST_F(DeliberationEvent, IsStoredDeadAsBytesWhereTheDatabaseRefusedIt) {
    Work work = event(id(1), R"({"x":1})");
    work.condemned = true;
    const Plan plan = commit(work);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::dead);
    EXPECT_EQ(stored(work).raw, "hex:726177");
    EXPECT_EQ(stored(work).payload, "{}");
}

TEST_F(DeliberationEvent, ClosesAndReopensAWorkflow) {
    commit(event(id(1), R"({"closed":true})"));
    const Time closed = now;
    now += std::chrono::seconds(5);
    commit(event(id(1), R"({"closed":true})"));
    EXPECT_EQ(row(id(1)).closed_at, closed);
    commit(event(id(1), "{}"));
    EXPECT_FALSE(row(id(1)).closed_at);
}

} // namespace
} // namespace appointd::engine::testing
