#pragma once

#include <span>
#include <string>
#include <string_view>

/// What the names of a booking mean, for people. Tests see to it that no state, timer, call or attention reason lacks its words.
namespace appointd::booking::words {

/// What a state means; empty where it is unknown.
std::string_view of_state(std::string_view state);

/// What a timer does when it rings ("reminder" for "reminder.2"); empty where it is unknown.
std::string_view of_timer(std::string_view name);

/// What a call does, "return money at Stripe"; empty where it is unknown.
std::string_view of_call(std::string_view kind);

struct Attention {
    std::string_view reason;
    std::string_view what; ///< what happened
    std::string_view todo; ///< what a person does about it; ID stands for the booking's id
};
/// In the order of attention_reasons.
std::span<const Attention> attention();
/// Null where it is unknown.
const Attention* of_reason(std::string_view reason);

/// The table of docs/operations.md.
std::string attention_page();

} // namespace appointd::booking::words
