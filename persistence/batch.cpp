#include "persistence/batch.hpp"

#include "persistence/json_rows.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <utility>

namespace appointd::persistence {

namespace {

using engine::Commit;
using engine::CommitReport;
using engine::Look;

/// What came out of the outside's own code, to be told apart from what the database threw.
struct DecideThrew {
    std::exception_ptr error;
};

std::string json_of_keys(const std::set<engine::CorrelationKey>& keys) {
    JsonRows rows;
    for (const engine::CorrelationKey& key : keys) rows.text(key.get());
    return std::move(rows).finish();
}

template <class Ids> std::string json_of_ids(const Ids& ids) {
    JsonRows rows;
    for (const auto& id : ids) rows.text(id.get());
    return std::move(rows).finish();
}

std::string json_of_activities(const std::set<engine::ActivityId>& activities) {
    JsonRows rows;
    for (const engine::ActivityId& id : activities) {
        rows.begin_row();
        rows.field("workflow_id", id.workflow);
        rows.field("seq", id.seq);
        rows.field("n", id.n);
        rows.end_row();
    }
    return std::move(rows).finish();
}

void lock_workflows(Session& session, const engine::Names& names, const std::string& keys, Look& look) {
    const std::string workflows = json_of_ids(names.workflows);
    session.statement("lock").each(workflow_columns, {{"workflows", workflows}, {"keys", keys}},
                                   [&](Row& row) { look.workflows.push_back(read_workflow(row)); });
}

void look_at_marks(Session& session, const engine::Names& names, const std::string& keys, Look& look) {
    const std::string activities = json_of_activities(names.activities);
    session.statement("look_marks").each(14, {{"keys", keys}, {"activities", activities}}, [&](Row& row) {
        if (row.text(0) == "key") {
            look.keys.push_back({.key = engine::CorrelationKey{row.text(1)}, .workflow = read_workflow_id(row, 2)});
            return;
        }
        Look::Activity activity;
        activity.id = {.workflow = engine::WorkflowId{read_uuid(row, 2)}, .seq = read_int(row, 3), .n = read_int(row, 4)};
        activity.kind = row.text(5);
        activity.state = read_activity_state(row, 6);
        activity.round = read_int(row, 7);
        activity.generation = read_int(row, 8);
        activity.epoch = read_int(row, 9);
        activity.tries = read_int(row, 10);
        activity.outcome = row.text(11);
        activity.request = row.text(12);
        activity.created_at = read_time(row, 13);
        look.activities.push_back(std::move(activity));
    });
}

void look_at_events(Session& session, const engine::Names& names, const std::string& keys, Look& look) {
    std::set<engine::WorkflowId> ids = names.workflows;
    for (const engine::WorkflowRow& workflow : look.workflows) ids.insert(workflow.id);
    const std::string events = json_of_ids(names.events), workflows = json_of_ids(ids);
    std::set<engine::EventId> taken; // a row can wait for a workflow and a key, and be named too
    session.statement("look_events")
        .each(event_columns + 1, {{"events", events}, {"workflows", workflows}, {"keys", keys}}, [&](Row& row) {
            const bool named = row.number(event_columns) == 1;
            engine::EventRow event = read_event(row);
            if (named) look.seen.push_back({event.id, event.workflow, event.disposition, event.batch});
            const bool open =
                event.disposition == engine::Disposition::deferred || event.disposition == engine::Disposition::dead;
            if (open && taken.insert(event.id).second) look.waiting.push_back(std::move(event));
        });
}

/// Three questions, each with a snapshot of its own, so that a node that waited for a lock sees what the other one committed.
/// Keys before events: whoever sees a placeholder sees the event that made it.
Look look_under_locks(Session& session, const engine::Names& names) {
    Look look;
    const std::string keys = json_of_keys(names.keys);
    if (!names.workflows.empty() || !names.keys.empty()) lock_workflows(session, names, keys, look);
    if (!names.keys.empty() || !names.activities.empty()) look_at_marks(session, names, keys, look);
    look_at_events(session, names, keys, look);
    return look;
}

/// Everything but the commit; nullopt: ready to commit.
std::optional<CommitReport> prepare(Session& session, const engine::Names& names, const engine::Decide& decide) {
    session.begin();
    Look look = look_under_locks(session, names);
    std::optional<engine::Writes> writes;
    try {
        writes = decide(std::move(look));
    } catch (...) {
        throw DecideThrew{std::current_exception()};
    }
    if (!writes || writes->empty()) {
        session.rollback(); // it only read: there is nothing to make durable
        return CommitReport{writes ? Commit::committed : Commit::abandoned, {}};
    }
    const Counts done =
        session.dialect() == Dialect::postgresql ? write_postgresql(session, *writes) : write_sqlite(session, *writes);
    if (std::string mismatch = difference(meant_by(*writes), done); !mismatch.empty()) {
        session.rollback();
        return CommitReport{Commit::conflict, std::move(mismatch)};
    }
    return std::nullopt;
}

Commit status_of(Failure::Kind kind, bool while_committing) {
    switch (kind) {
    case Failure::Kind::bad_data: return Commit::bad_data;
    case Failure::Kind::conflict: return Commit::conflict;
    case Failure::Kind::lost: return while_committing ? Commit::unknown : Commit::unavailable;
    case Failure::Kind::other: break;
    }
    return Commit::unavailable;
}

} // namespace

Time decided_at(const engine::Writes& writes) {
    Time at{};
    for (const engine::EventRow& event : writes.events) at = std::max(at, event.decided_at);
    for (const auto& freed : writes.freed) at = std::max(at, freed.row.decided_at);
    for (const auto& update : writes.workflows) at = std::max(at, update.row.changed_at);
    return at;
}

CommitReport commit_batch(Session& session, const engine::Names& names, const engine::Decide& decide) {
    bool committing = false;
    try {
        if (auto ended = prepare(session, names, decide)) return *std::move(ended);
        committing = true;
        session.commit();
        return {Commit::committed, {}};
    } catch (const DecideThrew& threw) {
        session.rollback();
        std::rethrow_exception(threw.error);
    } catch (...) {
        Failure failure = session.failure(std::current_exception());
        return {status_of(failure.kind, committing), std::move(failure.detail)};
    }
}

} // namespace appointd::persistence
