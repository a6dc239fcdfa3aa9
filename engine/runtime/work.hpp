#pragma once

#include "engine/ports/activity_handler.hpp"
#include "engine/runtime/engine.hpp"

#include <functional>
#include <string>
#include <variant>

namespace appointd::engine {

/// An activity's outcome: it closes the activity and enters as an event.
struct Ended {
    Attempt attempt;
    ActivityState state = ActivityState::succeeded; ///< succeeded, failed or exhausted
    AttemptResult result;
};

/// An attempt that will be repeated: only the activity's own row changes.
struct Postponed {
    ActivityId id;
    std::string kind;
    Lane lane;
    int round = 1, epoch = 0;
    int tries = 0, generation = 1;
    Time ready_at;
    bool clear_first_sent = false;
    std::string last_error;
};

/// A proposal to fire a workflow's timers; which are due is read under its lock.
struct TimersDue {
    WorkflowId workflow;
};

/// A deferred event whose wait is over.
struct Expired {
    EventRow row;
};

/// A dead letter to decide again.
struct Requeued {
    EventId event;
};

/// One thing for a pipeline to commit.
struct Work {
    std::variant<Incoming, Ended, Postponed, TimersDue, Expired, Requeued> what;
    Time received_at;
    std::function<void(Answer)> done; ///< may be empty; called on the executor
    bool condemned = false;           ///< the database refused it: it is stored dead and not decided
};

/// From outside: bounded by the queue's capacity. Everything else goes first.
inline bool from_outside(const Work& work) { return work.what.index() == 0 || work.what.index() == 5; }

/// An activity has one outcome a round: its event's id says so.
EventId outcome_id(const ActivityId& activity, int round, Time created_at);
/// The event of an outcome that came too late.
EventId orphan_id(const Attempt& attempt);

/// Where a stored event was to go; of one that cannot be read, nowhere, and with a mark so that it ends dead.
Address address_of(const EventRow& row);

/// What has to be locked and read before the work can be decided.
void add_names(Names& names, const Work& work);
std::size_t bytes_of(const Work& work);
/// The workflow that it is about, or the first key that leads to it; nullopt where it names none.
std::optional<Target> target_of(const Work& work);

} // namespace appointd::engine
