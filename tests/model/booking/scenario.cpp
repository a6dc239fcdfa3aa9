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

void allow_more(std::vector<Scenario>& all, int more) {
    for (Scenario& scenario : all) {
        scenario.budget.total = static_cast<std::uint8_t>(scenario.budget.total + more);
        for (auto& each : scenario.budget.each)
            if (each > 0) each = static_cast<std::uint8_t>(each + more);
    }
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
    const std::initializer_list<std::pair<Trouble, int>> anything{
        {reschedule, 1}, {cancel, 1},  {no_show, 1}, {second_booking, 1}, {decline, 1},      {wrong_sum, 1}, {async, 1},
        {expire, 1},     {surplus, 1}, {by_hand, 1}, {slow_refund, 1},    {refund_fails, 1}, {dispute, 1},   {inquiry, 1},
        {by_host, 1},    {operate, 1}, {refused, 1}, {used_up, 1},        {twin, 1},         {duplicate, 1}, {late, 1}};
    const json::value no_reminders = json::array{};
    const auto at_zoom = terms_with({{"reminders_seconds", no_reminders}});
    const auto nowhere = terms_with({{"place", "none"}, {"reminders_seconds", no_reminders}});
    const auto free = terms_with({{"price", 0}, {"reminders_seconds", no_reminders}});
    std::vector<Scenario> all;
    const auto add = [&](std::string name, std::string words, const json::object& terms, const Budget& bound) -> Scenario& {
        return all.emplace_back(
            Scenario{.name = std::move(name), .words = std::move(words), .terms = terms, .direct = true, .budget = bound});
    };
    add("paid", "paid, at Zoom; goes wrong once (more ways in the scenarios without a meeting)", at_zoom,
        budget(1, {{reschedule, 1},
                   {no_show, 1},
                   {decline, 1},
                   {wrong_sum, 1},
                   {async, 1},
                   {expire, 1},
                   {by_host, 1},
                   {refused, 1},
                   {used_up, 1},
                   {twin, 1},
                   {duplicate, 1},
                   {late, 1}}));
    add("free", "price 0, asked for over the API; anything goes wrong once", terms_with({{"price", 0}}), budget(1, anything))
        .direct = false;
    add("moves", "rescheduled, and canceled or moved again or the host acts inside Zoom", free,
        budget(2, {{reschedule, 1}, {cancel, 1}, {by_host, 1}}));
    add("disputes", "disputed, and canceled or refunded by hand", nowhere,
        budget(2, {{cancel, 1}, {dispute, 1}, {inquiry, 1}, {by_hand, 1}}));
    add("refunds", "canceled or refunded by hand, and the refund is slow, fails, or is used up", nowhere,
        budget(2, {{cancel, 1}, {slow_refund, 1}, {refund_fails, 1}, {used_up, 1}, {by_hand, 1}}));
    add("slow-refunds", "canceled, and the refund is slow and then fails", nowhere,
        budget(3, {{cancel, 1}, {slow_refund, 1}, {refund_fails, 1}}));
    add("money-in", "money comes in every way, twice, or with a cancel", nowhere,
        budget(2, {{decline, 1}, {wrong_sum, 1}, {async, 1}, {expire, 1}, {cancel, 1}, {duplicate, 1}}));
    add("surplus", "money with our mark comes otherwise, and the payment of the checkout is under way", nowhere,
        budget(2, {{surplus, 1}, {async, 1}}));
    add("faults", "a call fails, and a cancel or a reschedule with it", free,
        budget(2, {{refused, 1}, {used_up, 1}, {cancel, 1}, {reschedule, 1}}));
    add("operator", "an operator acts, after a wrong sum too", nowhere, budget(2, {{operate, 1}, {wrong_sum, 1}}));
    add("retried", "a call fails, and an operator acts", free, budget(2, {{operate, 1}, {refused, 1}, {used_up, 1}}));
    add("wrong-sum", "a wrong sum, returned by hand or disputed", nowhere,
        budget(2, {{wrong_sum, 1}, {by_hand, 1}, {dispute, 1}}));
    add("paid-there", "Calendly collects the money itself", nowhere,
        budget(2, {{operate, 1}, {cancel, 1}, {reschedule, 1}, {surplus, 1}}))
        .paid_there = true;
    add("late", "news comes late, the clock completes",
        terms_with({{"completion", "clock"}, {"place", "none"}, {"reminders_seconds", no_reminders}, {"price", 0}}),
        budget(3, {{reschedule, 1}, {cancel, 1}, {late, 1}}));
    add("told", "e-mail goes out", terms_with({{"mail", true}, {"mail_operator", true}, {"place", "none"}, {"price", 0}}),
        budget(1, {{cancel, 1}, {reschedule, 1}, {refused, 1}, {used_up, 1}}));
    const auto revived = terms_with({{"late_money", "revive"}, {"place", "none"}, {"reminders_seconds", no_reminders}});
    add("revive", "late money revives", revived, budget(2, {{async, 1}, {used_up, 1}, {late, 1}}));
    add("revived", "late money revives where the slot could not be freed", revived, budget(2, {{surplus, 1}, {refused, 1}}));
    add("no-show", "no-shows are refunded, the clock completes",
        terms_with({{"no_show", "refund"}, {"completion", "clock"}, {"place", "none"}, {"reminders_seconds", no_reminders}}),
        budget(2, {{no_show, 2}, {cancel, 1}, {operate, 1}}));
    add("calendly", "the join link is Calendly's; anything goes wrong once",
        terms_with({{"place", "calendly"}, {"reminders_seconds", no_reminders}}), budget(1, anything));
    add("tax", "discount and tax are allowed; anything goes wrong once", terms_with({{"automatic_tax", true}, {"place", "none"}}),
        budget(1, anything));
    add("group", "a seat of a group event; anything goes wrong once", at_zoom, budget(1, anything)).group = true;
    allow_more(all, more);
    return all;
}

} // namespace appointd::model
