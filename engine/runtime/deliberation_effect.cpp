#include "engine/runtime/deliberation.hpp"

#include "engine/core/address.hpp"
#include "engine/runtime/advance.hpp"

#include <algorithm>

/// What a decision leads to: rows to write, the answer, and who hears of it.
namespace appointd::engine {

Answer Deliberation::apply(Case&& subject, Live& live, const Definition& definition, Applied&& applied) {
    for (const CorrelationKey& name : applied.binds) {
        const Key& entry = key(name);
        if (!entry.owner || *entry.owner == live.row.id) continue;
        const bool began = live.row.revision == 0;
        const WorkflowId id = live.row.id;
        if (began) live_.erase(id);
        return bury(std::move(subject), began ? std::nullopt : std::optional(id),
                    "key_taken: " + name.get() + " belongs to another workflow");
    }
    for (const ActivityId& id : applied.reopens)
        if (!names_.activities.contains(id)) plan_.missing.activities.insert(id);
    for (const ActivityId& id : applied.skips)
        if (!names_.activities.contains(id)) plan_.missing.activities.insert(id);

    const std::string from = live.row.state;
    live.changed = true;
    advance(live.row, live.timers, applied, now_);

    EventRow row = row_of(subject, Disposition::applied, std::move(applied.note));
    row.workflow = live.row.id;
    row.seq = live.row.revision;
    row.version = definition.version;
    row.result = from + ">" + live.row.state;
    record(std::move(row));
    Answer result = answer(subject, &live, Disposition::applied, "");

    request(live, applied.activities);
    bind(live, applied.binds);
    for (const ActivityId& id : applied.reopens) {
        const auto found = activities_.find(id);
        if (found == activities_.end() || found->second.state == ActivityState::open) continue;
        plan_.writes.reopened.push_back({id, now_});
        found->second.state = ActivityState::open; // for what follows in this batch
        found->second.round += 1;
        reopened_.insert(id);
    }
    moved_.emplace_back(live.row.id, std::set<CorrelationKey>(applied.binds.begin(), applied.binds.end()));
    raise(live, subject.event, applied.raised);
    for (const ActivityId& id : applied.skips) close_skipped(id);
    result.state = live.row.state;
    return result;
}

void Deliberation::request(Live& live, std::vector<ActivityRequest>& requests) {
    int n = 0;
    for (ActivityRequest& wanted : requests) {
        ActivityRow row;
        row.id = ActivityId{live.row.id, live.row.revision, n++};
        row.lane = std::move(wanted.lane);
        row.priority = wanted.priority;
        row.kind = std::move(wanted.kind);
        row.request = std::move(wanted.request);
        row.created_at = now_;
        row.ready_at = now_;
        if (plan_.missing.keys.empty() && plan_.missing.workflows.empty() && asks_.reserve(row.lane)) {
            row.epoch = 1;
            row.ready_at = now_ + rules_.lease;
            row.first_sent_at = now_;
            plan_.born.push_back(row);
        } else {
            plan_.backlog.push_back(row.lane);
        }
        plan_.writes.activities.push_back(std::move(row));
    }
}

void Deliberation::bind(Live& live, const std::vector<CorrelationKey>& names) {
    for (const CorrelationKey& name : names) {
        Key& entry = key(name);
        if (entry.owner) continue;
        entry.owner = live.row.id;
        if (entry.stored) {
            plan_.writes.binds.push_back({name, live.row.id});
        } else if (entry.written) { // parked and bound in one batch
            for (Look::Key& written : plan_.writes.keys)
                if (written.key == name) written.workflow = live.row.id;
        } else {
            plan_.writes.keys.push_back({name, live.row.id});
            entry.written = true;
        }
    }
}

void Deliberation::raise(Live& live, const Event& cause, std::vector<Raised>& raised) {
    const WorkflowId id = live.row.id;
    const int seq = live.row.revision;
    int n = 0;
    depth_ += 1;
    for (Raised& derived : raised) {
        Case subject;
        subject.event = Event{derived_id(id, seq, n++, cause.occurred_at),
                              "derived",
                              std::move(derived.type),
                              cause.occurred_at,
                              std::move(derived.payload),
                              ""};
        subject.address.targets.emplace_back(id);
        subject.received_at = now_;
        if (depth_ > limits::derivations)
            bury(std::move(subject), id, "derived from too many derived events");
        else
            decide(std::move(subject), live);
    }
    depth_ -= 1;
}

Answer Deliberation::park(Case&& subject, Live& live, Deferred&& deferred) {
    EventRow row = row_of(subject, Disposition::deferred, deferred.reason);
    row.workflow = live.row.id;
    if (!deferred.waits_for.get().empty()) {
        Key& entry = key(deferred.waits_for);
        if (!entry.owner) {
            row.waits_for = deferred.waits_for;
            if (!entry.written && !entry.stored) {
                plan_.writes.keys.push_back({deferred.waits_for, std::nullopt});
                entry.written = true;
            }
        }
    }
    Answer result = answer(subject, &live, Disposition::deferred, std::move(deferred.reason));
    keep_waiting(std::move(subject), std::move(row));
    return result;
}

/// This node cannot decide it. Nobody may ever move the workflow, so it is looked at again soon, by whichever node gets to it.
Answer Deliberation::set_aside(Case&& subject, Live& live) {
    std::string reason = "this node does not know version " + std::to_string(live.row.version);
    EventRow row = row_of(subject, Disposition::deferred, reason);
    row.workflow = live.row.id;
    row.expires_at = std::min(row.expires_at, now_ + rules_.lease);
    Answer result = answer(subject, &live, Disposition::deferred, std::move(reason));
    keep_waiting(std::move(subject), std::move(row));
    return result;
}

/// Writes a deferred event's row, unless it is stored like that already.
void Deliberation::keep_waiting(Case&& subject, EventRow row) {
    const auto& stored = subject.stored;
    const bool unchanged = stored && stored->disposition == Disposition::deferred && stored->workflow == row.workflow &&
                           stored->waits_for == row.waits_for && stored->expires_at == row.expires_at;
    if (unchanged) return;
    const bool fresh = !stored;
    record(row);
    if (!fresh) return;
    Parked parked{.waiting = std::move(subject), .inserted = plan_.writes.events.size() - 1, .settled = false};
    parked.waiting.stored = std::move(row);
    parked_.push_back(std::move(parked));
}

/// A refusal is an answer to whoever asked. Where nobody listens (a webhook, a timer, something that waited) it is history.
Answer Deliberation::refuse(Case&& subject, Live* live, std::string reason) {
    const bool waited = subject.stored && subject.stored->disposition == Disposition::deferred;
    const bool asked = subject.event.source == "operator" || subject.event.source == "api" || subject.stored;
    if (waited || !asked) return leave(std::move(subject), live, std::move(reason));
    Answer refusal = answer(subject, live, Disposition::ignored, std::move(reason));
    refusal.kind = Answer::Kind::refused;
    return refusal;
}

Answer Deliberation::bury(Case&& subject, std::optional<WorkflowId> workflow, std::string reason) {
    EventRow row = row_of(subject, Disposition::dead, reason);
    row.workflow = workflow;
    record(std::move(row));
    Answer result = answer(subject, nullptr, Disposition::dead, std::move(reason));
    result.workflow = workflow;
    return result;
}

/// Ignored: with a history number where it was decided against a workflow.
Answer Deliberation::leave(Case&& subject, Live* live, std::string reason) {
    EventRow row = row_of(subject, Disposition::ignored, reason);
    if (live) {
        live->changed = true;
        pass_over(live->row, now_);
        row.workflow = live->row.id;
        row.seq = live->row.revision;
        row.version = live->row.version;
    }
    record(std::move(row));
    return answer(subject, live, Disposition::ignored, std::move(reason));
}

EventRow Deliberation::row_of(const Case& subject, Disposition disposition, std::string reason) const {
    EventRow row;
    row.id = subject.event.id;
    row.source = subject.event.source;
    row.type = subject.event.type;
    row.occurred_at = subject.event.occurred_at;
    row.received_at = subject.received_at;
    row.decided_at = now_;
    row.batch = batch_;
    row.disposition = disposition;
    row.reason = std::move(reason);
    row.payload = subject.event.payload;
    row.raw = subject.event.raw;
    if (disposition == Disposition::deferred || disposition == Disposition::dead) row.address = encode_address(subject.address);
    if (disposition == Disposition::deferred) row.expires_at = subject.received_at + rules_.deferred_ttl;
    return row;
}

/// Inserts the row, changes the one this very batch inserted, or frees the one that is stored.
void Deliberation::record(EventRow row) {
    const auto live = row.workflow ? live_.find(*row.workflow) : live_.end();
    const auto arrow = row.result.find('>');
    plan_.verdicts.push_back({.workflow = row.workflow.value_or(WorkflowId{}),
                              .event = row.id,
                              .kind = live == live_.end() ? "" : live->second.row.kind,
                              .from = arrow == std::string::npos ? "" : row.result.substr(0, arrow),
                              .to = arrow == std::string::npos ? "" : row.result.substr(arrow + 1),
                              .type = row.type,
                              .source = row.source,
                              .reason = row.reason,
                              .disposition = row.disposition,
                              .seq = row.seq.value_or(0)});
    const auto parked =
        std::find_if(parked_.begin(), parked_.end(), [&](const Parked& other) { return other.waiting.event.id == row.id; });
    if (parked == parked_.end()) {
        plan_.writes.events.push_back(std::move(row));
        return;
    }
    const Disposition was = parked->waiting.stored->disposition;
    parked->settled = row.disposition != Disposition::deferred;
    parked->waiting.stored = row;
    if (parked->inserted) {
        plan_.writes.events[*parked->inserted] = std::move(row);
        return;
    }
    auto& freed = plan_.writes.freed;
    const auto again =
        std::find_if(freed.begin(), freed.end(), [&](const Writes::Freed& other) { return other.row.id == row.id; });
    if (again != freed.end())
        again->row = std::move(row);
    else
        freed.push_back({std::move(row), was});
}

Answer Deliberation::answer(const Case& subject, const Live* live, Disposition disposition, std::string reason) const {
    Answer result;
    result.kind = Answer::Kind::decided;
    result.disposition = disposition;
    if (live) {
        result.workflow = live->row.id;
        result.state = live->row.state;
    }
    result.reason = std::move(reason);
    result.event = subject.event.id;
    return result;
}

/// What was parked may have been decided before its batch was over: the answer is what stands after the commit.
void Deliberation::correct(Answer& answer) const {
    if (answer.kind != Answer::Kind::decided || answer.disposition != Disposition::deferred) return;
    const auto parked =
        std::find_if(parked_.begin(), parked_.end(), [&](const Parked& other) { return other.waiting.event.id == answer.event; });
    if (parked == parked_.end() || parked->waiting.stored->disposition == Disposition::deferred) return;
    const EventRow& row = *parked->waiting.stored;
    answer.disposition = row.disposition;
    answer.workflow = row.workflow;
    answer.reason = row.disposition == Disposition::applied ? "" : row.reason;
    const auto live = row.workflow ? live_.find(*row.workflow) : live_.end();
    answer.state = live == live_.end() ? "" : live->second.row.state;
}

void Deliberation::finish() {
    for (auto& [id, live] : live_) {
        if (!live.changed) continue;
        write_timers(live.row, live.timers);
        plan_.writes.workflows.push_back({std::move(live.row), live.was});
    }
}

} // namespace appointd::engine
