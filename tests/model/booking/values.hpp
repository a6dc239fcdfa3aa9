#pragma once

#include "engine/core/decision.hpp"
#include "workflows/booking/invariants.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What nodes refer to by number: messages, calls, answers, stored bookings, decisions.
namespace appointd::model {

/// How an event finds the booking (docs/events.md, "Addresses").
enum class To : std::uint8_t {
    booking,  ///< it names the booking
    new_slot, ///< by the new invitee (`a`), the one before (`b`), then the claim
    slot,     ///< by the invitee (`a`) or its successor (`b`)
    payment,  ///< by the payment's key (`a`) only: refunds and disputes bear no mark
};

struct Message {
    std::string type{}, source{}, payload{};
    Time at{};
    std::string brief{}; ///< for the timeline
    To to = To::booking;
    int a = 0, b = 0;
    bool claim = false;
    int then = -1; ///< a message that arrives right after it
};

/// A call that the booking asked for.
struct Call {
    std::string kind, request;
    int seq = 0, n = 0;
    bool landed = false; ///< its effect stands, and no answer told: the same key or a look finds it
    bool sent = false;   ///< an attempt was made before: its effect may stand
};

/// A look: without its answer, what it would have told stays unknown until reconciliation looks again.
inline bool tells_what_is(const Call& call) { return call.kind.ends_with(".look") || call.kind.ends_with(".list"); }

/// A call that was answered; the answer is on its way, and what the adapter learned besides comes with it.
struct Answer {
    std::uint32_t call = 0;
    std::uint32_t message = 0;
    bool failed = false;
    std::vector<std::uint32_t> learned{};
};

/// A booking as stored.
struct Row {
    booking::State state = booking::State::none;
    booking::Data data{};
    std::string state_text{}, data_text{};
    engine::Timers timers{};
    std::vector<booking::Violation> violations{}; ///< safety: evaluated once a row
};

/// What the definition decided about one message in one row at one instant.
struct Decided {
    enum class What : std::uint8_t { applied, ignored, deferred, refused, elsewhere } what = What::ignored;
    std::string reason;
    std::uint32_t row = 0;
    std::vector<engine::ActivityRequest> activities;
    std::vector<engine::CorrelationKey> binds;
    std::vector<engine::Raised> raised;
    std::vector<engine::ActivityId> reopens, skips;
    std::vector<booking::Violation> violations; ///< of this commit
};

} // namespace appointd::model
