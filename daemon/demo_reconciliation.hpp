#pragma once

#include "daemon/demo_ledger.hpp"
#include "daemon/demo_scripts.hpp"

#include <map>
#include <string>
#include <vector>

namespace appointd::demo {

/// What became of one planned booking.
struct Run {
    Plan plan;
    std::string booking;               ///< its id; empty where it never came to one
    std::vector<std::string> invitees; ///< its seats at Calendly, oldest first: last segments of their URIs
    std::string stuck;                 ///< empty: it went its way; else the step and why it did not
    double seconds = 0;
};

/// A sum of money of one currency, both sides.
struct Sums {
    std::int64_t captured = 0, refunded = 0, kept = 0; ///< the daemon's books
    std::int64_t provider_captured = 0, provider_refunded = 0;
};

struct Verdict {
    std::vector<std::string> problems; ///< one line each; empty: every cent and every meeting is where it should be
    std::map<std::string, Sums> sums;  ///< by currency
    std::size_t meetings_live = 0, meetings_expected = 0;
    std::size_t slots_held = 0, slots_expected = 0;
    std::size_t mails = 0, confirmations = 0, confirmations_expected = 0; ///< e-mails; those that say "confirmed"
};

/// Pure: compares where every booking should stand, the daemon's books, and the providers' ledger. Also finds bookings that
/// nobody made, and effects that stand twice.
Verdict reconcile(const std::vector<Run>& runs, const AllBooks& books, const AllEvidence& evidence);

} // namespace appointd::demo
