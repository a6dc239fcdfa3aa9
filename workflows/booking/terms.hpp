#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace appointd::booking {

/// A share of the captured amount, by the notice of the cancellation.
struct RefundTier {
    std::int64_t notice_seconds = 0; ///< notice before the start
    std::int64_t percent = 100;
    friend bool operator==(const RefundTier&, const RefundTier&) = default;
};

/// An endpoint of somebody else's that hears of bookings (Standard Webhooks); its URL and secrets are configuration.
struct Listener {
    std::string name;
    std::vector<std::string> events; ///< types it wants; empty: all
    friend bool operator==(const Listener&, const Listener&) = default;
};

/// The session type as it was when the booking began: configuration changes never touch a living booking.
struct Terms {
    std::string session_type, name, currency, event_type, public_url;
    std::string late_money = "refund";  ///< refund, revive
    std::string completion = "meeting"; ///< meeting: also when the meeting ended; clock: only at end plus grace
    std::string no_show = "keep";       ///< keep, refund
    std::string place = "zoom";         ///< zoom, calendly, none
    std::string zoom_settings;          ///< a JSON object as text, or empty
    std::int64_t price = 0, duration_seconds = 3600, payment_window_seconds = 1800, completion_grace_seconds = 900;
    std::int64_t slot_timeout_seconds = 86400, reschedule_timeout_seconds = 600, reconcile_after_seconds = 600;
    std::int64_t max_reschedules = 0; ///< 0: as many as they like
    std::vector<RefundTier> refund;   ///< greatest notice first; empty: full
    std::vector<std::int64_t> reminders_seconds;
    bool receipts = false, automatic_tax = false, allow_promotion_codes = false;
    bool mail = false, mail_operator = false; ///< there is a relay; and an operator who wants to hear of attention
    std::vector<Listener> listeners;
    friend bool operator==(const Terms&, const Terms&) = default;
};

} // namespace appointd::booking
