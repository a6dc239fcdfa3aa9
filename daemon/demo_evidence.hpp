#pragma once

#include "daemon/demo_reconciliation.hpp"
#include "foundation/json.hpp"

namespace appointd::demo {

/// The sandbox's ledger (docs/sandbox.md), sorted by booking. A seat belongs to the run that took it: what is booked directly on
/// Calendly names no booking.
AllEvidence evidence_of(const json::object& ledger, const std::vector<Run>& runs);
/// The sandbox's mailbox (GET /control/mailbox), added to what is known of the bookings.
void add_mails(AllEvidence& all, const json::object& mailbox);

} // namespace appointd::demo
