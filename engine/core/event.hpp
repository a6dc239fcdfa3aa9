#pragma once

#include "engine/core/ids.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace appointd::engine {

/// Something that happened outside (or came due inside), normalised.
struct Event {
    EventId id;
    std::string source;  ///< a provider's name, "api", "operator", "timer", "activity", "derived" or "reconcile"
    std::string type;    ///< "slot.taken": a name of the definition; the history shows it
    Time occurred_at;    ///< the provider's own moment
    std::string payload; ///< a JSON object as text: all that a transition sees of the event
    std::string raw;     ///< the signed body as it came, secrets blanked; empty for events of our own
};

/// Who an event may be for: a workflow by its id (a claim), or by a key that an earlier event bound.
using Target = std::variant<WorkflowId, CorrelationKey>;

/// What becomes of an event when no target is known.
enum class Unclaimed {
    start,  ///< it begins a workflow of `kind` with the id `fresh`
    wait,   ///< deferred under `waits_for` until that key is bound or its time is up
    ignore, ///< ignored with `reason`
};

/// How an event finds its workflow: targets in order, the first that exists gets it.
struct Address {
    std::vector<Target> targets;
    Unclaimed unclaimed = Unclaimed::ignore;
    std::string kind;         ///< start: which definition. Also where a transition answers `elsewhere`
    WorkflowId fresh;         ///< start, elsewhere: the id of the new workflow, drawn at intake
    CorrelationKey waits_for; ///< wait
    bool marked = false;      ///< wait: it bears our mark, so at the end of its wait it is dead instead of ignored
    std::string reason;       ///< ignore: why; wait: why it ended without an owner ("not ours")
    std::vector<CorrelationKey>
        binds; ///< keys that the transition may bind: read with the same locks (an optimisation, never needed)
};

/// Numbered events share one column: "timer.reminder.2" is decided as "timer.reminder".
inline std::string_view family_of(std::string_view type) {
    const auto dot = type.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == type.size()) return type;
    const bool numbered =
        std::all_of(type.begin() + static_cast<std::ptrdiff_t>(dot) + 1, type.end(), [](char c) { return c >= '0' && c <= '9'; });
    return numbered ? type.substr(0, dot) : type;
}

struct Incoming {
    Event event;
    Address address;
};

} // namespace appointd::engine
