#pragma once

#include "foundation/json.hpp"

#include <string>
#include <vector>

namespace appointd::e2e {

struct QuietAudit {
    std::vector<std::string> problems; ///< "M9: pi_1: captured at Stripe, not booked (booking ID, CONFIRMED)"
    std::vector<std::string> restless; ///< bookings that are not quiet, and why: nothing is promised of them yet
    std::size_t compared = 0;          ///< bookings that are
};

/// M9 to M12, Z3, Z4, C2, C3 and L5 of every stored booking, against the sandbox's ledger. What was received and not decided yet
/// shows in neither: a problem counts once it stays. `unheard`: webhooks were lost, so only what holds without them. Throws
/// where the store or the ledger cannot be read.
QuietAudit audit_quiet(const std::string& store_url, const json::object& ledger, bool unheard = false);

} // namespace appointd::e2e
