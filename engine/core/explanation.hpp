#pragma once

#include "engine/core/ids.hpp"
#include "engine/core/timers.hpp"

#include <string>
#include <vector>

/// What a workflow says of itself in plain words: each kind has a function of its own from the facts to sections of lines.
namespace appointd::engine {

/// A call to the outside, as far as a person cares.
struct CallFacts {
    ActivityId id;
    std::string kind;
    std::string state; ///< open, succeeded, failed, exhausted, skipped
    int attempts = 0;
    std::string last_error;
    Time ready_at; ///< open: the next attempt, or the end of the one under way
    Time created_at;
};

struct WorkflowFacts {
    WorkflowId id;
    std::string state, data;
    Timers timers;
    std::vector<CallFacts> calls; ///< in the order they were asked for
    Time created_at;
    Time now;
};

struct Section {
    std::string title;
    std::vector<std::string> lines; ///< whole sentences
};

using Explanation = std::vector<Section>;

} // namespace appointd::engine
