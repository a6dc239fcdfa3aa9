#include "engine/core/table.hpp"

#include "tests/support/engine/parcel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::engine::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A lamp with a table per test.
struct Lamp {
    enum class State { none, off, on };
    enum class Event { plug, press };
    struct Data {
        std::int64_t presses = 0;
    };
    static constexpr std::string_view name = "lamp";
    static constexpr int version = 1;
    static constexpr std::array<std::string_view, 3> states{"none", "off", "on"};
    static constexpr std::array<std::string_view, 2> events{"plug", "press"};
    static inline std::vector<Row<Lamp>> table;
    static std::span<const Row<Lamp>> rows() { return table; }
    static Data read(std::string_view text) { return {static_cast<std::int64_t>(text.size())}; }
    static std::string write(const Data& data) { return std::string(static_cast<std::size_t>(data.presses), 'x'); }
    static Verdict screen(Step<Lamp>& step) {
        const auto text = text_field(step.payload, "screen").value_or("");
        if (text == "ignore") return {Verdict::Kind::ignore, "screened"};
        if (text == "defer") return {Verdict::Kind::defer, "early", CorrelationKey("/k")};
        if (text == "elsewhere") return {Verdict::Kind::elsewhere, "other"};
        return {};
    }
    static void settle(Step<Lamp>& step) {
        if (step.to == State::on) step.set_timer("burn", step.input.now);
        for (std::int64_t n = int_field(step.payload, "ask").value_or(0); n > 0; --n) step.activities.push_back({});
        for (std::int64_t n = int_field(step.payload, "set").value_or(0); n > 0; --n)
            step.set_timer(std::to_string(n), step.input.now);
        for (std::int64_t n = int_field(step.payload, "bind").value_or(0); n > 0; --n) step.binds.emplace_back();
        for (std::int64_t n = int_field(step.payload, "raise").value_or(0); n > 0; --n) step.raised.push_back({});
        step.data.presses += int_field(step.payload, "grow").value_or(0);
    }
    static std::optional<std::string> attention(const Data&) { return std::nullopt; }
    static std::string search(const Data&) { return "lamp"; }
    static bool closed(State, const Data&) { return false; }
};

constexpr Guard<Lamp> always{"always", [](const Step<Lamp>&) { return true; }};
constexpr Guard<Lamp> hard{"hard", [](const Step<Lamp>& step) { return bool_field(step.payload, "hard").value_or(false); }};
constexpr Action<Lamp> count{"count", [](Step<Lamp>& step) { step.data.presses += 1; }};
using S = Lamp::State;
using E = Lamp::Event;

std::vector<Row<Lamp>> good() {
    return {{S::none, E::plug, always, Outcome::go, S::off, "", {}},
            {{S::off, S::on}, E::plug, always, Outcome::ignore, {}, "plugged in", {}},
            {S::none, E::press, always, Outcome::refuse, {}, "no lamp", {}},
            {S::off, E::press, hard, Outcome::ignore, {}, "too hard", {}},
            {S::off, E::press, always, Outcome::go, S::on, "", {count}},
            {S::on, E::press, hard, Outcome::stay, {}, "still on", {count, count}},
            {S::on, E::press, always, Outcome::go, S::off, "", {count}}};
}

struct TableTest : ::testing::Test {
    TableTest() { Lamp::table = good(); }
    Decision decide(std::string_view state, std::string type, std::string payload = "{}") {
        const Definition definition = define<Lamp>();
        Workflow workflow;
        workflow.state = std::string(state);
        workflow.revision = 4;
        const Event event{{}, "test", std::move(type), {}, std::move(payload), ""};
        return definition.transition(state == "none" ? nullptr : &workflow, Input{event, from_micros(9), {}, 5});
    }
};

TEST_F(TableTest, HasNoFaultsWhereEveryCellIsDecided) { EXPECT_THAT(faults_of_table<Lamp>(), ElementsAre()); }

TEST_F(TableTest, FindsAnUndecidedCell) {
    Lamp::table.erase(Lamp::table.begin() + 4);
    EXPECT_THAT(faults_of_table<Lamp>(), ElementsAre("off x press: not decided", "on: nothing leads here"));
    EXPECT_THROW(define<Lamp>(), std::logic_error);
}

TEST_F(TableTest, FindsARowBehindOneThatAlwaysHolds) {
    Lamp::table.push_back({S::on, E::press, hard, Outcome::ignore, {}, "never read", {}});
    EXPECT_THAT(faults_of_table<Lamp>(), ElementsAre("on x press: a row behind one that always holds"));
}

TEST_F(TableTest, FindsAMissingReason) {
    Lamp::table[1].reason = "";
    EXPECT_THAT(faults_of_table<Lamp>(), ElementsAre("off x plug: no reason", "on x plug: no reason"));
}

TEST_F(TableTest, FindsAStateThatNothingReaches) {
    Lamp::table[4].outcome = Outcome::stay;
    EXPECT_THAT(faults_of_table<Lamp>(), ElementsAre("on: nothing leads here"));
}

TEST_F(TableTest, TakesTheFirstRowWhoseGuardHolds) {
    EXPECT_EQ(std::get<Ignored>(decide("off", "press", R"({"hard":true})")).reason, "too hard");
    const Applied applied = std::get<Applied>(decide("off", "press"));
    EXPECT_EQ(applied.state, "on");
    EXPECT_EQ(applied.data, "x");
    EXPECT_EQ(applied.search, "lamp");
    EXPECT_EQ(applied.timers.at("burn"), (Timer{from_micros(9), 5}));
    const Applied stayed = std::get<Applied>(decide("on", "press", R"({"hard":true})"));
    EXPECT_EQ(stayed.state, "on");
    EXPECT_EQ(stayed.note, "still on");
    EXPECT_EQ(stayed.data, "xx");
}

TEST_F(TableTest, DecidesForAWorkflowThatIsNotThere) {
    EXPECT_EQ(std::get<Applied>(decide("none", "plug")).state, "off");
    EXPECT_EQ(std::get<Refused>(decide("none", "press")).reason, "no lamp");
}

TEST_F(TableTest, IgnoresAnUnknownEventAndThrowsOnWhatNoVersionWrote) {
    EXPECT_EQ(std::get<Ignored>(decide("off", "kick")).reason, "unknown event type");
    EXPECT_THROW(decide("broken", "press"), std::invalid_argument);
    EXPECT_THROW(decide("off", "press", "[]"), std::invalid_argument);
}

TEST_F(TableTest, ScreensBeforeTheRows) {
    EXPECT_EQ(std::get<Ignored>(decide("off", "press", R"({"screen":"ignore"})")).reason, "screened");
    EXPECT_EQ(std::get<Deferred>(decide("off", "press", R"({"screen":"defer"})")).waits_for, CorrelationKey("/k"));
    EXPECT_EQ(std::get<Elsewhere>(decide("off", "press", R"({"screen":"elsewhere"})")).reason, "other");
}

TEST_F(TableTest, ThrowsWhereATransitionIsPastItsLimits) {
    EXPECT_NO_THROW(decide("off", "press", R"({"ask":8})"));
    EXPECT_THROW(decide("off", "press", R"({"ask":9})"), std::length_error);
    EXPECT_NO_THROW(decide("off", "press", R"({"set":15})")); // and "burn"
    EXPECT_THROW(decide("off", "press", R"({"set":16})"), std::length_error);
    EXPECT_NO_THROW(decide("off", "press", R"({"bind":8})"));
    EXPECT_THROW(decide("off", "press", R"({"bind":9})"), std::length_error);
    EXPECT_NO_THROW(decide("off", "press", R"({"raise":4})"));
    EXPECT_THROW(decide("off", "press", R"({"raise":5})"), std::length_error);
    EXPECT_NO_THROW(decide("off", "press", R"({"grow":262143})"));
    EXPECT_THROW(decide("off", "press", R"({"grow":262144})"), std::length_error);
}

TEST_F(TableTest, SaysItsRowsInWords) {
    const Definition definition = define<Lamp>();
    EXPECT_THAT(definition.states, ElementsAre("off", "on"));
    EXPECT_THAT(definition.events, ElementsAre("plug", "press"));
    EXPECT_EQ(definition.rows.size(), 8u); // the row for two states counts twice
    EXPECT_EQ(definition.rows[0].to, "off");
    EXPECT_EQ(definition.rows[0].outcome, "go");
}

TEST_F(TableTest, HasAFingerprintThatChangesWithAnyWord) {
    const std::string before = define<Lamp>().fingerprint;
    EXPECT_EQ(before.size(), 40u);
    EXPECT_EQ(define<Lamp>().fingerprint, before);
    Lamp::table[1].reason = "plugged in already";
    EXPECT_NE(define<Lamp>().fingerprint, before);
}

TEST_F(TableTest, DrawsItsArrows) {
    EXPECT_EQ(to_mermaid(define<Lamp>()), "stateDiagram-v2\n"
                                          "    state off\n"
                                          "    state on\n"
                                          "    [*] --> off : plug\n"
                                          "    off --> on : press\n"
                                          "    on --> off : press\n");
    const std::string parcel = to_mermaid(make_parcel());
    EXPECT_THAT(parcel, HasSubstr("    delivered --> [*]\n"));
    EXPECT_THAT(parcel, Not(HasSubstr("labeled --> [*]")));
    EXPECT_THAT(parcel, HasSubstr("    labeled --> moving : parcel.scanned\n"));
}

TEST(Definitions, FindByKindAndVersionAndTheNewest) {
    std::vector<Definition> all(3);
    all[0].kind = all[1].kind = "a";
    all[1].version = 3;
    all[2].kind = "b";
    const Definitions definitions(std::move(all));
    EXPECT_EQ(definitions.newest("a")->version, 3);
    EXPECT_EQ(definitions.find("a", 1)->version, 1);
    EXPECT_EQ(definitions.find("a", 2), nullptr);
    EXPECT_EQ(definitions.newest("c"), nullptr);
}

TEST(Parcel, HasAGoodTable) { EXPECT_NO_THROW(make_parcel()); }

} // namespace
} // namespace appointd::engine::testing
