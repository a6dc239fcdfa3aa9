#include "engine/runtime/deliberation.hpp"

#include "engine/core/address.hpp"

#include <algorithm>
#include <exception>

namespace appointd::engine {

Deliberation::Deliberation(const Definitions& definitions, const Rules& rules, std::function<bool(const Lane&)> reserve,
                           const Names& names, Look look, Time now, BatchId batch)
    : definitions_(definitions), rules_(rules), reserve_(std::move(reserve)), names_(names), now_(now), batch_(batch) {
    for (WorkflowRow& row : look.workflows) {
        Live live{.row = std::move(row), .timers = {}, .was = 0, .changed = false};
        live.timers = parse_timers(live.row.timers);
        live.was = live.row.revision;
        live_.emplace(live.row.id, std::move(live));
    }
    for (const Look::Key& key : look.keys) keys_[key.key] = Key{key.workflow, true, false};
    for (Look::Seen& seen : look.seen) seen_.emplace(seen.id, std::move(seen));
    for (Look::Activity& activity : look.activities) activities_.emplace(activity.id, std::move(activity));
    std::sort(look.waiting.begin(), look.waiting.end(), [](const EventRow& left, const EventRow& right) {
        return std::tie(left.occurred_at, left.id) < std::tie(right.occurred_at, right.id);
    });
    for (EventRow& row : look.waiting) {
        if (std::any_of(parked_.begin(), parked_.end(), [&](const Parked& other) { return other.waiting.event.id == row.id; }))
            continue;
        Case waiting{.event = {row.id, row.source, row.type, row.occurred_at, row.payload, row.raw},
                     .address = row.address.empty() ? Address{} : parse_address(row.address),
                     .received_at = row.received_at,
                     .stored = std::nullopt};
        waiting.stored = std::move(row);
        parked_.push_back({std::move(waiting), std::nullopt, false});
    }
}

Plan Deliberation::decide(std::span<const Work> works) {
    plan_.answers.reserve(works.size());
    for (const Work& work : works) {
        plan_.answers.push_back(handle(work));
        wake();
    }
    finish();
    return std::move(plan_);
}

Deliberation::Key& Deliberation::key(const CorrelationKey& key) {
    if (!names_.keys.contains(key)) plan_.missing.keys.insert(key);
    return keys_[key];
}

Deliberation::Live* Deliberation::resolve(const Address& address) {
    const auto known = [this](const WorkflowId& id) -> Live* {
        if (!names_.workflows.contains(id) && !live_.contains(id)) plan_.missing.workflows.insert(id);
        const auto found = live_.find(id);
        return found == live_.end() ? nullptr : &found->second;
    };
    const auto owner = [&](const CorrelationKey& name) -> Live* {
        const Key& entry = key(name);
        if (!entry.owner) return nullptr;
        if (Live* live = known(*entry.owner)) return live;
        plan_.missing.workflows.insert(*entry.owner); // bound between the lock and the look
        return nullptr;
    };
    for (const Target& target : address.targets) {
        Live* live = std::holds_alternative<WorkflowId>(target) ? known(std::get<WorkflowId>(target))
                                                                : owner(std::get<CorrelationKey>(target));
        if (live) return live;
    }
    return address.unclaimed == Unclaimed::wait ? owner(address.waits_for) : nullptr;
}

Answer Deliberation::settle(Case&& subject) {
    if (Live* live = resolve(subject.address)) return decide(std::move(subject), *live);
    switch (subject.address.unclaimed) {
    case Unclaimed::start: return start(std::move(subject), "");
    case Unclaimed::wait: {
        const CorrelationKey name = subject.address.waits_for;
        return wait(std::move(subject), name, "nobody claims it yet");
    }
    case Unclaimed::ignore: break;
    }
    std::string reason = subject.address.reason;
    return leave(std::move(subject), nullptr, std::move(reason));
}

Answer Deliberation::start(Case&& subject, std::string_view reason) {
    const Definition* definition = definitions_.newest(subject.address.kind);
    if (!definition) return bury(std::move(subject), std::nullopt, "no definition of kind " + subject.address.kind);
    const WorkflowId id = subject.address.fresh;
    if (id == WorkflowId{} || live_.contains(id)) return leave(std::move(subject), nullptr, std::string(reason));
    Decision decision = Ignored{};
    try {
        decision = definition->transition(nullptr, Input{subject.event, now_, id, 1});
    } catch (const std::exception& error) {
        return bury(std::move(subject), std::nullopt, error.what());
    }
    if (auto* applied = std::get_if<Applied>(&decision)) {
        Live& live = live_[id];
        live.row.id = id;
        live.row.kind = definition->kind;
        live.row.version = definition->version;
        live.row.created_at = now_;
        return apply(std::move(subject), live, *definition, std::move(*applied));
    }
    if (auto* deferred = std::get_if<Deferred>(&decision)) {
        const CorrelationKey name = deferred->waits_for.get().empty() ? subject.address.waits_for : deferred->waits_for;
        if (name.get().empty()) return bury(std::move(subject), std::nullopt, "deferred without a key to wait for");
        return wait(std::move(subject), name, deferred->reason);
    }
    if (auto* refused = std::get_if<Refused>(&decision)) {
        Answer refusal = answer(subject, nullptr, Disposition::ignored, refused->reason);
        refusal.kind = Answer::Kind::refused;
        return refusal;
    }
    const auto* ignored = std::get_if<Ignored>(&decision);
    return leave(std::move(subject), nullptr, ignored ? ignored->reason : std::string(reason));
}

/// Parks an event that has no workflow under a key.
Answer Deliberation::wait(Case&& subject, const CorrelationKey& name, std::string_view reason) {
    Key& entry = key(name);
    if (!entry.owner && !entry.written) {
        plan_.writes.keys.push_back({name, std::nullopt});
        entry.written = true;
    }
    EventRow row = row_of(subject, Disposition::deferred, std::string(reason));
    row.waits_for = name;
    Answer result = answer(subject, nullptr, Disposition::deferred, std::string(reason));
    const bool fresh = !subject.stored;
    record(subject, row);
    if (fresh) {
        Parked parked{.waiting = std::move(subject), .inserted = plan_.writes.events.size() - 1, .settled = false};
        parked.waiting.stored = std::move(row);
        parked_.push_back(std::move(parked));
    }
    return result;
}

Answer Deliberation::decide(Case&& subject, Live& live) {
    const Definition* definition = definitions_.find(live.row.kind, live.row.version);
    if (!definition)
        return park(std::move(subject), live,
                    Deferred{{}, "this node does not know version " + std::to_string(live.row.version)});
    const Workflow workflow{live.row.id,    live.row.owner,    live.row.kind, live.row.version,
                            live.row.state, live.row.revision, live.row.data, live.timers};
    Decision decision = Ignored{};
    try {
        decision = definition->transition(&workflow, Input{subject.event, now_, live.row.id, live.row.revision + 1});
    } catch (const std::exception& error) {
        return bury(std::move(subject), live.row.id, error.what());
    }
    if (auto* applied = std::get_if<Applied>(&decision)) return apply(std::move(subject), live, *definition, std::move(*applied));
    if (auto* ignored = std::get_if<Ignored>(&decision)) return leave(std::move(subject), &live, std::move(ignored->reason));
    if (auto* refused = std::get_if<Refused>(&decision)) {
        Answer refusal = answer(subject, &live, Disposition::ignored, std::move(refused->reason));
        refusal.kind = Answer::Kind::refused;
        return refusal;
    }
    if (auto* elsewhere = std::get_if<Elsewhere>(&decision)) {
        if (subject.address.kind.empty()) subject.address.kind = live.row.kind;
        return start(std::move(subject), elsewhere->reason);
    }
    auto& deferred = std::get<Deferred>(decision);
    // A timer is gone once it rang: it cannot wait.
    if (subject.event.source == "timer") return leave(std::move(subject), &live, std::move(deferred.reason));
    return park(std::move(subject), live, std::move(deferred));
}

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
    live.row.revision += 1;
    live.row.state = std::move(applied.state);
    live.row.data = std::move(applied.data);
    live.row.attention = std::move(applied.attention);
    live.row.search = std::move(applied.search);
    live.row.changed_at = now_;
    if (!applied.closed)
        live.row.closed_at.reset();
    else if (!live.row.closed_at)
        live.row.closed_at = now_;
    live.timers = std::move(applied.timers);

    EventRow row = row_of(subject, Disposition::applied, std::move(applied.note));
    row.workflow = live.row.id;
    row.seq = live.row.revision;
    row.version = definition.version;
    row.result = from + ">" + live.row.state;
    record(subject, std::move(row));
    Answer result = answer(subject, &live, Disposition::applied, "");

    request(live, applied.activities);
    bind(live, applied.binds);
    for (const ActivityId& id : applied.reopens) {
        const auto found = activities_.find(id);
        if (found != activities_.end() && found->second.state != ActivityState::open) plan_.writes.reopened.push_back({id, now_});
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
        if (plan_.missing.keys.empty() && plan_.missing.workflows.empty() && reserve_(row.lane)) {
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
    for (Raised& derived : raised) {
        const std::string name = to_string(id) + "." + std::to_string(live.row.revision);
        Case subject;
        subject.event = Event{make_event_id(cause.occurred_at, "derived", name),
                              "derived",
                              std::move(derived.type),
                              cause.occurred_at,
                              std::move(derived.payload),
                              ""};
        subject.address.targets.emplace_back(id);
        subject.received_at = now_;
        decide(std::move(subject), live);
    }
}

/// Looks again at what waits for the workflows that moved and the keys that were bound, until nothing moves any more.
void Deliberation::wake() {
    while (!moved_.empty()) {
        const auto [id, bound] = std::move(moved_.back());
        moved_.pop_back();
        const auto live = live_.find(id);
        if (live == live_.end()) continue;
        for (std::size_t at = 0; at < parked_.size(); ++at) { // deciding may park more: no iterators
            Parked& parked = parked_[at];
            if (parked.settled || parked.waiting.stored->disposition != Disposition::deferred) continue;
            const EventRow& row = *parked.waiting.stored;
            if (row.workflow != id && !(row.waits_for && bound.contains(*row.waits_for))) continue;
            decide(Case(parked.waiting), live->second);
        }
    }
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
    const bool unchanged = subject.stored && subject.stored->workflow == row.workflow &&
                           subject.stored->waits_for == row.waits_for && subject.stored->disposition == Disposition::deferred;
    if (unchanged) return result;
    const bool fresh = !subject.stored;
    record(subject, row);
    if (fresh) {
        Parked parked{.waiting = std::move(subject), .inserted = plan_.writes.events.size() - 1, .settled = false};
        parked.waiting.stored = std::move(row);
        parked_.push_back(std::move(parked));
    }
    return result;
}

Answer Deliberation::bury(Case&& subject, std::optional<WorkflowId> workflow, std::string reason) {
    EventRow row = row_of(subject, Disposition::dead, reason);
    row.workflow = workflow;
    record(subject, std::move(row));
    Answer result = answer(subject, nullptr, Disposition::dead, std::move(reason));
    result.workflow = workflow;
    return result;
}

/// Ignored: with a history number where it was decided against a workflow.
Answer Deliberation::leave(Case&& subject, Live* live, std::string reason) {
    EventRow row = row_of(subject, Disposition::ignored, reason);
    if (live) {
        live->changed = true;
        live->row.revision += 1;
        live->row.changed_at = now_;
        row.workflow = live->row.id;
        row.seq = live->row.revision;
        row.version = live->row.version;
    }
    record(subject, std::move(row));
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
void Deliberation::record(Case& subject, EventRow row) {
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
    (void)subject;
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

void Deliberation::finish() {
    for (auto& [id, live] : live_) {
        if (!live.changed) continue;
        live.row.timers = encode_timers(live.timers);
        live.row.wake_at = earliest(live.timers);
        plan_.writes.workflows.push_back({std::move(live.row), live.was});
    }
}

} // namespace appointd::engine
