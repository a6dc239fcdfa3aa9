#include "tests/integration/engine/engine_fixture.hpp"

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

/// One activity: parcel.ordered asks for label.print.
class Activities : public EngineTest {
protected:
    std::size_t attempts() const { return world.attempts().size(); }
    ActivityRow print() { return activity({id(1), 1, 0}); }
    /// Waits until an attempt has been made and its answer is in the row.
    bool settled(std::size_t count) {
        return eventually([&] {
            return attempts() == count && (print().state != ActivityState::open ||
                                           print().ready_at < clock.now() + options.lease || !print().last_error.empty());
        });
    }
};
INSTANTIATE_TEST_SUITE_P(Every, Activities, every_database(), database_name);

TEST_P(Activities, SucceedAndEnterAsEvents) {
    order(id(1));
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(print().state, ActivityState::succeeded);
    EXPECT_EQ(print().tries, 1);
    EXPECT_EQ(facts(id(1)).tracking, "T-" + to_string(id(1)));
    EXPECT_EQ(*reader->owner_of(tracking_key(id(1))), id(1));
    const Attempt attempt = world.attempts().front();
    EXPECT_EQ(attempt.idempotency_key, to_string(id(1)) + ".1.0:1");
    EXPECT_EQ(attempt.number, 1);
    EXPECT_FALSE(attempt.repeated);
    EXPECT_EQ(attempt.deadline - clock.monotonic(), 15s);
    EXPECT_EQ(attempt.request, R"({"parcel":")" + to_string(id(1)) + R"("})");
}

TEST_P(Activities, AreTriedAgainWithBackoffUnderTheSameKey) {
    options.breaker_failures = 100;
    world.set_mood("label.print", World::Mood::ill);
    order(id(1));
    ASSERT_TRUE(settled(1));
    EXPECT_FALSE(eventually([&] { return attempts() > 1; }, 60ms)) << "never sooner than half the base";
    ASSERT_TRUE(advancing_until(50ms, [&] { return attempts() == 2; }));
    ASSERT_TRUE(advancing_until(50ms, [&] { return attempts() == 3; }));
    world.set_mood("label.print", World::Mood::well);
    ASSERT_TRUE(advancing_until(100ms, [&] { return state(id(1)) == "labeled"; }));
    const auto all = world.attempts();
    EXPECT_EQ(all[1].number, 2);
    EXPECT_TRUE(all[1].repeated);
    EXPECT_EQ(all[1].first_sent_at, all[0].first_sent_at);
    for (const Attempt& attempt : all) {
        EXPECT_EQ(attempt.idempotency_key, all[0].idempotency_key);
        EXPECT_EQ(attempt.request, all[0].request);
    }
    EXPECT_EQ(print().tries, 4);
    EXPECT_EQ(history(id(1)).size(), 2u) << "a failed attempt is no event";
}

TEST_P(Activities, WaitAsLongAsTheProviderAsks) {
    world.set_mood("label.print", World::Mood::ill);
    world.set_retry_after(30s);
    order(id(1));
    ASSERT_TRUE(settled(1));
    clock.advance(29s);
    EXPECT_FALSE(eventually([&] { return attempts() > 1; }, 60ms));
    clock.advance(1s);
    EXPECT_TRUE(eventually([&] { return attempts() == 2; }));
}

TEST_P(Activities, AreExhaustedAfterTheirLastAttempt) {
    options.retry = {.base = 100ms, .cap = 200ms, .max_attempts = 3};
    options.breaker_failures = 100;
    world.set_mood("label.print", World::Mood::ill);
    order(id(1));
    ASSERT_TRUE(advancing_until(200ms, [&] { return print().state == ActivityState::exhausted; }));
    EXPECT_EQ(attempts(), 3u);
    EXPECT_TRUE(eventually([&] { return story(id(1)) == "parcel.ordered:applied label.print.failed:ignored"; }));
    EXPECT_EQ(bool_field(*parse_object(history(id(1))[1].payload), "exhausted"), true);
}

TEST_P(Activities, FailForGoodAtOnce) {
    world.set_mood("label.print", World::Mood::refusing);
    order(id(1));
    EXPECT_TRUE(eventually([&] { return print().state == ActivityState::failed; }));
    EXPECT_EQ(attempts(), 1u);
    EXPECT_EQ(print().last_error, "refused: no such address");
    EXPECT_EQ(bool_field(*parse_object(history(id(1))[1].payload), "exhausted"), false);
}

TEST_P(Activities, DoNotCountWhatWasNeverSent) {
    options.retry.max_attempts = 2;
    world.set_mood("label.print", World::Mood::busy);
    order(id(1));
    ASSERT_TRUE(advancing_until(500ms, [&] { return attempts() >= 6; }));
    EXPECT_EQ(print().tries, 0);
    EXPECT_FALSE(world.attempts().back().repeated) << "nothing of it ever left";
    world.set_mood("label.print", World::Mood::well);
    EXPECT_TRUE(advancing_until(500ms, [&] { return state(id(1)) == "labeled"; }));
    EXPECT_EQ(print().tries, 1);
}

TEST_P(Activities, GetAFreshKeyWhenTheEffectIsProvenAbsent) {
    world.set_mood("label.print", World::Mood::ill);
    world.set_touch([](const Attempt&, AttemptResult& result) { result.next_generation = true; });
    order(id(1));
    ASSERT_TRUE(settled(1));
    world.set_touch({});
    world.set_mood("label.print", World::Mood::well);
    ASSERT_TRUE(advancing_until(200ms, [&] { return state(id(1)) == "labeled"; }));
    EXPECT_EQ(world.attempts()[1].idempotency_key, to_string(id(1)) + ".1.0:2");
    EXPECT_EQ(world.attempts()[1].first_sent_at, world.attempts()[1].now);
}

TEST_P(Activities, AreOpenedForAnotherRoundByAnOperator) {
    world.set_mood("label.print", World::Mood::refusing);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return print().state == ActivityState::failed; }));
    world.set_mood("label.print", World::Mood::well);
    const std::string named = R"({"activity":")" + to_string(ActivityId{id(1), 1, 0}) + R"("})";
    EXPECT_EQ(node().submit(parcel_event(id(1), "operator.retry", named, clock.now())).disposition, Disposition::applied);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(world.attempts().back().round, 2);
    EXPECT_EQ(world.attempts().back().idempotency_key, to_string(id(1)) + ".1.0:1") << "what was sent may have been done";
    EXPECT_TRUE(world.attempts().back().repeated);
    const Answer late = node().submit(parcel_event(id(1), "operator.retry", named, clock.now(), 2));
    EXPECT_EQ(late.kind, Answer::Kind::refused);
    EXPECT_EQ(late.reason, "nothing to retry");
}

TEST_P(Activities, AreSkippedByAnOperatorWhileTheirCallIsOut) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    const std::string named = R"({"activity":")" + to_string(ActivityId{id(1), 1, 0}) + R"("})";
    node().submit(parcel_event(id(1), "operator.skip", named, clock.now()));
    EXPECT_EQ(print().state, ActivityState::skipped);
    world.answer("label.print", World::Mood::well);
    EXPECT_TRUE(eventually([&] { return facts(id(1)).orphans == 1; })) << "what came too late is not thrown away";
    EXPECT_EQ(story(id(1)), "parcel.ordered:applied operator.skip:applied label.print.failed:ignored orphan.found:applied");
}

TEST_P(Activities, BringWhatTheyLearned) {
    order(id(2));
    ASSERT_TRUE(reaches(id(2), "labeled"));
    world.set_touch([&](const Attempt& attempt, AttemptResult& result) {
        if (attempt.id.workflow == id(1)) result.learned.push_back(parcel_scanned(id(2), 7, clock.now()));
    });
    order(id(1));
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(state(id(2)), "moving") << "in the same commit";
}

TEST_P(Activities, AreTakenOverWhenTheLeaseOfADeadNodeEnds) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    switch_off();
    world.set_mood("label.print", World::Mood::well);
    node(1);
    clock.advance(options.lease - 1s);
    EXPECT_FALSE(eventually([&] { return attempts() > 1; }, 60ms));
    clock.advance(1s);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    const Attempt second = world.attempts().back();
    EXPECT_EQ(second.epoch, 2);
    EXPECT_TRUE(second.repeated) << "look before you leap";
    EXPECT_EQ(second.idempotency_key, world.attempts().front().idempotency_key);
}

TEST_P(Activities, OfAZombieEndAsOrphans) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    node(1);
    clock.advance(options.lease + 1s);
    ASSERT_TRUE(eventually([&] { return world.silent() == 2; }));
    world.set_touch([](const Attempt& attempt, AttemptResult& result) {
        if (attempt.epoch == 1) result.result = R"({"tracking":"twin"})";
    });
    world.answer("label.print", World::Mood::well);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_TRUE(eventually([&] { return facts(id(1)).orphans == 1; }));
    EXPECT_EQ(facts(id(1)).tracking, "T-" + to_string(id(1)));
    EXPECT_EQ(row(id(1)).attention, "orphan");
}

TEST_P(Activities, DoNotBeginOnAClaimThatIsTooOld) {
    node();
    faults->close_gate();
    auto answer = node().send(parcel_ordered(id(1), clock.now()));
    faults->slow_next([&] { clock.advance(16s); }); // the commit takes longer than an attempt may
    faults->open_gate();
    answer.get();
    EXPECT_TRUE(eventually([&] { return !print().last_error.empty(); }));
    EXPECT_EQ(attempts(), 0u);
    EXPECT_TRUE(advancing_until(500ms, [&] { return state(id(1)) == "labeled"; }));
    EXPECT_EQ(attempts(), 1u);
}

} // namespace
} // namespace appointd::engine::testing
