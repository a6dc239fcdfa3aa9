#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/store.hpp"

#include <string>
#include <vector>

namespace appointd::engine {

/// What an event would do now: dry run. Nothing is written, counted or told.
struct Preview {
    /// What the event would derive, decided in the same commit.
    struct Derived {
        std::string type;
        Disposition disposition = Disposition::applied;
        std::string reason;
    };
    Decision decision;                       ///< of the event itself
    WorkflowRow before, after;               ///< after: with all that it derives
    std::vector<ActivityRequest> activities; ///< of the event and of what it derives
    std::vector<ActivityId> reopens, skips;
    std::vector<Derived> derived;
};

/// Pure. A timer's event rings its timer. Throws what the transition throws, and std::invalid_argument on timers that nobody of
/// ours wrote.
Preview preview_of(const Definition& definition, const WorkflowRow& row, const Event& event, Time now);

} // namespace appointd::engine
