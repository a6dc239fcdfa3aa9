#pragma once

#include "foundation/json.hpp"
#include "foundation/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace appointd::daemon {

/// What share of the captured amount an invitee's cancellation returns, by its notice before the start.
struct RefundTier {
    Duration notice{};
    int percent = 100; ///< 0 to 100
};

struct Configuration;

/// One [[session_type]] as configured and checked.
struct SessionType {
    std::string id;
    std::string name;
    std::string calendly_event_type; ///< Calendly's URI
    std::int64_t price = 0;          ///< minor units; 0: free
    std::string currency = "usd";    ///< ISO 4217, lower case
    Duration duration = std::chrono::minutes(60);
    Duration payment_window = std::chrono::minutes(30);
    std::vector<RefundTier> refund;     ///< greatest notice first; empty: full
    std::string place = "zoom";         ///< zoom, calendly, none
    std::string late_money = "refund";  ///< refund, revive
    std::vector<Duration> reminders;    ///< before the start
    std::string completion = "meeting"; ///< meeting, clock
    std::string no_show = "keep";       ///< keep, refund
    int max_reschedules = 5;
    bool receipts = false;
    bool automatic_tax = false;
    bool allow_promotion_codes = false;
    json::object zoom; ///< goes into the `settings` of the meeting
};

/// The timings of [booking], which every session type shares.
struct BookingTimes {
    Duration slot_timeout{}, reschedule_timeout{}, completion_grace{}, reconcile_after{};
};

/// The snapshot that a booking takes when it is created (docs/events.md, `terms`).
json::object terms_of(const SessionType& type, const Configuration& configuration);

} // namespace appointd::daemon
