#include "tests/integration/engine/engine_fixture.hpp"

#include <iostream>

namespace appointd::engine::testing {
namespace {

using namespace std::chrono_literals;

/// What a parcel's events must come to, whatever their order: the whole of the reference model.
struct Expected {
    int scans = 0;
    bool arrives = false;
    std::string state() const { return arrives ? "delivered" : scans > 0 ? "moving" : "labeled"; }
    /// ordered, label, scans; arrival and thanks.
    std::size_t history() const { return 2 + static_cast<std::size_t>(scans) + (arrives ? 2 : 0); }
};

class Model : public EngineTest {
protected:
    void SetUp() override {
        EngineTest::SetUp();
        const char* given = std::getenv("APPOINTD_TEST_SEED");
        seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        std::cout << "seed " << seed << " (APPOINTD_TEST_SEED repeats it)\n";
        chance.emplace(seed);
    }
    bool one_in(std::size_t n) { return chance->below(n) == 0; }
    std::vector<Incoming> draw_events();
    void send_until_decided(const std::vector<Incoming>& events);
    void expect_agreement();

    std::uint64_t seed = 0;
    std::optional<SeededRandom> chance;
    std::vector<Expected> model;
    std::map<EventId, int> decided; ///< how often it was answered with something other than "duplicate"
};
INSTANTIATE_TEST_SUITE_P(Every, Model, every_database(), database_name);

/// Every event of every parcel, some twice or thrice, in any order.
std::vector<Incoming> Model::draw_events() {
    std::vector<Incoming> events;
    for (int parcel = 0; parcel < static_cast<int>(model.size()); ++parcel) {
        Expected& expected = model[static_cast<std::size_t>(parcel)];
        expected.scans = static_cast<int>(chance->below(5));
        expected.arrives = one_in(2);
        events.push_back(parcel_ordered(id(parcel), clock.now()));
        for (int n = 0; n < expected.scans; ++n) events.push_back(parcel_scanned(id(parcel), n, clock.now()));
        if (expected.arrives) events.push_back(parcel_arrived(id(parcel), expected.scans, clock.now()));
    }
    for (std::size_t n = events.size(); n-- > 0;)
        for (int copies = static_cast<int>(chance->below(3)); copies > 0; --copies) events.push_back(Incoming(events[n]));
    for (std::size_t n = events.size(); n > 1; --n) std::swap(events[n - 1], events[chance->below(n)]);
    return events;
}

/// A sender as providers are: in bunches, to any node, again after anything but a decision.
void Model::send_until_decided(const std::vector<Incoming>& events) {
    std::vector<Incoming> waiting = events;
    for (int round = 0; !waiting.empty(); ++round) {
        ASSERT_LT(round, 200) << "events are not taken";
        std::vector<std::pair<Incoming, std::future<Answer>>> sent;
        for (Incoming& incoming : waiting) {
            auto answer = node(chance->below(2)).send(incoming);
            sent.emplace_back(std::move(incoming), std::move(answer));
        }
        waiting.clear();
        for (auto& [incoming, future] : sent) {
            const Answer answer = future.get();
            if (answer.kind != Answer::Kind::decided)
                waiting.push_back(std::move(incoming));
            else if (answer.disposition != Disposition::duplicate)
                decided[incoming.event.id] += 1;
        }
    }
}

void Model::expect_agreement() {
    for (int parcel = 0; parcel < static_cast<int>(model.size()); ++parcel) {
        const Expected& expected = model[static_cast<std::size_t>(parcel)];
        ASSERT_TRUE(advancing_until(1s, [&] { return history(id(parcel)).size() == expected.history(); }))
            << parcel << ": " << story(id(parcel));
        const WorkflowRow workflow = row(id(parcel));
        const ParcelFacts known = read_parcel(workflow.data);
        EXPECT_EQ(workflow.state, expected.state()) << parcel << ": " << story(id(parcel));
        EXPECT_EQ(workflow.revision, static_cast<int>(expected.history()));
        EXPECT_EQ(workflow.closed_at.has_value(), expected.arrives);
        EXPECT_EQ(known.scans, expected.scans);
        EXPECT_EQ(known.thanks, expected.arrives ? 1 : 0);
        EXPECT_EQ(known.orphans, 0);
        int seq = 0;
        for (const EventRow& event : history(id(parcel))) {
            EXPECT_EQ(event.seq, ++seq) << "history has no gap";
            EXPECT_EQ(event.disposition, Disposition::applied);
        }
        EXPECT_EQ(activity({id(parcel), 1, 0}).state, ActivityState::succeeded);
    }
    EXPECT_EQ(world.effects().size(), model.size()) << "one label for each parcel";
    EXPECT_TRUE(reader->dead_letters(std::nullopt, 10)->empty());
    EXPECT_EQ(reader->census()->deferred, 0);
}

TEST_P(Model, AgreesWithAnyOrderAndAnyRepetition) {
    model.resize(60);
    send_until_decided(draw_events());
    expect_agreement();
}

TEST_P(Model, AgreesThroughFaults) {
    model.resize(40);
    options.batch_events = 16;
    options.breaker_failures = 1'000;
    options.queue_capacity = 64;
    faults->fail_when([this] {
        switch (chance->below(24)) {
        case 0: return Fault::conflict;
        case 1: return Fault::unavailable;
        case 2: return Fault::unknown_lost;
        case 3: return Fault::unknown_done;
        default: return Fault::none;
        }
    });
    world.set_touch([this](const Attempt& attempt, AttemptResult& result) {
        if (attempt.number > 3 || !one_in(4)) return;
        result.kind = AttemptResult::Kind::retry;
        result.binds.clear();
    });
    send_until_decided(draw_events());
    expect_agreement();
    for (const auto& [event, times] : decided) EXPECT_LE(times, 1) << "decided twice";
}

} // namespace
} // namespace appointd::engine::testing
