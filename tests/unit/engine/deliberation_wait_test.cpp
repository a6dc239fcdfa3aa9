#include "tests/unit/engine/desk.hpp"

namespace appointd::engine::testing {
namespace {

using ::testing::ElementsAre;

class DeliberationWait : public Desk {
protected:
    Work expiry(const Work& work) const {
        return Work{.what = Expired{stored(work)}, .received_at = now, .done = {}, .condemned = false};
    }
    Work requeue(const Work& work) const {
        return Work{.what = Requeued{std::get<Incoming>(work.what).event.id}, .received_at = now, .done = {}, .condemned = false};
    }
};

TEST_F(DeliberationWait, ParksUnderItsKeyUntilThatIsBound) {
    const Work early = by_key("/k", "{}", "early");
    const Plan plan = commit(early);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::deferred);
    EXPECT_EQ(stored(early).waits_for, CorrelationKey("/k"));
    EXPECT_EQ(stored(early).expires_at, now + rules.deferred_ttl);
    EXPECT_FALSE(rows.keys.at(CorrelationKey("/k")).workflow);
    commit(event(id(1), R"({"binds":["/k"]})", "begin"));
    EXPECT_EQ(log(id(1)), "begin early");
    EXPECT_EQ(stored(early).disposition, Disposition::applied);
    EXPECT_FALSE(stored(early).waits_for);
    EXPECT_EQ(stored(early).address, "");
    EXPECT_EQ(stored(early).seq, 2);
    EXPECT_EQ(rows.keys.at(CorrelationKey("/k")).workflow, id(1));
}

TEST_F(DeliberationWait, MeetsItsKeyInTheSameBatchInEitherOrder) {
    const Work early = by_key("/k", "{}", "early");
    const Plan plan = commit({early, event(id(1), R"({"binds":["/k"]})", "begin")});
    EXPECT_EQ(log(id(1)), "begin early");
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied) << "the answer is what stands after the commit";
    EXPECT_EQ(plan.answers[0].workflow, id(1));
    const Work late = by_key("/l", "{}", "late");
    commit({event(id(2), R"({"binds":["/l"]})", "begin2"), late});
    EXPECT_EQ(log(id(2)), "begin2 late");
    EXPECT_EQ(rows.keys.at(CorrelationKey("/k")).workflow, id(1));
    EXPECT_EQ(rows.keys.at(CorrelationKey("/l")).workflow, id(2));
}

TEST_F(DeliberationWait, IsNotLostWhereSeveralWaitForOneKey) {
    commit({by_key("/k", "{}", "a"), by_key("/k", "{}", "b")});
    commit({by_key("/k", "{}", "c"), event(id(1), R"({"binds":["/k"]})", "begin"), by_key("/k", "{}", "d")});
    EXPECT_EQ(row(id(1)).revision, 5);
}

TEST_F(DeliberationWait, IsWokenInTheOrderInWhichThingsHappened) {
    now += std::chrono::seconds(10);
    commit(by_key("/k", "{}", "second"));
    now -= std::chrono::seconds(5);
    commit(by_key("/k", "{}", "first"));
    commit(event(id(1), R"({"binds":["/k"]})", "begin"));
    EXPECT_EQ(log(id(1)), "begin first second");
}

TEST_F(DeliberationWait, ParksOnItsWorkflowUntilThatMoves) {
    commit(event(id(1), "{}", "one"));
    const Work early = event(id(1), R"({"decide":"defer_until_twice","reason":"too early"})", "early");
    const Plan plan = commit(early);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::deferred);
    EXPECT_EQ(plan.answers[0].reason, "too early");
    EXPECT_EQ(row(id(1)).revision, 1) << "parking bumps nothing";
    commit(event(id(1), R"({"decide":"ignore"})"));
    EXPECT_EQ(stored(early).disposition, Disposition::deferred);
    commit(event(id(1), "{}", "two"));
    EXPECT_EQ(log(id(1)), "one two early");
}

TEST_F(DeliberationWait, IsWokenByAnEventThatItselfWasWoken) {
    commit(event(id(1), "{}", "one"));
    commit(event(id(1), R"({"decide":"defer_until_twice"})", "parked"));
    commit(by_key("/k", "{}", "waiting"));
    commit(event(id(2), R"({"binds":["/k"]})", "begin"));
    EXPECT_EQ(log(id(2)), "begin waiting");
    commit({event(id(1), "{}", "two")});
    EXPECT_EQ(log(id(1)), "one two parked");
}

TEST_F(DeliberationWait, MovesFromItsKeyToTheWorkflowThatDefersIt) {
    const Work early = by_key("/k", R"({"decide":"defer_until_twice"})", "early");
    commit(early);
    commit(event(id(1), R"({"binds":["/k"]})", "one"));
    EXPECT_EQ(stored(early).disposition, Disposition::deferred);
    EXPECT_EQ(stored(early).workflow, id(1));
    EXPECT_FALSE(stored(early).waits_for);
    const Plan idle = commit(event(id(1), R"({"decide":"ignore"})"));
    EXPECT_TRUE(idle.writes.freed.empty());
    commit(event(id(1), "{}", "two"));
    EXPECT_EQ(log(id(1)), "one two early");
}

TEST_F(DeliberationWait, ParkedOnAWorkflowUnderAKeyGoesToWhoeverBindsIt) {
    commit(event(id(1), "{}", "one"));
    commit(event(id(1), R"({"on":{"early":{"decide":"defer","key":"/k"}}})", "two"));
    const Work early = event(id(1), R"({})", "early");
    commit(early);
    EXPECT_EQ(stored(early).waits_for, CorrelationKey("/k"));
    EXPECT_EQ(stored(early).workflow, id(1));
    commit(event(id(2), R"({"binds":["/k"]})", "begin"));
    EXPECT_EQ(log(id(2)), "begin early");
    EXPECT_EQ(stored(early).workflow, id(2));
}

TEST_F(DeliberationWait, DeferredUnderABoundKeyGoesToItsOwnerAtOnce) {
    commit(event(id(2), R"({"binds":["/k"]})", "begin"));
    Work late = event(id(1), "{}", "late");
    // nobody there: the transition defers it under a key that is bound already
    std::get<Incoming>(late.what).event.payload = R"({"decide":"defer","key":"/k"})";
    commit(event(id(2), R"({"on":{"late":{}}})", "two"));
    const Plan plan = commit(late);
    EXPECT_EQ(plan.answers[0].workflow, id(2));
    EXPECT_EQ(log(id(2)), "begin two late");
}

TEST_F(DeliberationWait, IsADuplicateOfWhatWaits) {
    const Work early = by_key("/k", "{}", "early");
    const Plan plan = commit({early, early});
    EXPECT_EQ(plan.answers[1].disposition, Disposition::duplicate);
    EXPECT_EQ(commit(early).answers[0].disposition, Disposition::duplicate);
    const Plan later = commit({early, event(id(1), R"({"binds":["/k"]})", "begin"), early});
    EXPECT_EQ(later.answers[2].disposition, Disposition::duplicate);
    EXPECT_EQ(log(id(1)), "begin early");
}

TEST_F(DeliberationWait, EndsIgnoredWithItsReasonWhereItBearsNoMark) {
    const Work early = by_key("/k", "{}", "early");
    commit(early);
    now += rules.deferred_ttl - std::chrono::seconds(1);
    EXPECT_TRUE(commit(expiry(early)).writes.empty()) << "its time is not up";
    now += std::chrono::seconds(1);
    commit(expiry(early));
    EXPECT_EQ(stored(early).disposition, Disposition::ignored);
    EXPECT_EQ(stored(early).reason, "not ours");
    EXPECT_FALSE(stored(early).waits_for);
    EXPECT_TRUE(commit(event(id(1), R"({"binds":["/k"]})")).answers[0].disposition == Disposition::applied);
    EXPECT_EQ(row(id(1)).revision, 1);
}

TEST_F(DeliberationWait, EndsDeadWhereItBearsOurMarkOrIsParkedOnAWorkflow) {
    Work marked = by_key("/k", "{}", "marked");
    std::get<Incoming>(marked.what).address.marked = true;
    commit(event(id(1), "{}"));
    const Work parked = event(id(1), R"({"decide":"defer","reason":"no label"})", "parked");
    commit({marked, parked});
    now += rules.deferred_ttl;
    commit({expiry(marked), expiry(parked)});
    EXPECT_EQ(stored(marked).disposition, Disposition::dead);
    EXPECT_EQ(stored(marked).reason, "waited in vain: nobody claims it yet");
    EXPECT_EQ(stored(parked).disposition, Disposition::dead);
    EXPECT_EQ(stored(parked).reason, "waited in vain: no label");
    EXPECT_EQ(stored(parked).workflow, id(1));
}

TEST_F(DeliberationWait, ExpiryOfWhatWasDecidedMeanwhileWritesNothing) {
    const Work early = by_key("/k", "{}", "early");
    commit(early);
    now += rules.deferred_ttl;
    const Work stale = expiry(early);
    commit(event(id(1), R"({"binds":["/k"]})"));
    EXPECT_TRUE(commit(stale).writes.empty());
}

TEST_F(DeliberationWait, ExpiryAndBindingInOneBatchDecideOnce) {
    const Work early = by_key("/k", "{}", "early");
    commit(early);
    now += rules.deferred_ttl;
    commit({event(id(1), R"({"binds":["/k"]})", "begin"), expiry(early)});
    EXPECT_EQ(stored(early).disposition, Disposition::applied);
    const Work other = by_key("/l", "{}", "other");
    commit(other);
    now += rules.deferred_ttl;
    commit({expiry(other), event(id(2), R"({"binds":["/l"]})", "begin2")});
    EXPECT_EQ(stored(other).disposition, Disposition::ignored);
    EXPECT_EQ(log(id(2)), "begin2");
}

TEST_F(DeliberationWait, EndsDeadWhereItsAddressCannotBeRead) {
    const Work early = by_key("/k", "{}", "early");
    commit(early);
    rows.events.at(std::get<Incoming>(early.what).event.id).address = "{broken";
    commit(event(id(1), R"({"binds":["/k"]})", "begin"));
    EXPECT_EQ(log(id(1)), "begin early") << "its key is a column of its own";
    const Work other = by_key("/l", "{}", "other");
    commit(other);
    rows.events.at(std::get<Incoming>(other.what).event.id).address = "{broken";
    now += rules.deferred_ttl;
    commit(expiry(other));
    EXPECT_EQ(stored(other).disposition, Disposition::dead);
}

TEST_F(DeliberationWait, RequeuedIsDecidedAnew) {
    const Work poison = event(id(1), R"({"decide":"throw"})", "poison");
    commit(poison);
    Plan plan = commit(requeue(poison));
    EXPECT_EQ(plan.answers[0].disposition, Disposition::dead) << "nothing was mended";
    rows.events.at(std::get<Incoming>(poison.what).event.id).payload = "{}";
    plan = commit(requeue(poison));
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(plan.answers[0].workflow, id(1));
    EXPECT_EQ(stored(poison).disposition, Disposition::applied);
    EXPECT_EQ(log(id(1)), "poison");
    EXPECT_EQ(commit(requeue(poison)).answers[0].kind, Answer::Kind::not_found);
}

TEST_F(DeliberationWait, RequeuedTwiceInOneBatchIsDecidedOnce) {
    const Work poison = event(id(1), R"({"decide":"throw"})", "poison");
    commit(poison);
    rows.events.at(std::get<Incoming>(poison.what).event.id).payload = "{}";
    const Plan plan = commit({requeue(poison), requeue(poison)});
    EXPECT_EQ(plan.answers[0].disposition, Disposition::applied);
    EXPECT_EQ(plan.answers[1].kind, Answer::Kind::not_found);
}

TEST_F(DeliberationWait, RequeuedGoesToTheWorkflowItDiedOn) {
    Work marked = by_key("/k", R"({"decide":"defer"})", "late");
    commit(event(id(1), R"({"binds":["/k"]})", "begin"));
    commit(marked);
    now += rules.deferred_ttl;
    commit(expiry(marked));
    rows.events.at(std::get<Incoming>(marked.what).event.id).payload = "{}";
    rows.keys.clear();
    EXPECT_EQ(commit(requeue(marked)).answers[0].workflow, id(1));
    EXPECT_EQ(log(id(1)), "begin late");
}

TEST_F(DeliberationWait, RequeuedUnknownIsNotFound) {
    EXPECT_EQ(commit(requeue(event(id(1), "{}"))).answers[0].kind, Answer::Kind::not_found);
}

TEST_F(DeliberationWait, RequeuedThatTheDatabaseRefusesStaysDead) {
    const Work poison = event(id(1), R"({"decide":"throw"})", "poison");
    commit(poison);
    Work again = requeue(poison);
    again.condemned = true;
    const Plan plan = commit(again);
    EXPECT_EQ(plan.answers[0].kind, Answer::Kind::decided);
    EXPECT_EQ(plan.answers[0].disposition, Disposition::dead);
    EXPECT_EQ(stored(poison).disposition, Disposition::dead);
}

} // namespace
} // namespace appointd::engine::testing
