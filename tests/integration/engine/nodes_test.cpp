#include "tests/integration/engine/engine_fixture.hpp"

#include <set>

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

class Nodes : public EngineTest {
protected:
    /// Its stop has begun: what comes to its executor from now on comes behind it.
    bool stops() {
        return eventually([&] { return !node().engine().ready(); });
    }
};
INSTANTIATE_TEST_SUITE_P(Every, Nodes, every_database(), database_name);

TEST_P(Nodes, ShareClaimsWithoutDoingAnythingTwice) {
    options.throttles["post"] = Throttle{.per_second = 10'000, .burst = 10'000, .in_flight = 3};
    std::vector<std::future<Answer>> answers;
    node(0), node(1);
    for (int n = 0; n < 120; ++n)
        answers.push_back(node(static_cast<std::size_t>(n % 2)).send(parcel_ordered(id(n), clock.now())));
    for (auto& answer : answers) EXPECT_EQ(answer.get().disposition, Disposition::applied);
    for (int n = 0; n < 120; ++n) EXPECT_TRUE(reaches(id(n), "labeled"));
    EXPECT_EQ(world.attempts().size(), 120u);
}

TEST_P(Nodes, DecideAnEventOnceWhicheverOfThemGetsIt) {
    order(id(1));
    ASSERT_TRUE(reaches(id(1), "labeled"));
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 40; ++n)
        for (std::size_t machine = 0; machine < 2; ++machine)
            answers.push_back(node(machine).send(parcel_scanned(id(1), n, clock.now())));
    int applied = 0, duplicate = 0;
    for (auto& answer : answers) {
        const Answer given = answer.get();
        applied += given.disposition == Disposition::applied && given.kind == Answer::Kind::decided;
        duplicate += given.disposition == Disposition::duplicate;
    }
    EXPECT_EQ(applied, 40);
    EXPECT_EQ(duplicate, 40);
    EXPECT_EQ(facts(id(1)).scans, 40);
}

TEST_P(Nodes, StopAfterEverythingTakenIsCommittedAndAnswered) {
    faults->close_gate();
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 100; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    std::thread opener([&] {
        EXPECT_TRUE(stops());
        faults->open_gate();
    });
    node().stop();
    opener.join();
    for (int n = 0; n < 100; ++n) {
        ASSERT_EQ(answers[static_cast<std::size_t>(n)].wait_for(0s), std::future_status::ready);
        EXPECT_EQ(answers[static_cast<std::size_t>(n)].get().kind, Answer::Kind::decided);
        EXPECT_EQ(state(id(n)), "live");
    }
    EXPECT_EQ(node().engine().ready().error().code, "shutting_down");
    EXPECT_EQ(node().submit(script(id(500), "begin", "{}")).kind, Answer::Kind::unavailable);
}

TEST_P(Nodes, StopOnlyAfterTheOutcomesOfCallsInFlight) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    std::thread provider([&] {
        EXPECT_TRUE(stops());
        world.answer("label.print", World::Mood::well);
    });
    node().stop();
    provider.join();
    EXPECT_EQ(state(id(1)), "labeled");
}

TEST_P(Nodes, StopWithinTheirLimitAndLeaveWhatIsOutToAnother) {
    world.set_mood("label.print", World::Mood::silent);
    order(id(1));
    ASSERT_TRUE(eventually([&] { return world.silent() == 1; }));
    const auto began = std::chrono::steady_clock::now();
    node().stop(100ms);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
    world.answer("label.print", World::Mood::well); // nobody is left to take it
    switch_off();
    node(1);
    clock.advance(options.lease + 1s);
    EXPECT_TRUE(reaches(id(1), "labeled"));
    EXPECT_EQ(world.attempts().size(), 2u);
}

TEST_P(Nodes, StopGivesClaimsBackThatWereNeverSent) {
    std::atomic<bool> decided = false;
    faults->slow_next([&] { // decided, with a place for the call, and on its way to the commit
        decided = true;
        EXPECT_TRUE(stops());
    });
    auto answer = node().send(parcel_ordered(id(1), clock.now()));
    ASSERT_TRUE(eventually([&] { return decided.load(); }));
    node().stop();
    EXPECT_EQ(answer.get().disposition, Disposition::applied);
    EXPECT_EQ(world.attempts().size(), 0u);
    switch_off();
    node(1);
    EXPECT_TRUE(reaches(id(1), "labeled")) << "without waiting for a lease";
}

TEST_P(Nodes, StopWhileTheDatabaseIsAway) {
    node();
    faults->set_away(true);
    std::vector<std::future<Answer>> answers;
    for (int n = 0; n < 20; ++n) answers.push_back(node().send(script(id(n), "begin", "{}")));
    const auto began = std::chrono::steady_clock::now();
    node().stop(500ms);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
    for (auto& answer : answers) EXPECT_EQ(answer.get().kind, Answer::Kind::unavailable);
}

TEST_P(Nodes, SwitchedOffLoseNothingThatWasAnswered) {
    std::set<int> known;
    for (int n = 0; n < 60; ++n) {
        auto answer = node().send(parcel_ordered(id(n), clock.now()));
        if (n % 20 == 19) {
            switch_off();
        } else if (answer.wait_for(5s) == std::future_status::ready && answer.get().disposition == Disposition::applied) {
            known.insert(n);
        }
    }
    node();
    EXPECT_EQ(known.size(), 57u);
    clock.advance(options.lease + 1s);
    for (const int n : known) EXPECT_TRUE(reaches(id(n), "labeled")) << n;
}

} // namespace
} // namespace appointd::engine::testing
