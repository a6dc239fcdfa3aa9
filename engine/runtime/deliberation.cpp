#include "engine/runtime/deliberation.hpp"

#include "engine/runtime/advance.hpp"

#include <algorithm>
#include <exception>

namespace appointd::engine {

Deliberation::Deliberation(const Definitions& definitions, const Rules& rules, Asks asks, const Names& names, Look look, Time now,
                           BatchId batch)
    : definitions_(definitions), rules_(rules), asks_(std::move(asks)), names_(names), now_(now), batch_(batch) {
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
                     .address = address_of(row),
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
    for (Answer& answer : plan_.answers) correct(answer);
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
    const Definition* definition = asks_.to_start(subject.address.kind);
    if (!definition) return bury(std::move(subject), std::nullopt, "no definition of kind " + subject.address.kind);
    const WorkflowId id = subject.address.fresh;
    if (id == WorkflowId{} || live_.contains(id))
        return leave(std::move(subject), nullptr, reason.empty() ? "the id of its workflow is taken" : std::string(reason));
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
    if (auto* refused = std::get_if<Refused>(&decision)) return refuse(std::move(subject), nullptr, std::move(refused->reason));
    const auto* ignored = std::get_if<Ignored>(&decision);
    return leave(std::move(subject), nullptr, ignored ? ignored->reason : std::string(reason));
}

/// Parks an event that has no workflow under a key.
Answer Deliberation::wait(Case&& subject, const CorrelationKey& name, std::string_view reason) {
    Key& entry = key(name);
    if (entry.owner) { // bound before it was waited for: there is nothing to wait for
        if (const auto live = live_.find(*entry.owner); live != live_.end()) return decide(std::move(subject), live->second);
        plan_.missing.workflows.insert(*entry.owner);
    } else if (!entry.written) {
        plan_.writes.keys.push_back({name, std::nullopt});
        entry.written = true;
    }
    EventRow row = row_of(subject, Disposition::deferred, std::string(reason));
    row.waits_for = name;
    Answer result = answer(subject, nullptr, Disposition::deferred, std::string(reason));
    keep_waiting(std::move(subject), std::move(row));
    return result;
}

Answer Deliberation::decide(Case&& subject, Live& live) {
    const Definition* definition = definitions_.find(live.row.kind, live.row.version);
    if (!definition) return set_aside(std::move(subject), live);
    const Workflow workflow = seen(live.row, live.timers);
    Decision decision = Ignored{};
    try {
        decision = definition->transition(&workflow, Input{subject.event, now_, live.row.id, live.row.revision + 1});
    } catch (const std::exception& error) {
        return bury(std::move(subject), live.row.id, error.what());
    }
    if (auto* applied = std::get_if<Applied>(&decision)) return apply(std::move(subject), live, *definition, std::move(*applied));
    if (auto* ignored = std::get_if<Ignored>(&decision)) return leave(std::move(subject), &live, std::move(ignored->reason));
    if (auto* refused = std::get_if<Refused>(&decision)) return refuse(std::move(subject), &live, std::move(refused->reason));
    if (auto* elsewhere = std::get_if<Elsewhere>(&decision)) {
        if (subject.address.kind.empty()) subject.address.kind = live.row.kind;
        return start(std::move(subject), elsewhere->reason);
    }
    auto& deferred = std::get<Deferred>(decision);
    // A timer is gone once it rang: it cannot wait.
    if (subject.event.source == "timer") return leave(std::move(subject), &live, std::move(deferred.reason));
    return park(std::move(subject), live, std::move(deferred));
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

} // namespace appointd::engine
