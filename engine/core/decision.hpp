#pragma once

#include "engine/core/event.hpp"
#include "engine/core/timers.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace appointd::engine {

/// How an event ended. Stored as text.
enum class Disposition { applied, duplicate, deferred, ignored, dead };
std::string_view to_string(Disposition disposition);
std::optional<Disposition> parse_disposition(std::string_view text);

namespace limits {
constexpr std::size_t activities = 8;  ///< of one transition
constexpr std::size_t timers = 16;     ///< of one workflow
constexpr std::size_t binds = 8;       ///< of one transition
constexpr std::size_t raised = 4;      ///< derived events of one transition
constexpr std::size_t derivations = 8; ///< deep: events derived from derived events
constexpr std::size_t data_bytes = 256 * 1024;
} // namespace limits

/// One outbound effect as the transition asks for it. `request` is exact: it is what every attempt sends.
struct ActivityRequest {
    std::string kind; ///< "checkout.create"
    Lane lane;
    int priority = 5;    ///< 0 first: money back before money in before the rest
    std::string request; ///< JSON object as text
};

/// An event that the transition itself derives; decided at once, after this one, in the same commit and in history like any
/// other.
struct Raised {
    std::string type;
    std::string payload;
};

/// The event changed (or confirmed) the workflow: everything that is written with it.
struct Applied {
    std::string state;
    std::string data;
    Timers timers;
    std::optional<std::string> attention; ///< reasons in order, comma-separated; nullopt where none
    std::string search;                   ///< folded text for q=
    bool closed = false;                  ///< final and nothing left to do: retention may take it
    std::vector<ActivityRequest> activities;
    std::vector<CorrelationKey> binds; ///< keys that are this workflow's from now on
    std::vector<Raised> raised;
    std::vector<ActivityId> reopens; ///< closed activities to open for another round
    std::vector<ActivityId> skips;   ///< open activities to close without another attempt
    std::string note;                ///< what happened, in words, for the history; may be empty
};
struct Ignored {
    std::string reason;
}; ///< takes a history number, changes nothing else
struct Deferred {
    CorrelationKey waits_for;
    std::string reason;
}; ///< parked on this workflow (and under the key, where one is given) until it moves
struct Refused {
    std::string reason;
}; ///< for an operator: nothing is written
struct Elsewhere {
    std::string reason;
}; ///< begins a workflow of its own with Address::fresh

using Decision = std::variant<Applied, Ignored, Deferred, Refused, Elsewhere>;

} // namespace appointd::engine
