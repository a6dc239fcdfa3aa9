#include "tests/support/engine/memory_rows.hpp"

namespace appointd::engine::testing {

namespace {

/// Changes an entry of a map and remembers how to put it back.
template <class Undo, class Map> typename Map::mapped_type& touch(Undo& undo, Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    if (found == map.end())
        undo.push_back([&map, key] { map.erase(key); });
    else
        undo.push_back([&map, key, before = found->second] { map[key] = before; });
    return map[key];
}

template <class Undo, class Set> void put(Undo& undo, Set& set, const typename Set::key_type& value, bool present) {
    if (set.contains(value) == present) return;
    if (present)
        set.insert(value);
    else
        set.erase(value);
    undo.push_back([&set, value, present] {
        if (present)
            set.erase(value);
        else
            set.insert(value);
    });
}

} // namespace

Look MemoryRows::look(const Names& names) const {
    Look look;
    std::set<WorkflowId> wanted = names.workflows;
    for (const CorrelationKey& name : names.keys) {
        const auto key = keys.find(name);
        if (key == keys.end()) continue;
        look.keys.push_back({name, key->second.workflow});
        if (key->second.workflow) wanted.insert(*key->second.workflow);
    }
    for (const WorkflowId& id : wanted)
        if (const auto row = workflows.find(id); row != workflows.end()) look.workflows.push_back(row->second);
    std::set<EventId> waiting;
    for (const EventId& id : names.events) {
        const auto row = events.find(id);
        if (row == events.end()) continue;
        look.seen.push_back({id, row->second.workflow, row->second.disposition, row->second.batch});
        if (row->second.disposition == Disposition::deferred || row->second.disposition == Disposition::dead) waiting.insert(id);
    }
    for (const EventId& id : deferred_) {
        const EventRow& row = events.at(id);
        if ((row.workflow && wanted.contains(*row.workflow)) || (row.waits_for && names.keys.contains(*row.waits_for)))
            waiting.insert(id);
    }
    for (const EventId& id : waiting) look.waiting.push_back(events.at(id));
    for (const ActivityId& id : names.activities) {
        const auto row = activities.find(id);
        if (row == activities.end()) continue;
        const ActivityRow& activity = row->second;
        look.activities.push_back({activity.id, activity.state, activity.round, activity.generation, activity.epoch,
                                   activity.tries, activity.kind, activity.outcome, activity.request, activity.created_at});
    }
    return look;
}

std::string MemoryRows::write(const Writes& writes, Time now) {
    Undo undo;
    std::string differs;
    if (!write_events(writes, undo))
        differs = "events";
    else if (!write_workflows(writes, undo))
        differs = "workflows";
    else if (!write_activities(writes, undo))
        differs = "activities";
    else if (!write_keys(writes, now, undo))
        differs = "keys";
    if (!differs.empty())
        for (auto step = undo.rbegin(); step != undo.rend(); ++step) (*step)();
    return differs;
}

void MemoryRows::forget(WorkflowId id) {
    std::erase_if(events, [&](const auto& entry) {
        const bool gone = entry.second.workflow == id && entry.second.disposition != Disposition::dead;
        if (gone) deferred_.erase(entry.first);
        return gone;
    });
    std::erase_if(history_, [&](const auto& entry) { return entry.first.first == id; });
    std::erase_if(activities, [&](const auto& entry) { return entry.first.workflow == id; });
    std::erase_if(keys, [&](const auto& entry) { return entry.second.workflow == id; });
}

bool MemoryRows::write_events(const Writes& writes, Undo& undo) {
    const auto keep = [&](const EventRow& row) {
        touch(undo, events, row.id) = row;
        put(undo, deferred_, row.id, row.disposition == Disposition::deferred);
        if (!row.seq) return true;
        const std::pair place{row.workflow.value_or(WorkflowId{}), *row.seq};
        if (history_.contains(place)) return false;
        touch(undo, history_, place) = row.id;
        return true;
    };
    for (const EventRow& row : writes.events)
        if (events.contains(row.id) || !keep(row)) return false;
    for (const Writes::Freed& freed : writes.freed) {
        const auto found = events.find(freed.row.id);
        if (found == events.end() || found->second.disposition != freed.was) return false;
        EventRow row = found->second;
        row.workflow = freed.row.workflow;
        row.seq = freed.row.seq;
        row.waits_for = freed.row.waits_for;
        row.disposition = freed.row.disposition;
        row.reason = freed.row.reason;
        row.result = freed.row.result;
        row.decided_at = freed.row.decided_at;
        row.version = freed.row.version;
        row.batch = freed.row.batch;
        row.address = freed.row.address;
        row.expires_at = freed.row.expires_at;
        if (!keep(row)) return false;
    }
    return true;
}

bool MemoryRows::write_workflows(const Writes& writes, Undo& undo) {
    for (const Writes::Update& update : writes.workflows) {
        const auto found = workflows.find(update.row.id);
        if ((found == workflows.end()) != (update.was == 0)) return false;
        if (update.was > 0 && found->second.revision != update.was) return false;
        touch(undo, workflows, update.row.id) = update.row;
    }
    return true;
}

bool MemoryRows::write_activities(const Writes& writes, Undo& undo) {
    for (const ActivityRow& row : writes.activities) {
        if (activities.contains(row.id)) return false;
        touch(undo, activities, row.id) = row;
    }
    for (const Writes::Attempted& attempted : writes.attempted) {
        const auto found = activities.find(attempted.id);
        if (found == activities.end() || found->second.state != ActivityState::open || found->second.epoch != attempted.epoch)
            return false;
        ActivityRow& row = touch(undo, activities, attempted.id);
        row.state = attempted.state;
        row.tries = attempted.tries;
        row.generation = attempted.generation;
        row.ready_at = attempted.ready_at;
        if (attempted.clear_first_sent) row.first_sent_at.reset();
        row.outcome = attempted.outcome;
        row.last_error = attempted.last_error;
    }
    for (const ActivityId& id : writes.skipped) {
        const auto found = activities.find(id);
        if (found == activities.end() || found->second.state != ActivityState::open) return false;
        touch(undo, activities, id).state = ActivityState::skipped;
    }
    for (const Writes::Reopened& reopened : writes.reopened) {
        const auto found = activities.find(reopened.id);
        if (found == activities.end() || found->second.state == ActivityState::open) return false;
        ActivityRow& row = touch(undo, activities, reopened.id);
        row.state = ActivityState::open;
        row.round += 1;
        row.tries = 0;
        row.ready_at = reopened.ready_at;
        row.outcome.clear();
    }
    return true;
}

bool MemoryRows::write_keys(const Writes& writes, Time now, Undo& undo) {
    for (const Look::Key& wanted : writes.keys) {
        const auto found = keys.find(wanted.key);
        if (found != keys.end() && found->second.workflow != wanted.workflow)
            return false; // unowned meets unowned, own meets own
        Key& row = touch(undo, keys, wanted.key);
        if (found == keys.end()) row = Key{wanted.workflow, now};
    }
    for (const Look::Key& wanted : writes.binds) {
        const auto found = keys.find(wanted.key);
        if (found == keys.end() || found->second.workflow) return false;
        touch(undo, keys, wanted.key).workflow = wanted.workflow;
    }
    return true;
}

} // namespace appointd::engine::testing
