#pragma once

#include "engine/ports/store.hpp"

#include <functional>
#include <map>
#include <vector>

namespace appointd::engine::testing {

/// The tables, and what a batch does to them: the plain model of what persistence/sql does. Not thread-safe.
class MemoryRows {
public:
    struct Key {
        std::optional<WorkflowId> workflow;
        Time since;
    };
    struct Node {
        Time seen;
        std::string versions;
    };

    std::map<WorkflowId, WorkflowRow> workflows;
    std::map<EventId, EventRow> events;
    std::map<ActivityId, ActivityRow> activities;
    std::map<CorrelationKey, Key> keys;
    std::map<Uuid, Node> nodes;
    std::map<std::pair<std::string, int>, std::string> definitions; ///< (kind, version), fingerprint

    Look look(const Names& names) const;
    /// All or nothing; the answer is empty, or names the table whose count differed (then nothing has changed).
    std::string write(const Writes& writes, Time now);
    /// Everything that hangs on a workflow, but not its own row.
    void forget(WorkflowId id);

private:
    using Undo = std::vector<std::function<void()>>;
    bool write_events(const Writes& writes, Undo& undo);
    bool write_workflows(const Writes& writes, Undo& undo);
    bool write_activities(const Writes& writes, Undo& undo);
    bool write_keys(const Writes& writes, Time now, Undo& undo);

    std::map<std::pair<WorkflowId, int>, EventId> history_; // the unique index
    std::set<EventId> deferred_;
};

} // namespace appointd::engine::testing
