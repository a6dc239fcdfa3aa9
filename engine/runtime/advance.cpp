#include "engine/runtime/advance.hpp"

namespace appointd::engine {

Workflow seen(const WorkflowRow& row, const Timers& timers) {
    return {row.id, row.owner, row.kind, row.version, row.state, row.revision, row.data, timers};
}

void advance(WorkflowRow& row, Timers& timers, Applied& applied, Time now) {
    row.revision += 1;
    row.state = std::move(applied.state);
    row.data = std::move(applied.data);
    row.attention = std::move(applied.attention);
    row.search = std::move(applied.search);
    row.changed_at = now;
    if (!applied.closed)
        row.closed_at.reset();
    else if (!row.closed_at)
        row.closed_at = now;
    timers = std::move(applied.timers);
}

void pass_over(WorkflowRow& row, Time now) {
    row.revision += 1;
    row.changed_at = now;
}

void write_timers(WorkflowRow& row, const Timers& timers) {
    row.timers = encode_timers(timers);
    row.wake_at = earliest(timers);
}

EventId derived_id(const WorkflowId& workflow, int seq, int n, Time moment) {
    return make_event_id(moment, "derived", to_string(workflow) + "." + std::to_string(seq) + "." + std::to_string(n));
}

} // namespace appointd::engine
