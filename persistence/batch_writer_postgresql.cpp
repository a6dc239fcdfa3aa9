#include "persistence/batch.hpp"
#include "persistence/json_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace appointd::persistence {

namespace {

using engine::Writes;

/// 1970 stands for none.
void add_expiry(JsonRows& rows, Time at) {
    if (at != Time{}) rows.field("expires_at", at);
}

void add_place(JsonRows& rows, const engine::ActivityId& id) {
    rows.field("workflow_id", id.workflow);
    rows.field("seq", id.seq);
    rows.field("n", id.n);
}

/// What a new row and a decided anew have in common.
void add_decision(JsonRows& rows, const engine::EventRow& event) {
    rows.field("id", event.id);
    rows.field("workflow_id", event.workflow);
    rows.field("seq", event.seq);
    rows.field("waits_for", event.waits_for);
    rows.field("decided_at", event.decided_at);
    rows.field("version", event.version);
    rows.field("batch", event.batch);
    rows.field("disposition", to_string(event.disposition));
    rows.filled("reason", event.reason);
    rows.filled("result", event.result);
    rows.filled("address", event.address);
    add_expiry(rows, event.expires_at);
}

struct EventRows {
    JsonRows rows;
    TextArray payloads, raws;
};

EventRows rows_of_events(const Writes& writes) {
    EventRows all;
    for (const engine::EventRow& event : writes.events) {
        all.rows.begin_row();
        all.rows.field("op", "insert");
        add_decision(all.rows, event);
        all.rows.field("source", event.source);
        all.rows.field("type", event.type);
        all.rows.field("occurred_at", event.occurred_at);
        all.rows.field("received_at", event.received_at);
        all.rows.end_row();
        all.payloads.add(event.payload);
        all.raws.add_filled(event.raw);
    }
    for (const Writes::Freed& freed : writes.freed) {
        all.rows.begin_row();
        all.rows.field("op", "free");
        all.rows.field("was", to_string(freed.was));
        add_decision(all.rows, freed.row);
        all.rows.end_row();
        all.payloads.add_null();
        all.raws.add_null();
    }
    return all;
}

struct WorkflowRows {
    JsonRows rows;
    TextArray data, timers;
};

WorkflowRows rows_of_workflows(const Writes& writes) {
    WorkflowRows all;
    JsonRows& rows = all.rows;
    for (const auto& [workflow, was] : writes.workflows) {
        rows.begin_row();
        rows.field("op", was == 0 ? "insert" : "update");
        rows.field("was", was);
        rows.field("id", workflow.id);
        rows.field("version", workflow.version);
        rows.field("state", workflow.state);
        rows.field("revision", workflow.revision);
        rows.field("wake_at", workflow.wake_at);
        rows.field("attention", workflow.attention);
        rows.field("search", workflow.search);
        rows.field("changed_at", workflow.changed_at);
        rows.field("closed_at", workflow.closed_at);
        if (was == 0) {
            rows.field("owner", workflow.owner);
            rows.field("kind", workflow.kind);
            rows.field("created_at", workflow.created_at);
        }
        rows.end_row();
        all.data.add(workflow.data);
        all.timers.add(workflow.timers);
    }
    return all;
}

struct ActivityRows {
    JsonRows rows;
    TextArray requests, outcomes;
};

void add_request(ActivityRows& all, const engine::ActivityRow& activity) {
    JsonRows& rows = all.rows;
    rows.begin_row();
    rows.field("op", "insert");
    add_place(rows, activity.id);
    rows.field("lane", activity.lane);
    rows.field("priority", activity.priority);
    rows.field("kind", activity.kind);
    rows.field("state", to_string(activity.state));
    rows.field("round", activity.round);
    rows.field("generation", activity.generation);
    rows.field("epoch", activity.epoch);
    rows.field("tries", activity.tries);
    rows.field("ready_at", activity.ready_at);
    rows.field("first_sent_at", activity.first_sent_at);
    rows.filled("last_error", activity.last_error);
    rows.field("created_at", activity.created_at);
    rows.end_row();
    all.requests.add(activity.request);
    all.outcomes.add_filled(activity.outcome);
}

void add_attempt(ActivityRows& all, const Writes::Attempted& attempted) {
    JsonRows& rows = all.rows;
    rows.begin_row();
    rows.field("op", "attempt");
    rows.field("was", "open");
    add_place(rows, attempted.id);
    rows.field("epoch", attempted.epoch);
    rows.field("state", to_string(attempted.state));
    rows.field("tries", attempted.tries);
    rows.field("generation", attempted.generation);
    rows.field("ready_at", attempted.ready_at);
    rows.field("clear_first_sent", attempted.clear_first_sent);
    rows.filled("last_error", attempted.last_error);
    rows.end_row();
    all.requests.add_null();
    all.outcomes.add_filled(attempted.outcome);
}

/// Changes that carry no text.
void add_bare(ActivityRows& all, const char* op, const engine::ActivityId& id, const auto&... fields) {
    all.rows.begin_row();
    all.rows.field("op", op);
    add_place(all.rows, id);
    (all.rows.field(fields.first, fields.second), ...);
    all.rows.end_row();
    all.requests.add_null();
    all.outcomes.add_null();
}

ActivityRows rows_of_activities(const Writes& writes) {
    ActivityRows all;
    for (const engine::ActivityRow& activity : writes.activities) add_request(all, activity);
    for (const Writes::Attempted& attempted : writes.attempted) add_attempt(all, attempted);
    for (const engine::ActivityId& id : writes.skipped) add_bare(all, "skip", id, std::pair("was", "open"));
    for (const Writes::Reopened& reopened : writes.reopened)
        add_bare(all, "reopen", reopened.id, std::pair("ready_at", reopened.ready_at));
    return all;
}

std::string json_of_keys(const Writes& writes, Time now) {
    JsonRows rows;
    const auto add = [&](const char* op, const engine::Look::Key& key) {
        rows.begin_row();
        rows.field("op", op);
        rows.field("key", key.key);
        rows.field("workflow_id", key.workflow);
        rows.field("since", now);
        rows.end_row();
    };
    for (const auto& key : writes.keys) add("key", key);
    for (const auto& key : writes.binds) add("bind", key);
    return std::move(rows).finish();
}

Counts run(Session& session, const Writes& writes) {
    EventRows events = rows_of_events(writes);
    WorkflowRows workflows = rows_of_workflows(writes);
    ActivityRows activities = rows_of_activities(writes);
    const std::string event_rows = std::move(events.rows).finish(), payloads = std::move(events.payloads).finish(),
                      raws = std::move(events.raws).finish(), workflow_rows = std::move(workflows.rows).finish(),
                      data = std::move(workflows.data).finish(), timers = std::move(workflows.timers).finish(),
                      activity_rows = std::move(activities.rows).finish(), requests = std::move(activities.requests).finish(),
                      outcomes = std::move(activities.outcomes).finish(), keys = json_of_keys(writes, decided_at(writes));
    Counts done;
    session.statement("write").each(done.rows.size(),
                                    {{"events", event_rows},
                                     {"payloads", payloads},
                                     {"raws", raws},
                                     {"workflows", workflow_rows},
                                     {"data", data},
                                     {"timers", timers},
                                     {"activities", activity_rows},
                                     {"requests", requests},
                                     {"outcomes", outcomes},
                                     {"keys", keys}},
                                    [&](Row& row) {
                                        for (std::size_t work = 0; work < done.rows.size(); ++work)
                                            done.rows[work] = row.number(work);
                                    });
    return done;
}

/// Takes out of `writes` the changes of activities that an earlier change of the same batch must precede (an outcome, then an
/// operator's skip, then another round): one statement changes a row once.
Writes take_later_changes(Writes& writes) {
    Writes later;
    std::set<engine::ActivityId> changed;
    for (const auto& attempted : writes.attempted) changed.insert(attempted.id);
    const auto move_changed = [&changed](auto& from, auto& to, const auto& id_of) {
        const auto first =
            std::stable_partition(from.begin(), from.end(), [&](const auto& row) { return changed.insert(id_of(row)).second; });
        to.assign(first, from.end());
        from.erase(first, from.end());
    };
    move_changed(writes.skipped, later.skipped, [](const engine::ActivityId& id) { return id; });
    move_changed(writes.reopened, later.reopened, [](const Writes::Reopened& reopened) { return reopened.id; });
    return later;
}

} // namespace

Counts write_postgresql(Session& session, const Writes& writes) {
    if (writes.skipped.empty() && writes.reopened.empty()) return run(session, writes);
    Counts done;
    for (Writes rest = writes; !rest.empty();) {
        Writes later = take_later_changes(rest);
        const Counts now = run(session, rest);
        for (std::size_t work = 0; work < now.rows.size(); ++work) done.rows[work] += now.rows[work];
        rest = std::move(later);
    }
    return done;
}

} // namespace appointd::persistence
