#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the bookings of a demonstration go through: data, so that one reads what is claimed to work.
namespace appointd::demo {

/// What customer, host, operator and providers do, and what the customer waits for in between.
enum class Step {
    ask,            ///< POST /api/bookings, and wait for the scheduling link
    pick,           ///< take a slot through that link
    book_directly,  ///< take a slot on Calendly without having asked here
    await_checkout, ///< a checkout that was not seen before
    pay,
    decline,       ///< the card is refused; the checkout stays open
    pay_later,     ///< a method whose money comes, or does not, days later
    later_arrives, ///< and now it comes
    later_fails,
    await_confirmed,
    await_failed,
    await_abandoned,
    await_meeting, ///< a join link that was not seen before
    await_moved,   ///< the booking shows the slot's new time
    reschedule,
    cancel_as_invitee,
    cancel_as_host,
    cancel_as_operator,
    complete_as_operator,
    delete_meeting, ///< by hand, at Zoom
    meet,           ///< started, joined, left, ended at the slot's instants
};
std::string_view name_of(Step step);

/// Where a booking has to stand at the end. Shares are percent of the price, rounded up to the minor unit as the terms say.
struct Ending {
    std::string_view state;
    int captured_percent = 0;
    int refunded_percent = 0;
    int meetings = 0;       ///< alive at Zoom with our marker
    bool slot_held = false; ///< its invitee is active at Calendly
};

struct Script {
    std::string_view name;
    std::string_view session_type;
    std::chrono::seconds start_in; ///< the slot begins this long after it was picked
    std::vector<Step> steps;
    Ending ending;
    int weight; ///< how often beside the others
};

/// A session type of the demonstration, configured at the daemon and known to the sandbox's Calendly.
struct Offer {
    std::string_view id, name;
    std::string_view event_type; ///< last segment of Calendly's URI
    std::int64_t price;          ///< minor units
    std::string_view currency;
    int minutes;
    std::chrono::seconds payment_window;
    std::string_view place; ///< zoom, calendly, none
};

std::span<const Script> scripts();
std::span<const Offer> offers();
const Offer& offer_named(std::string_view id);

/// One booking to be: what is decided before anything runs.
struct Plan {
    std::size_t number = 0;
    const Script* script = nullptr;
    std::string name;                 ///< the customer's
    std::chrono::seconds start_in{0}; ///< the script's, spread so that no two slots are alike
    bool in_real_time = false;        ///< a session that is held begins soon, and is held when it begins
};

/// Every script once (while `count` allows), the rest by weight, in an order that the seed decides. The same on every machine.
std::vector<Plan> plan(std::size_t count, std::uint64_t seed);

/// `percent` of `amount`, rounded up.
std::int64_t share_of(std::int64_t amount, int percent);

} // namespace appointd::demo
