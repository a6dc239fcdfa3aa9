#include "tests/model/booking/scenario.hpp"

#include <algorithm>

namespace appointd::model {
namespace {

/// Small round times: alarms fall on few instants, and a whole booking takes an afternoon.
json::object usual_terms() {
    return {{"session_type", "coaching-60"},
            {"name", "Coaching, 60 minutes"},
            {"price", 9999},
            {"currency", "usd"},
            {"duration_seconds", 3600},
            {"payment_window_seconds", 1800},
            {"refund", json::array{json::object{{"notice_seconds", 7200}, {"percent", 100}},
                                   json::object{{"notice_seconds", 0}, {"percent", 50}}}},
            {"late_money", "refund"},
            {"completion", "meeting"},
            {"completion_grace_seconds", 1800},
            {"slot_timeout_seconds", 3600},
            {"reschedule_timeout_seconds", 7200},
            {"reconcile_after_seconds", 3600},
            {"no_show", "keep"},
            {"place", "zoom"},
            {"max_reschedules", 1},
            {"reminders_seconds", json::array{3600}},
            {"event_type", "https://api.calendly.com/event_types/T1"},
            {"public_url", "http://127.0.0.1:8080"},
            {"receipts", false},
            {"automatic_tax", false},
            {"allow_promotion_codes", false},
            {"zoom_settings", json::object{}}};
}

json::object terms_with(std::initializer_list<std::pair<const char*, json::value>> changes) {
    auto terms = usual_terms();
    for (const auto& [name, value] : changes) terms[name] = value;
    return terms;
}

} // namespace

Budget budget(int total, std::initializer_list<std::pair<Trouble, int>> each) {
    Budget out;
    out.total = static_cast<std::uint8_t>(total);
    for (const auto& [kind, count] : each) out.each[static_cast<std::size_t>(kind)] = static_cast<std::uint8_t>(count);
    return out;
}

std::vector<Scenario> scenarios(int more) {
    using enum Trouble;
    const auto anything = {std::pair{reschedule, 1},
                           {cancel, 1},
                           {no_show, 1},
                           {second_booking, 1},
                           {decline, 1},
                           {wrong_sum, 1},
                           {async, 1},
                           {expire, 1},
                           {surplus, 1},
                           {by_hand, 1},
                           {slow_refund, 1},
                           {refund_fails, 1},
                           {dispute, 1},
                           {inquiry, 1},
                           {by_host, 1},
                           {operate, 1},
                           {refused, 1},
                           {used_up, 1},
                           {twin, 1},
                           {duplicate, 1},
                           {late, 1}};
    const auto plain = terms_with({{"place", "none"}, {"reminders_seconds", json::array{}}});
    const auto free = terms_with({{"price", 0}, {"reminders_seconds", json::array{}}});
    const auto less = terms_with({{"reminders_seconds", json::array{}}});
    std::vector<Scenario> all{
        {.name = "paid",
         .words = "over the API, paid, at Zoom; anything goes wrong",
         .terms = usual_terms(),
         .budget = budget(1, anything)},
        {.name = "refunds",
         .words = "canceled, and the refund is slow, fails, or is used up",
         .terms = plain,
         .direct = true,
         .budget = budget(3, {{cancel, 1}, {slow_refund, 1}, {refund_fails, 1}, {used_up, 1}, {by_hand, 1}})},
        {.name = "disputes",
         .words = "disputed, and canceled or refunded by hand",
         .terms = plain,
         .direct = true,
         .budget = budget(2, {{cancel, 1}, {dispute, 1}, {inquiry, 1}, {by_hand, 1}, {operate, 1}})},
        {.name = "money-in",
         .words = "money comes in every way, and a cancel with it",
         .terms = plain,
         .direct = true,
         .budget = budget(2, {{decline, 1}, {wrong_sum, 1}, {async, 1}, {expire, 1}, {surplus, 1}, {cancel, 1}, {duplicate, 1}})},
        {.name = "moves",
         .words = "rescheduled, canceled, and the host acts inside Zoom",
         .terms = free,
         .direct = true,
         .budget = budget(2, {{reschedule, 2}, {cancel, 1}, {by_host, 1}, {duplicate, 1}})},
        {.name = "faults",
         .words = "calls fail, and a cancel or a reschedule with it",
         .terms = less,
         .direct = true,
         .budget = budget(2, {{refused, 1}, {used_up, 1}, {twin, 1}, {cancel, 1}, {reschedule, 1}})},
        {.name = "operator",
         .words = "an operator acts twice, or after something else",
         .terms = plain,
         .direct = true,
         .budget = budget(2, {{operate, 2}, {wrong_sum, 1}, {used_up, 1}})},
        {.name = "revive",
         .words = "late money revives",
         .terms = terms_with({{"late_money", "revive"}, {"reminders_seconds", json::array{}}}),
         .direct = true,
         .budget = budget(2, {{surplus, 1}, {used_up, 1}, {late, 1}, {async, 1}})},
        {.name = "free", .words = "price 0, over the API", .terms = terms_with({{"price", 0}}), .budget = budget(1, anything)},
        {.name = "calendly",
         .words = "the join link is Calendly's",
         .terms = terms_with({{"place", "calendly"}, {"reminders_seconds", json::array{}}}),
         .direct = true,
         .budget = budget(1, anything)},
        {.name = "group",
         .words = "a seat of a group event",
         .terms = less,
         .direct = true,
         .group = true,
         .budget = budget(1, anything)},
        {.name = "tax",
         .words = "discount and tax are allowed",
         .terms = terms_with({{"automatic_tax", true}, {"place", "none"}}),
         .direct = true,
         .budget = budget(1, anything)},
        {.name = "no-show",
         .words = "no-shows are refunded, the clock completes",
         .terms = terms_with({{"no_show", "refund"}, {"completion", "clock"}, {"place", "none"}}),
         .direct = true,
         .budget = budget(2, {{no_show, 2}, {cancel, 1}, {operate, 1}})},
    };
    for (Scenario& scenario : all) {
        scenario.budget.total = static_cast<std::uint8_t>(scenario.budget.total + more);
        for (auto& each : scenario.budget.each)
            if (each > 0) each = static_cast<std::uint8_t>(each + more);
    }
    return all;
}

} // namespace appointd::model
