#pragma once

#include "tests/model/booking/providers.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace appointd::model {

/// What makes a run unlike the plainest one; each kind has a budget, and all together have one.
enum class Trouble : std::uint8_t {
    reschedule,
    cancel,
    no_show,
    second_booking, // people at Calendly
    decline,
    wrong_sum,
    async,
    expire,
    surplus,
    by_hand,
    slow_refund, // at Stripe
    refund_fails,
    dispute,
    inquiry,
    by_host, // inside Zoom: deletes, moves, rehearses
    operate, // an operator acts
    refused,
    used_up,
    twin, // a call fails for good, is used up, lands twice
    duplicate,
    late, // a webhook comes again; time passes while something is open
    none
};
inline constexpr std::size_t trouble_kinds = static_cast<std::size_t>(Trouble::none);
inline constexpr std::array<std::string_view, trouble_kinds> trouble_names{
    "reschedule", "cancel",  "no_show", "second_booking", "decline",      "wrong_sum", "async",
    "expire",     "surplus", "by_hand", "slow_refund",    "refund_fails", "dispute",   "inquiry",
    "by_host",    "operate", "refused", "used_up",        "twin",         "duplicate", "late"};

struct Budget {
    std::array<std::uint8_t, trouble_kinds> each{};
    std::uint8_t total = 0;
    bool allows(Trouble kind) const { return kind == Trouble::none || (total > 0 && each[static_cast<std::size_t>(kind)] > 0); }
    void spend(Trouble kind) {
        if (kind == Trouble::none) return;
        each[static_cast<std::size_t>(kind)] -= 1;
        total -= 1;
    }
};

/// The booking, what is on its way to it, and the world around it.
struct Node {
    std::uint32_t row = 0; ///< 0: it does not exist yet
    Time now{};
    std::vector<std::uint32_t> calls;                      ///< open, not answered yet
    std::vector<std::uint32_t> answers;                    ///< on their way; never lost
    std::vector<std::uint32_t> mail;                       ///< webhooks on their way: any order, any time, perhaps never
    std::vector<std::uint32_t> parked;                     ///< deferred
    std::vector<std::uint32_t> closed;                     ///< failed calls that the booking remembers
    bool lost = false;                                     ///< a webhook was: the providers may know what the booking does not
    std::uint32_t invitees = 0, foreign = 0, payments = 0; ///< keys bound: to this booking, to another one
    Providers world;
    Budget budget;
};

enum class Kind : std::uint8_t {
    book,
    book_again,
    reschedule,
    cancel,
    set_no_show,
    clear_no_show,
    pay,
    pay_wrong,
    pay_async,
    async_ends,
    decline,
    expire,
    pay_surplus,
    refund_by_hand,
    refund_ends,
    refund_fails,
    dispute,
    inquire,
    dispute_ends,
    delete_meeting,
    move_meeting,
    meet,
    leave,
    operate,
    skip_open,
    call,
    call_refused,
    call_used_up,
    call_used_up_unseen,
    call_twin,
    answer,
    deliver,
    duplicate,
    ring,
    pass
};

struct Step {
    Kind kind = Kind::pass;
    std::uint8_t a = 0, b = 0;
    Trouble trouble = Trouble::none;
};

/// 128 bits of all that influences what may happen next. `with_budget` false: for a booking left to come to rest.
using Print = std::pair<std::uint64_t, std::uint64_t>;
Print print_of(const Node& node, bool with_budget = true);

struct PrintHash {
    std::size_t operator()(const Print& print) const { return static_cast<std::size_t>(print.first ^ (print.second >> 1)); }
};

} // namespace appointd::model
