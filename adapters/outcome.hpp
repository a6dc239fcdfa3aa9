#pragma once

#include "adapters/exchange.hpp"
#include "engine/ports/activity_handler.hpp"

#include <string>
#include <string_view>

/// Answers as results of an attempt. The codes are stable: "stripe_400_parameter_unknown" (provider, status, the provider's own
/// code where it gives one), "stripe_unreachable" (nothing was sent), "stripe_no_answer" (unknown whether it was carried out),
/// "stripe_bad_answer".
namespace appointd::adapters {

engine::AttemptResult succeeded(json::object result);
engine::AttemptResult failed(std::string code, std::string_view message);
engine::AttemptResult retry(std::string code, std::string_view message);
engine::AttemptResult wait(std::string code, std::string_view message, Duration at_least);

/// What a provider says of itself in an error answer.
struct Complaint {
    std::string_view provider;
    std::string code;             ///< its own, or empty
    std::string message;          ///< its words; shortened here
    std::string reference;        ///< its name of this call, which its support asks for; or empty
    std::string_view credentials; ///< of ours, what to look at after a 401
};

/// The rule for every answer that is not a success and tells no fact of its own:
///   nothing sent                      wait; the provider is in trouble unless the deadline was the reason
///   no answer, cut off                retry, provider in trouble
///   429                               wait as long as asked, else a second and a little; throttled
///   408, 409, 424, 425, 5xx, 3xx      retry; 408, 5xx: provider in trouble. With a Retry-After: wait, which does not count,
///                                     but only where an attempt was counted before, because a first wait would be taken for
///                                     "nothing was ever sent"
///   other 4xx                         failed
engine::AttemptResult refused(const World& world, const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer,
                              const Complaint& complaint);

/// For what is asked again in a while anyway (a look, a page of a sweep): no attempt is made again by itself, and the provider's
/// trouble is not this call's to report, so it never shuts the breaker before a booking. A 429 still waits.
engine::AttemptResult left_to_the_next_turn(engine::AttemptResult result);

/// A success that lacks what a success must have: it may have been carried out.
engine::AttemptResult bad_answer(std::string_view provider, std::string_view lacks);

/// "stripe_400_parameter_unknown".
std::string code_of(int status, const Complaint& complaint);

} // namespace appointd::adapters
