#pragma once

#include "tests/unit/booking/fold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace appointd::booking::testing {

using namespace std::chrono_literals;

inline constexpr Time monday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h;
/// The slot of most stories: three days ahead, an hour long.
inline constexpr Time slot_start = monday + 72h;
inline constexpr Time slot_end = slot_start + 1h;

inline std::string event_uri(int n) { return "https://api.calendly.com/scheduled_events/E" + std::to_string(n); }
inline std::string invitee_uri(int n) { return event_uri(n) + "/invitees/I" + std::to_string(n); }

json::object usual_terms();

/// A booking and its world, in verbs: what customers, hosts, providers and operators do.
class Desk : public ::testing::Test {
protected:
    // Calendly
    Told request();
    json::object slot(int n, Time start = slot_start) const;
    Told take(int n = 1, Time start = slot_start);
    Told moving(int from, int to);
    Told moved(int from, int to, Time start);
    Told reschedule(int from, int to, Time start);
    Told cancel(std::string_view by, std::optional<Time> at = std::nullopt, int n = 1);
    Told no_show(int n = 1);
    // Stripe
    void checkout_made();
    json::object captured(std::string_view payment, std::int64_t amount = 12000) const;
    Told pay(std::string_view payment = "pi_1", std::int64_t amount = 12000);
    Told processing(std::string_view payment = "pi_1");
    Told declined(std::string_view payment = "pi_1");
    Told failed(std::string_view payment = "pi_1");
    Told expired(std::string_view session = "cs_1");
    Told refund(std::string_view type, std::string_view re, std::int64_t amount, std::string_view payment = "pi_1",
                std::string_view ours = "");
    void refund_made(std::string_view re = "re_1", std::string_view status = "succeeded");
    Told dispute(std::string_view type, std::string_view du = "du_1", std::int64_t amount = 12000, bool inquiry = false);
    // Zoom
    void meeting_made(std::string_view id = "850", std::optional<Time> start = std::nullopt);
    Told zoom(std::string_view type, json::object more = {}, std::string_view id = "850");
    Told ended(Time at, std::string_view uuid = "u1");
    /// The late answer of a create that was made again: this meeting stands besides.
    Told orphan(std::string_view id);
    // an operator
    Told operate(std::string_view what, json::object more = {});

    // where most stories begin
    void book();           ///< SCHEDULED over the API
    void book_pending();   ///< PAYMENT_PENDING, checkout open
    void book_confirmed(); ///< CONFIRMED, meeting live
    void book_completed();
    void book_abandoned(); ///< not paid in time, slot freed

    std::int64_t sum(std::string_view name) const;

    json::object terms = usual_terms();
    Fold desk{monday};
};

} // namespace appointd::booking::testing
