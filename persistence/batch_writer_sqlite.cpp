#include "persistence/batch.hpp"

namespace appointd::persistence {

namespace {

using engine::Writes;

/// 1970 stands for none.
std::optional<Time> expiry(Time at) { return at == Time{} ? std::nullopt : std::optional(at); }

std::int64_t insert_event(Session& session, const engine::EventRow& event) {
    return session.statement("event_insert")
        .change({{"id", event.id},
                 {"workflow_id", event.workflow},
                 {"seq", event.seq},
                 {"source", event.source},
                 {"type", event.type},
                 {"waits_for", event.waits_for},
                 {"occurred_at", event.occurred_at},
                 {"received_at", event.received_at},
                 {"decided_at", event.decided_at},
                 {"version", event.version},
                 {"batch", event.batch},
                 {"disposition", to_string(event.disposition)},
                 Parameter::filled("reason", event.reason),
                 {"payload", event.payload},
                 Parameter::filled("result", event.result),
                 Parameter::filled("raw", event.raw),
                 Parameter::filled("address", event.address),
                 {"expires_at", expiry(event.expires_at)}});
}

std::int64_t free_event(Session& session, const Writes::Freed& freed) {
    const engine::EventRow& event = freed.row;
    return session.statement("event_free")
        .change({{"workflow_id", event.workflow},
                 {"seq", event.seq},
                 {"waits_for", event.waits_for},
                 {"disposition", to_string(event.disposition)},
                 Parameter::filled("reason", event.reason),
                 Parameter::filled("result", event.result),
                 {"decided_at", event.decided_at},
                 {"version", event.version},
                 {"batch", event.batch},
                 Parameter::filled("address", event.address),
                 {"expires_at", expiry(event.expires_at)},
                 {"id", event.id},
                 {"was", to_string(freed.was)}});
}

std::int64_t insert_workflow(Session& session, const engine::WorkflowRow& workflow) {
    return session.statement("workflow_insert")
        .change({{"id", workflow.id},
                 {"owner", workflow.owner},
                 {"kind", workflow.kind},
                 {"version", workflow.version},
                 {"state", workflow.state},
                 {"revision", workflow.revision},
                 {"data", workflow.data},
                 {"timers", workflow.timers},
                 {"wake_at", workflow.wake_at},
                 {"attention", workflow.attention},
                 {"search", workflow.search},
                 {"created_at", workflow.created_at},
                 {"changed_at", workflow.changed_at},
                 {"closed_at", workflow.closed_at}});
}

std::int64_t update_workflow(Session& session, const Writes::Update& update) {
    const engine::WorkflowRow& workflow = update.row;
    return session.statement("workflow_update")
        .change({{"version", workflow.version},
                 {"state", workflow.state},
                 {"revision", workflow.revision},
                 {"data", workflow.data},
                 {"timers", workflow.timers},
                 {"wake_at", workflow.wake_at},
                 {"attention", workflow.attention},
                 {"search", workflow.search},
                 {"changed_at", workflow.changed_at},
                 {"closed_at", workflow.closed_at},
                 {"id", workflow.id},
                 {"was", update.was}});
}

std::int64_t insert_activity(Session& session, const engine::ActivityRow& activity) {
    return session.statement("activity_insert")
        .change({{"workflow_id", activity.id.workflow},
                 {"seq", activity.id.seq},
                 {"n", activity.id.n},
                 {"lane", activity.lane},
                 {"priority", activity.priority},
                 {"kind", activity.kind},
                 {"state", to_string(activity.state)},
                 {"round", activity.round},
                 {"generation", activity.generation},
                 {"epoch", activity.epoch},
                 {"tries", activity.tries},
                 {"ready_at", activity.ready_at},
                 {"first_sent_at", activity.first_sent_at},
                 {"request", activity.request},
                 Parameter::filled("outcome", activity.outcome),
                 Parameter::filled("last_error", activity.last_error),
                 {"created_at", activity.created_at}});
}

std::int64_t write_attempt(Session& session, const Writes::Attempted& attempted) {
    return session.statement("activity_attempt")
        .change({{"state", to_string(attempted.state)},
                 {"tries", attempted.tries},
                 {"generation", attempted.generation},
                 {"ready_at", attempted.ready_at},
                 Parameter::filled("outcome", attempted.outcome),
                 Parameter::filled("last_error", attempted.last_error),
                 {"clear_first_sent", attempted.clear_first_sent ? 1 : 0},
                 {"workflow_id", attempted.id.workflow},
                 {"seq", attempted.id.seq},
                 {"n", attempted.id.n},
                 {"epoch", attempted.epoch}});
}

std::int64_t write_key(Session& session, const char* statement, const engine::Look::Key& key, Time now) {
    return session.statement(statement).change({{"key", key.key}, {"workflow_id", key.workflow}, {"since", now}});
}

} // namespace

Counts write_sqlite(Session& session, const Writes& writes) {
    Counts done;
    for (const auto& freed : writes.freed) done[Work::freed] += free_event(session, freed);
    for (const auto& update : writes.workflows)
        if (update.was > 0) done[Work::moved] += update_workflow(session, update);
    for (const auto& attempted : writes.attempted) done[Work::attempted] += write_attempt(session, attempted);
    for (const auto& id : writes.skipped)
        done[Work::skipped] +=
            session.statement("activity_skip").change({{"workflow_id", id.workflow}, {"seq", id.seq}, {"n", id.n}});
    for (const auto& reopened : writes.reopened)
        done[Work::reopened] += session.statement("activity_reopen")
                                    .change({{"ready_at", reopened.ready_at},
                                             {"workflow_id", reopened.id.workflow},
                                             {"seq", reopened.id.seq},
                                             {"n", reopened.id.n}});
    const Time now = decided_at(writes);
    for (const auto& key : writes.binds) done[Work::bound] += write_key(session, "key_bind", key, now);
    for (const auto& event : writes.events) done[Work::events] += insert_event(session, event);
    for (const auto& update : writes.workflows)
        if (update.was == 0) done[Work::begun] += insert_workflow(session, update.row);
    for (const auto& activity : writes.activities) done[Work::requested] += insert_activity(session, activity);
    for (const auto& key : writes.keys) done[Work::keyed] += write_key(session, "key_upsert", key, now);
    return done;
}

} // namespace appointd::persistence
