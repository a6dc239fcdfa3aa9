#pragma once

#include "engine/ports/store.hpp"

namespace appointd::engine {

struct WorkflowFilter {
    std::string state, kind, q; ///< empty: any. q: prefix of the id or substring of the column `search` (already folded)
    std::optional<bool> attention;
    std::string reason;               ///< with attention = true: waits for a person for this reason; empty: for any
    std::optional<Time> from, to;     ///< created_at, half open
    std::optional<Time> changed_from; ///< changed_at, at or after
    int limit = 50;                   ///< 1 to 200
    std::optional<WorkflowId> before; ///< cursor: older than this one (newest first)
    /// Where the search ends: no older id is looked at, which bounds what it costs (a moment only filters what was read). Ids
    /// hold the moment they were drawn, a little before created_at; those that a kind makes itself may hold any.
    std::optional<WorkflowId> least;
};

/// Gauges that only the store knows.
struct Census {
    struct State {
        std::string kind, state;
        std::int64_t count;
        std::optional<Time> oldest{};
    }; ///< oldest: creation, where the store knows it cheaply
    struct Attention {
        std::string reason;
        std::int64_t count;
    };
    struct Outbox {
        Lane lane;
        std::int64_t depth;
        Time oldest;
    }; ///< open activities and the creation of the oldest
    struct Table {
        std::string name;
        std::int64_t bytes;
    }; ///< with its indexes; the whole file where tables cannot be told apart
    std::vector<State> states;
    std::vector<Attention> attention;
    std::vector<Outbox> outbox;
    std::vector<Table> tables;
    std::int64_t dead_letters = 0;
    std::int64_t deferred = 0;
    std::optional<Time> earliest_wake; ///< min(wake_at)
};

/// Read-only questions of people and programs outside: a session of its own that never waits for a writer and never makes one
/// wait. One thread at a time. No cache: whoever got an answer sees its effect here, on any node.
class Reader {
public:
    virtual ~Reader() = default;
    virtual Result<std::vector<WorkflowRow>> list(const WorkflowFilter& filter) = 0;
    virtual Result<std::optional<WorkflowRow>> workflow(WorkflowId id) = 0;
    virtual Result<std::optional<WorkflowId>> owner_of(const CorrelationKey& key) = 0;
    virtual Result<std::vector<ActivityRow>> activities(WorkflowId id) = 0;
    /// Decided events in order, seq > after; then, on the last page, those still parked on it.
    virtual Result<std::vector<EventRow>> history(WorkflowId id, int after, int limit) = 0;
    virtual Result<std::optional<EventRow>> event(EventId id) = 0;
    /// Newest first.
    virtual Result<std::vector<EventRow>> dead_letters(std::optional<EventId> before, int limit) = 0;
    virtual Result<Census> census() = 0;
    /// A cheap question that only a working database answers, with a schema that fits.
    virtual Result<void> ping() = 0;
};

class Readers {
public:
    virtual ~Readers() = default;
    virtual Result<std::unique_ptr<Reader>> open() = 0;
};

} // namespace appointd::engine
