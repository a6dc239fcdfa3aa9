#include "engine/core/address.hpp"
#include "engine/core/decision.hpp"
#include "engine/core/retry.hpp"
#include "engine/core/timers.hpp"
#include "engine/ports/store.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace appointd::engine {
namespace {

using namespace std::chrono_literals;

TEST(Timers, AreReadBackFromTheirText) {
    const Timers timers{{"deadline", {from_micros(1'790'000'000'000'000), 7}}, {"reminder.0", {from_micros(5), 2}}};
    EXPECT_EQ(parse_timers(encode_timers(timers)), timers);
    EXPECT_EQ(encode_timers({{"deadline", {from_micros(1'790'000'000'000'000), 7}}}),
              R"({"deadline":{"at":1790000000000000,"set":7}})");
    EXPECT_EQ(encode_timers({}), "{}");
}

TEST(Timers, AreRefusedWhereTheTextIsBroken) {
    for (const char* text : {"", "[]", R"({"a":5})", R"({"a":{"at":5}})", R"({"a":{"set":5}})", R"({"a":{"at":"5","set":1}})"})
        EXPECT_THROW(parse_timers(text), std::invalid_argument) << text;
}

TEST(Timers, WakeAtTheEarliest) {
    EXPECT_FALSE(earliest({}));
    EXPECT_EQ(earliest({{"a", {from_micros(9), 1}}, {"b", {from_micros(5), 1}}}), from_micros(5));
}

TEST(Address, IsReadBackFromItsText) {
    Address address;
    const WorkflowId id = make_workflow_id(from_micros(5'000), RandomBytes{1, 2, 3});
    address.targets = {id, CorrelationKey("/a/b/c/d")};
    address.unclaimed = Unclaimed::wait;
    address.kind = "parcel";
    address.fresh = make_workflow_id(from_micros(6'000), RandomBytes{4});
    address.waits_for = CorrelationKey("/a/\"quoted\"\n");
    address.marked = true;
    address.reason = "not ours";
    address.binds = {CorrelationKey("/x"), CorrelationKey("/y")};
    const Address back = parse_address(encode_address(address));
    EXPECT_EQ(back.targets, address.targets);
    EXPECT_EQ(back.unclaimed, address.unclaimed);
    EXPECT_EQ(back.kind, address.kind);
    EXPECT_EQ(back.fresh, address.fresh);
    EXPECT_EQ(back.waits_for, address.waits_for);
    EXPECT_EQ(back.marked, address.marked);
    EXPECT_EQ(back.reason, address.reason);
    EXPECT_EQ(back.binds, address.binds);
}

TEST(Address, IsReadBackWhereItIsEmpty) {
    const Address back = parse_address(encode_address({}));
    EXPECT_TRUE(back.targets.empty());
    EXPECT_EQ(back.unclaimed, Unclaimed::ignore);
}

TEST(Address, IsRefusedWhereTheTextIsBroken) {
    for (const char* text :
         {"", "{}", R"({"targets":[]})", R"({"targets":[5],"binds":[]})", R"({"targets":[{"workflow":"x"}],"binds":[]})",
          R"({"targets":[],"binds":[5],"fresh":"00000000-0000-0000-0000-000000000000"})",
          R"({"targets":[],"binds":[],"fresh":"x"})"})
        EXPECT_THROW(parse_address(text), std::invalid_argument) << text;
}

TEST(Backoff, DoublesUpToItsCap) {
    const RetryPolicy policy{.base = 500ms, .cap = 5min, .max_attempts = 20};
    const Duration ceilings[] = {500ms, 1s, 2s, 4s, 8s};
    for (int attempt = 1; attempt <= 5; ++attempt) {
        Duration least = 1h, most = 0s;
        for (std::uint64_t random = 0; random < 20'000'000; random += 9'973) {
            const Duration wait = backoff(policy, attempt, random);
            least = std::min(least, wait);
            most = std::max(most, wait);
        }
        EXPECT_GE(least, 250ms);
        EXPECT_LE(most, ceilings[attempt - 1]);
        EXPECT_GT(most, ceilings[attempt - 1] * 9 / 10);
    }
}

TEST(Backoff, StaysWithinItsBoundsWhateverItIsGiven) {
    constexpr auto highest = std::numeric_limits<std::uint64_t>::max();
    const RetryPolicy policy{.base = 500ms, .cap = 5min, .max_attempts = 20};
    for (const int attempt : {-5, 0, 1, 20, 64, 100'000})
        for (const std::uint64_t random : {std::uint64_t{0}, highest, highest / 3}) {
            EXPECT_GE(backoff(policy, attempt, random), 250ms);
            EXPECT_LE(backoff(policy, attempt, random), 5min);
        }
    EXPECT_LE(backoff({.base = 1min, .cap = 1s, .max_attempts = 1}, 3, highest), 1min); // a cap under the base
    EXPECT_LE(backoff({.base = 0s, .cap = 0s, .max_attempts = 1}, 3, highest), 1us);
}

TEST(Disposition, IsReadBackFromItsText) {
    for (const Disposition one :
         {Disposition::applied, Disposition::duplicate, Disposition::deferred, Disposition::ignored, Disposition::dead})
        EXPECT_EQ(parse_disposition(to_string(one)), one);
    EXPECT_FALSE(parse_disposition("lost"));
}

TEST(ActivityState, IsReadBackFromItsText) {
    for (const ActivityState one :
         {ActivityState::open, ActivityState::succeeded, ActivityState::failed, ActivityState::exhausted, ActivityState::skipped})
        EXPECT_EQ(parse_activity_state(to_string(one)), one);
    EXPECT_FALSE(parse_activity_state("closed"));
}

} // namespace
} // namespace appointd::engine
