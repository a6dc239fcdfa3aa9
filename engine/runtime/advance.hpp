#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/store.hpp"

namespace appointd::engine {

/// What a transition sees of a stored workflow.
Workflow seen(const WorkflowRow& row, const Timers& timers);

/// The one place where a decision becomes the workflow's row: pipeline, replay and dry run go through it. Takes state, data,
/// attention, search and timers out of `applied`; `row.timers` and `row.wake_at` are left to write_timers.
void advance(WorkflowRow& row, Timers& timers, Applied& applied, Time now);
/// Decided, and nothing changed but the place in its history.
void pass_over(WorkflowRow& row, Time now);
void write_timers(WorkflowRow& row, const Timers& timers);

/// The n-th event that the transition at history number `seq` derived from a cause of this moment.
EventId derived_id(const WorkflowId& workflow, int seq, int n, Time moment);

} // namespace appointd::engine
