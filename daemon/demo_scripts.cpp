#include "daemon/demo_scripts.hpp"

#include <array>
#include <random>
#include <stdexcept>

namespace appointd::demo {

namespace {

using namespace std::chrono_literals;
using enum Step;

constexpr auto in_two_days = 48h; // full notice
constexpr auto in_hours = 3h;     // short notice: half is kept
constexpr auto in_a_moment = 12s; // starts while its money is still under way

// clang-format off
constexpr std::array<Offer, 5> all_offers{{
    // id            name                      event type      price  currency minutes window place
    {"coaching-60",  "Coaching, 60 minutes",   "coaching-60",  12345, "usd",   60,     30min, "zoom"},
    {"intro-15",     "Introduction",           "intro-15",         0, "usd",   15,     30min, "zoom"},
    {"sprint-30",    "Sprint, 30 minutes",     "sprint-30",     4900, "eur",   30,     8s,    "zoom"},
    {"office-45",    "Office hour",            "office-45",     8000, "eur",   45,     30min, "calendly"},
    {"phone-30",     "Call by telephone",      "phone-30",      3000, "usd",   30,     30min, "none"},
}};

const std::vector<Script>& table() {
    static const std::vector<Script> rows = {
    // name                        session type   starts in    steps
    //                             ending: state, captured %, refunded %, meetings, slot held                              weight
    {"paid",                       "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         30},
    {"paid, upcoming",             "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting},
                                   {"CONFIRMED", 100, 0, 1, true},                                                         10},
    {"free",                       "intro-15",    in_two_days, {ask, pick, await_meeting, meet},
                                   {"COMPLETED", 0, 0, 1, true},                                                           14},
    {"declined, then paid",        "coaching-60", in_two_days, {ask, pick, await_checkout, decline, await_failed, pay, await_meeting, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         8},
    {"canceled before payment",    "coaching-60", in_two_days, {ask, pick, await_checkout, cancel_as_invitee},
                                   {"CANCELED", 0, 0, 0, false},                                                           6},
    {"canceled in good time",      "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, cancel_as_invitee},
                                   {"REFUNDED", 100, 100, 0, false},                                                       7},
    {"canceled at short notice",   "coaching-60", in_hours,    {ask, pick, await_checkout, pay, await_meeting, cancel_as_invitee},
                                   {"CANCELED", 100, 50, 0, false},                                                        7},
    {"canceled by the host",       "coaching-60", in_hours,    {ask, pick, await_checkout, pay, await_meeting, cancel_as_host},
                                   {"REFUNDED", 100, 100, 0, false},                                                       5},
    {"canceled by the operator",   "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, cancel_as_operator},
                                   {"REFUNDED", 100, 100, 0, false},                                                       4},
    {"rescheduled before payment", "coaching-60", in_two_days, {ask, pick, await_checkout, reschedule, await_moved, pay, await_meeting},
                                   {"CONFIRMED", 100, 0, 1, true},                                                         5},
    {"rescheduled after payment",  "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, reschedule, await_moved},
                                   {"CONFIRMED", 100, 0, 1, true},                                                         6},
    {"rescheduled twice",          "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, reschedule, await_moved, reschedule, await_moved, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         4},
    {"abandoned without a slot",   "coaching-60", in_two_days, {ask},
                                   {"ABANDONED", 0, 0, 0, false},                                                          5},
    {"abandoned without payment",  "sprint-30",   in_two_days, {ask, pick, await_checkout},
                                   {"ABANDONED", 0, 0, 0, false},                                                          6},
    {"booked on Calendly, paid",   "coaching-60", in_two_days, {book_directly, await_checkout, pay, await_meeting, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         8},
    {"booked on Calendly, free",   "intro-15",    in_two_days, {book_directly, await_meeting, meet},
                                   {"COMPLETED", 0, 0, 1, true},                                                           5},
    {"paid later",                 "coaching-60", in_two_days, {ask, pick, await_checkout, pay_later, later_arrives, await_meeting, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         5},
    {"paid later, failed",         "sprint-30",   in_two_days, {ask, pick, await_checkout, pay_later, later_fails},
                                   {"ABANDONED", 0, 0, 0, false},                                                          4},
    {"paid later, at second try",  "coaching-60", in_two_days, {ask, pick, await_checkout, pay_later, later_fails, await_checkout, pay, await_meeting},
                                   {"CONFIRMED", 100, 0, 1, true},                                                         4},
    {"paid too late",              "sprint-30",   in_a_moment, {ask, pick, await_checkout, pay_later, await_abandoned, later_arrives},
                                   {"REFUNDED", 100, 100, 0, true},                                                        4},
    {"held at Calendly's link",    "office-45",   in_two_days, {ask, pick, await_checkout, pay, await_meeting},
                                   {"CONFIRMED", 100, 0, 0, true},                                                         5},
    {"held without a link",        "phone-30",    in_two_days, {ask, pick, await_checkout, pay, await_confirmed, complete_as_operator},
                                   {"COMPLETED", 100, 0, 0, true},                                                         5},
    {"meeting deleted by hand",    "coaching-60", in_two_days, {ask, pick, await_checkout, pay, await_meeting, delete_meeting, await_meeting, meet},
                                   {"COMPLETED", 100, 0, 1, true},                                                         4},
    };
    return rows;
}

constexpr std::array<std::string_view, 21> step_names{
    "ask for a booking",  "pick a slot",        "book on Calendly",     "wait for the checkout",   "pay",
    "be declined",        "pay later",          "see the money arrive", "see the payment fail",    "wait until confirmed",
    "wait until failed",  "wait until abandoned", "wait for the meeting", "wait for the new time", "reschedule",
    "cancel as invitee",  "cancel as host",     "cancel as operator",   "complete as operator",    "delete the meeting",
    "meet"};
// clang-format on

constexpr std::array<std::string_view, 16> first_names{"Ann",  "Bela", "Chidi", "Dana", "Emre",  "Freya", "Goran", "Hana",
                                                       "Ivan", "Jun",  "Kofi",  "Lena", "Marta", "Nils",  "Omar",  "Pia"};
constexpr std::array<std::string_view, 16> last_names{"Adler",  "Brandt", "Costa",  "Dumont", "Eriksen", "Fischer",
                                                      "Gallo",  "Horvat", "Ivanov", "Jansen", "Kaya",    "Lindt",
                                                      "Moreau", "Novak",  "Okafor", "Poe"};

/// std::shuffle and the distributions differ between libraries; this does not.
std::size_t below(std::mt19937_64& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

const Script& by_weight(std::mt19937_64& random) {
    int total = 0;
    for (const Script& script : table()) total += script.weight;
    auto rest = static_cast<int>(below(random, static_cast<std::size_t>(total)));
    for (const Script& script : table())
        if ((rest -= script.weight) < 0) return script;
    throw std::logic_error("weights do not add up");
}

} // namespace

std::string_view name_of(Step step) { return step_names.at(static_cast<std::size_t>(step)); }
std::span<const Script> scripts() { return table(); }
std::span<const Offer> offers() { return all_offers; }

const Offer& offer_named(std::string_view id) {
    for (const Offer& offer : all_offers)
        if (offer.id == id) return offer;
    throw std::logic_error("a script names an unknown session type");
}

std::vector<Plan> plan(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Plan> plans;
    for (std::size_t i = 0; i < count; ++i) {
        Plan next;
        next.script = i < table().size() ? &table()[i] : &by_weight(random);
        next.name = std::string(first_names[below(random, first_names.size())]) + " " +
                    std::string(last_names[below(random, last_names.size())]);
        plans.push_back(std::move(next));
    }
    for (std::size_t i = plans.size(); i > 1; --i) std::swap(plans[i - 1], plans[below(random, i)]);
    for (std::size_t i = 0; i < plans.size(); ++i) {
        plans[i].number = i;
        plans[i].start_in = plans[i].script->start_in;
        // Minutes apart, but inside the notice the script is about; what starts in a moment must start in that moment.
        if (plans[i].start_in > 1h)
            plans[i].start_in += std::chrono::minutes(i) % (12h) + std::chrono::minutes(below(random, 7) * 60);
    }
    return plans;
}

std::int64_t share_of(std::int64_t amount, int percent) { return (amount * percent + 99) / 100; }

} // namespace appointd::demo
