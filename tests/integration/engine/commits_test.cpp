#include "tests/integration/engine/engine_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

class Commits : public EngineTest {
protected:
    bool ready(const std::future<Answer>& answer, std::chrono::milliseconds wait = 0ms) const {
        return answer.wait_for(wait) == std::future_status::ready;
    }
    static std::string mark() { return "~unstorable~"; }
};
INSTANTIATE_TEST_SUITE_P(Every, Commits, every_database(), database_name);

TEST_P(Commits, AreAnsweredOnlyAfterwards) {
    faults->close_gate();
    auto answer = node().send(parcel_ordered(id(1), clock.now()));
    EXPECT_FALSE(ready(answer, 50ms));
    EXPECT_EQ(state(id(1)), "");
    faults->open_gate();
    const Answer decided = answer.get();
    EXPECT_EQ(decided.disposition, Disposition::applied);
    EXPECT_EQ(decided.workflow, id(1));
    EXPECT_NE(state(id(1)), "") << "whoever has an answer sees its effect";
}

TEST_P(Commits, TakeEverythingThatWaits) {
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 200; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    faults->open_gate();
    for (auto& answer : answers) EXPECT_EQ(answer.get().disposition, Disposition::applied);
    EXPECT_LE(faults->commits(), 2 * database->stores().lanes());
}

TEST_P(Commits, StayWithinTheBoundsOfABatch) {
    options.batch_events = 16;
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 100; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    faults->open_gate();
    for (auto& answer : answers) EXPECT_EQ(answer.get().disposition, Disposition::applied);
    EXPECT_LE(faults->largest(), 16u);
}

TEST_P(Commits, AnswerOverloadAtOnceAndLoseNothingThatWasTaken) {
    options.queue_capacity = 20;
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 400; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    ASSERT_TRUE(
        eventually([&] { return std::any_of(answers.begin(), answers.end(), [&](auto& answer) { return ready(answer); }); }));
    faults->open_gate();
    int taken = 0, overloaded = 0;
    for (int n = 0; n < 400; ++n) {
        const Answer answer = answers[static_cast<std::size_t>(n)].get();
        taken += answer.kind == Kind::decided;
        overloaded += answer.kind == Kind::overloaded;
        EXPECT_EQ(answer.kind == Kind::decided, state(id(n)) == "live");
    }
    EXPECT_EQ(taken + overloaded, 400);
    EXPECT_GE(taken, 20);
    EXPECT_GT(overloaded, 0);
}

TEST_P(Commits, CountWhatWaitsFromOutsideWhileACommitHangs) {
    options.batch_events = 1;
    EXPECT_EQ(node().engine().queue_depth(), 0u);
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 40; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    const auto committing = static_cast<std::size_t>(std::max(database->stores().lanes(), 1));
    EXPECT_TRUE(eventually([&] { return node().engine().queue_depth() == 40 - committing; }));
    clock.advance(1h); // what comes from inside does not count
    faults->open_gate();
    for (auto& answer : answers) EXPECT_EQ(answer.get().disposition, Disposition::applied);
    EXPECT_TRUE(eventually([&] { return node().engine().queue_depth() == 0; }));
}

TEST_P(Commits, ServeCoroutinesToo) {
    node();
    boost::asio::io_context context;
    auto answer =
        boost::asio::co_spawn(context, node().engine().submit(parcel_ordered(id(1), clock.now())), boost::asio::use_future);
    context.run_for(5s);
    EXPECT_EQ(answer.get().disposition, Disposition::applied);
}

TEST_P(Commits, RepeatedAreDuplicates) {
    const Incoming ordered = parcel_ordered(id(1), clock.now());
    EXPECT_EQ(node().submit(ordered).disposition, Disposition::applied);
    const Answer again = node().submit(ordered);
    EXPECT_EQ(again.disposition, Disposition::duplicate);
    EXPECT_EQ(again.workflow, id(1));
}

TEST_P(Commits, ThatConflictAreDecidedAnew) {
    faults->fail_next({Fault::conflict, Fault::conflict, Fault::conflict, Fault::conflict, Fault::conflict});
    EXPECT_EQ(order(id(1)).disposition, Disposition::applied);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(world.attempts_of({id(1), 1, 0}), 1u);
}

TEST_P(Commits, ThatConflictForEverAreAnsweredUnavailable) {
    node();
    faults->fail_next(std::vector(60, Fault::conflict));
    EXPECT_EQ(order(id(1)).kind, Kind::unavailable);
    EXPECT_EQ(state(id(1)), "");
}

TEST_P(Commits, ThatConflictForEverHoldUpOnlyTheGuilty) {
    node().submit(script(id(100), "begin", "{}"));
    Incoming stuck = script(id(101), "begin", "{}");
    stuck.address.fresh = id(100); // taken, and named by nobody: the insert never counts
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 16; ++n) answers.push_back(node().send(n == 5 ? stuck : script(id(n), "begin", "{}")));
    faults->open_gate();
    for (int n = 0; n < 16; ++n) {
        const Answer answer = answers[static_cast<std::size_t>(n)].get();
        EXPECT_EQ(answer.kind, n == 5 ? Kind::unavailable : Kind::decided) << n;
    }
    EXPECT_EQ(row(id(100)).revision, 1);
}

TEST_P(Commits, ThatWroteNothingAreAnsweredUnavailableAndMayComeAgain) {
    node();
    faults->fail_next({Fault::unavailable});
    EXPECT_EQ(order(id(1)).kind, Kind::unavailable);
    EXPECT_EQ(state(id(1)), "");
    EXPECT_EQ(order(id(1)).disposition, Disposition::applied);
}

TEST_P(Commits, WhoseAnswerWasLostStandOnce) {
    faults->fail_next({Fault::unknown_done});
    EXPECT_EQ(order(id(1)).disposition, Disposition::applied) << "its own rows are recognised";
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(world.attempts_of({id(1), 1, 0}), 1u);
    EXPECT_EQ(story(id(1)), "parcel.ordered:applied label.print.succeeded:applied");
}

TEST_P(Commits, WhoseAnswerAndWritesWereLostAreDecidedAnew) {
    faults->fail_next({Fault::unknown_lost, Fault::conflict, Fault::unknown_lost, Fault::unknown_done});
    EXPECT_EQ(order(id(1)).disposition, Disposition::applied);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(story(id(1)), "parcel.ordered:applied label.print.succeeded:applied");
}

TEST_P(Commits, OfAnOutcomeWhoseAnswerWasLostGoOnFromThere) {
    world.set_mood("first", World::Mood::silent);
    node().submit(
        script(id(1), "begin",
               R"({"requests":[{"kind":"first"}],"on":{"first.succeeded":{"requests":[{"kind":"second"}],"state":"done"}}})"));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    faults->fail_next({Fault::unknown_done});
    world.answer("first", World::Mood::well);
    EXPECT_TRUE(reaches(id(1), "done"));
    EXPECT_TRUE(eventually([&] { return world.attempts_of({id(1), 2, 0}) == 1; })) << "not only when its lease has run out";
    EXPECT_TRUE(eventually([&] { return history(id(1)).size() == 3; }));
}

TEST_P(Commits, OfATimerWhoseAnswerWasLostGoOnFromThere) {
    node().submit(
        script(id(1), "begin", R"({"timers":{"a":60},"on":{"timer.a":{"requests":[{"kind":"second"}],"state":"done"}}})"));
    faults->fail_next({Fault::unknown_done});
    clock.advance(61s);
    EXPECT_TRUE(reaches(id(1), "done"));
    EXPECT_TRUE(eventually([&] { return world.attempts_of({id(1), 2, 0}) == 1; })) << "not only when its lease has run out";
}

TEST_P(Commits, ThatFailGiveTheirPlacesBack) {
    options.throttles["post"] = Throttle{.per_second = 1000, .burst = 1000, .in_flight = 2};
    node();
    faults->fail_next(std::vector(60, Fault::conflict));
    EXPECT_EQ(order(id(1)).kind, Kind::unavailable);
    faults->fail_next(std::vector(25, Fault::unknown_lost));
    EXPECT_EQ(order(id(2)).kind, Kind::unavailable);
    faults->fail_next({Fault::unknown_lost, Fault::unavailable, Fault::conflict});
    order(id(3));
    EXPECT_EQ(order(id(4)).disposition, Disposition::applied);
    EXPECT_TRUE(reaches(id(4), "labeled")) << "a place that leaked would never come back";
}

TEST_P(Commits, SetABadEventAsideAndKeepTheRest) {
    faults->refuse_text(mark());
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 40; ++n)
        answers.push_back(node().send(script(id(n), "begin", n == 13 ? R"({"x":")" + mark() + R"("})" : "{}")));
    faults->open_gate();
    for (int n = 0; n < 40; ++n) {
        const Answer answer = answers[static_cast<std::size_t>(n)].get();
        EXPECT_EQ(answer.disposition, n == 13 ? Disposition::dead : Disposition::applied) << n;
    }
    const auto dead = reader->dead_letters(std::nullopt, 10);
    ASSERT_EQ(dead->size(), 1u);
    EXPECT_EQ(dead->front().raw, "hex:726177");
}

TEST_P(Commits, SetABadOutcomeAside) {
    world.set_touch([](const Attempt&, AttemptResult& result) { result.result = R"({"x":")" + mark() + R"("})"; });
    faults->refuse_text(mark());
    node().submit(script(id(1), "begin", R"({"requests":[{"kind":"call"}],"on":{"call.failed":{"state":"failed"}}})"));
    EXPECT_TRUE(reaches(id(1), "failed"));
    EXPECT_EQ(activity({id(1), 1, 0}).state, ActivityState::failed);
}

TEST_P(Commits, SetABadFactAsideAndKeepTheOutcomeAndTheOtherFacts) {
    world.set_touch([&](const Attempt&, AttemptResult& result) {
        for (int n = 11; n < 15; ++n)
            result.learned.push_back(script(id(n), "begin", n == 13 ? R"({"x":")" + mark() + R"("})" : "{}"));
    });
    faults->refuse_text(mark());
    node().submit(script(id(1), "begin", R"({"requests":[{"kind":"call"}],"on":{"call.succeeded":{"state":"done"}}})"));
    EXPECT_TRUE(reaches(id(1), "done"));
    EXPECT_EQ(activity({id(1), 1, 0}).state, ActivityState::succeeded);
    for (const int n : {11, 12, 14}) EXPECT_EQ(state(id(n)), "live") << n;
    EXPECT_EQ(reader->dead_letters(std::nullopt, 10)->size(), 1u);
}

TEST_P(Commits, SetABadEndOfAWaitAside) {
    const std::string wait = R"({"decide":"defer","key":"later"})";
    node().submit(script(id(1), "begin", "{}"));
    EXPECT_EQ(node().submit(script(id(1), "early", wait)).disposition, Disposition::deferred);
    faults->refuse_text("waited in vain");
    clock.advance(options.deferred_ttl + 1s);
    EXPECT_TRUE(eventually([&] { return reader->dead_letters(std::nullopt, 10)->size() == 1; }));
    EXPECT_EQ(reader->dead_letters(std::nullopt, 10)->front().reason.substr(0, 12), "not_storable");
}

TEST_P(Commits, SetABadTimerAside) {
    node().submit(script(id(1), "begin", R"({"timers":{"a":60},"on":{"timer.a":{"state":"done"}}})"));
    faults->refuse_text(R"("timer.a"])"); // what the timer would leave in the data
    clock.advance(61s);
    EXPECT_TRUE(eventually([&] { return reader->dead_letters(std::nullopt, 10)->size() == 1; }));
    EXPECT_FALSE(row(id(1)).wake_at);
    EXPECT_EQ(state(id(1)), "live");
}

TEST_P(Commits, ComeBackWithTheDatabase) {
    node();
    order(id(1));
    faults->set_away(true);
    EXPECT_EQ(order(id(2)).kind, Kind::unavailable);
    EXPECT_TRUE(eventually([&] { return !node().engine().ready(); }));
    EXPECT_EQ(node().engine().ready().error().code, "database_unavailable");
    faults->set_away(false);
    EXPECT_TRUE(eventually([&] { return node().engine().ready().has_value(); }));
    EXPECT_EQ(order(id(2)).disposition, Disposition::applied);
    EXPECT_TRUE(reaches(id(2), "labeled"));
}

TEST_P(Commits, StayReadyWhereSomebodyHoldsALock) {
    struct Troubles final : Observer {
        void trouble(std::string_view code, std::string_view) override {
            busy += code == "database_busy";
            others += code != "database_busy";
        }
        std::atomic<int> busy = 0, others = 0;
    } heard;
    options.node_timeout = 100ms; // a heartbeat every third of it
    Node busy_node(*faults, world, clock, options, 7, &heard);
    busy_node.start();
    ASSERT_TRUE(busy_node.engine().ready());
    faults->set_busy(true);
    EXPECT_TRUE(eventually([&] {
        EXPECT_TRUE(busy_node.engine().ready()) << "the database answered: it is not away";
        clock.advance(100ms);
        return heard.busy >= 3;
    }));
    faults->set_busy(false);
    EXPECT_EQ(busy_node.submit(parcel_ordered(id(1), clock.now())).disposition, Disposition::applied);
    EXPECT_EQ(heard.others, 0);
}

TEST_P(Commits, OfOutcomesWaitForTheDatabase) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    faults->set_away(true);
    world.answer("label.print", World::Mood::well);
    EXPECT_FALSE(eventually([&] { return state(id(1)) == "labeled"; }, 300ms));
    faults->set_away(false);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(world.attempts().size(), 1u);
}

TEST_P(Commits, RequeueADeadLetter) {
    const Answer dead = node().submit(script(id(1), "begin", R"({"decide":"throw"})"));
    EXPECT_EQ(dead.disposition, Disposition::dead);
    EXPECT_EQ(node().requeue(dead.event).disposition, Disposition::dead);
    EXPECT_EQ(node().requeue(make_event_id(clock.now(), "no", "such")).kind, Kind::not_found);
}

TEST_P(Commits, WaitInEitherOrder) {
    EXPECT_EQ(node().submit(parcel_arrived(id(1), 2, clock.now())).disposition, Disposition::deferred);
    EXPECT_EQ(node().submit(parcel_scanned(id(1), 1, clock.now())).disposition, Disposition::deferred);
    order(id(1));
    EXPECT_TRUE(reaches(id(1), "moving"));
    EXPECT_EQ(node().submit(parcel_scanned(id(1), 2, clock.now())).disposition, Disposition::applied);
    EXPECT_EQ(state(id(1)), "delivered");
    EXPECT_EQ(facts(id(1)).thanks, 1);
}

TEST_P(Commits, EndWhatNobodyClaims) {
    node().submit(parcel_scanned(id(1), 1, clock.now()));
    Incoming marked = parcel_scanned(id(1), 2, clock.now());
    marked.address.marked = true;
    node().submit(marked);
    const auto find = [&](const Incoming& incoming) { return reader->event(incoming.event.id)->value(); };
    const Incoming plain = parcel_scanned(id(1), 1, clock.now());
    clock.advance(options.deferred_ttl + 1s);
    EXPECT_TRUE(eventually([&] { return find(plain).disposition == Disposition::ignored; }));
    EXPECT_EQ(find(plain).reason, "not ours");
    EXPECT_TRUE(eventually([&] { return find(marked).disposition == Disposition::dead; }));
}

TEST_P(Commits, RefuseADefinitionThatChanged) {
    node();
    switch_off();
    std::vector<Definition> changed;
    changed.push_back(make_parcel());
    changed.front().fingerprint = "other";
    Node other(*faults, world, clock, options, 9, nullptr, Definitions(std::move(changed)));
    EXPECT_EQ(other.engine().start().error().code, "definition_changed");
}

TEST_P(Commits, RefuseToStartWithoutAVersionThatLives) {
    order(id(1));
    switch_off();
    Node other(*faults, world, clock, options, 9, nullptr, Definitions({}));
    EXPECT_EQ(other.engine().start().error().code, "version_missing");
}

} // namespace
} // namespace appointd::engine::testing
