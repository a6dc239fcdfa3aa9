#pragma once

#include "foundation/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The two ledgers that a demonstration compares: what the daemon says of a booking, and what its providers say.
namespace appointd::demo {

/// Of one booking, from the daemon's admin API.
struct Books {
    std::string id, state, currency;
    std::int64_t captured = 0, refunded = 0, refunding = 0, kept = 0, lost = 0;
    std::string meeting;                ///< Zoom's id, empty where it has none
    std::string invitee;                ///< Calendly's URI
    std::optional<Time> start;          ///< of the slot
    std::vector<std::string> attention; ///< open reasons
    std::size_t open_calls = 0;         ///< activities that are not closed
    std::vector<std::string> troubles;  ///< last errors of calls that were given up
};

/// Of one booking, from the sandbox's own ledger.
struct Meeting {
    std::string id;
    Time start{};
    bool live = false;
};
struct Seat {
    std::string invitee;
    Time start{};
    bool active = false;
    std::string superseded_by; ///< the invitee it was rescheduled to
};
struct Payment {
    std::string id, currency;
    std::int64_t captured = 0;
};
struct Refund {
    std::string id, ours, status, currency; ///< ours: metadata[refund_id]
    std::int64_t amount = 0;
};
struct Mail {
    std::string about, message_id; ///< what it is about: "confirmed"
    bool names_link = false;       ///< the join link, in the text and in the calendar file
    bool faulty = false;           ///< a strict mail program would object
};
struct Evidence {
    std::vector<Payment> payments;
    std::vector<Refund> refunds;
    std::vector<Meeting> meetings;
    std::vector<Seat> seats;
    std::vector<Mail> mails; ///< those to the customer
    std::size_t open_checkouts = 0;
};

using AllBooks = std::map<std::string, Books>;       ///< by booking
using AllEvidence = std::map<std::string, Evidence>; ///< by booking

} // namespace appointd::demo
