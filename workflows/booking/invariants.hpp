#pragma once

#include "engine/core/decision.hpp"
#include "workflows/booking/kind.hpp"
#include "workflows/booking/world.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The promises of a booking by their names (docs/booking.md says what each means), pure, for everybody who checks them: the
/// explorer in tests/model, the end-to-end tests against the sandbox's ledger, the auditor of a running store. H1, that a history
/// gives its row, holds for every kind: engine/runtime/replay.hpp.
namespace appointd::booking {

/// A promise that a booking breaks.
struct Violation {
    std::string name;  ///< "M1"
    std::string words; ///< which row, which sums
};

/// Safety, from the stored booking alone: M1 to M8, Z1, Z2, C1, S1 and S2. Empty after every commit.
std::vector<Violation> violations(State state, const Data& data);
/// The same from stored text; throws std::invalid_argument on what no version of ours wrote.
std::vector<Violation> violations(std::string_view state, std::string_view data);

/// T1, from the stored booking and its timers: what must ring is set, and nothing else is. For a stored row; a timer that is
/// ringing at `now` may be gone from it.
std::vector<Violation> timer_violations(State state, const Data& data, const engine::Timers& timers, Time now);

/// One commit: the booking before (state none where it begins) and after, and what was asked for. M5, M7, Z1, Z2.
struct Commit {
    State before = State::none;
    const Data& data_before;
    State after = State::none;
    const Data& data_after;
    std::span<const engine::ActivityRequest> activities;
    std::string_view event; ///< its type: a create's own outcome may ask for the next one
};
std::vector<Violation> commit_violations(const Commit& commit);

/// M9 to M12, Z3, Z4, C2, C3, L5: whenever no event of the booking is undisposed, no call open, no timer due.
std::vector<Violation> quiet_violations(State state, const Data& data, const World& world);

/// Whether a quiet promise is kept even where webhooks were lost: what people did at a provider then stays unknown.
bool holds_unheard(const Violation& violation);

/// L1, L3, L4: at rest, when nobody acts any more and everything asked was answered.
std::vector<Violation> rest_violations(State state, const Data& data);

/// H2: each received event has a disposition; one that is deferred is younger than `deferred_ttl`.
struct Received {
    std::string id;
    std::optional<engine::Disposition> disposition;
    Time received_at{};
};
std::vector<Violation> inbox_violations(std::span<const Received> inbox, Time now, Duration deferred_ttl);

} // namespace appointd::booking
