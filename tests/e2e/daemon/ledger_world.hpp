#pragma once

#include "foundation/json.hpp"
#include "workflows/booking/world.hpp"

#include <map>
#include <string>

namespace appointd::e2e {

/// The sandbox's ledger (GET /control/ledger), sorted by booking: what the quiet invariants compare a booking with.
class LedgerWorlds {
public:
    explicit LedgerWorlds(const json::object& ledger);

    /// All that bears the booking's id, and the invitees that `data` names: what is booked straight on Calendly bears no id.
    booking::World of(const std::string& booking, const booking::Data& data, Time now) const;

private:
    std::map<std::string, booking::World> worlds_;
    std::map<std::string, booking::World::Invitee> invitees_; ///< all of them, by URI
};

} // namespace appointd::e2e
