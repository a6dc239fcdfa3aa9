#include "tests/support/engine/memory_session.hpp"

#include <algorithm>

namespace appointd::engine::testing {

namespace {

class Session final : public Store {
public:
    explicit Session(MemoryStore& store) : store_(store) {}

    CommitReport commit(const Names& names, const Decide& decide) override;
    Result<std::vector<ActivityRow>> claim(const Claim& claim) override;
    Result<std::vector<std::pair<Lane, int>>> ready_lanes(Time now) override;
    Result<std::vector<Due>> due(Time now, int limit) override;
    Result<std::vector<EventRow>> expired(Time now, int limit) override;
    Result<std::vector<std::string>> heartbeat(const Uuid& node, Time now, Time alive_after,
                                               const std::string& versions) override;
    Result<std::optional<Time>> server_time() override { return std::optional<Time>(); }
    Result<int> purge_closed(Time before, int limit) override;
    Result<std::vector<Fingerprint>> register_definitions(const std::vector<Fingerprint>& mine) override;
    Result<std::vector<std::pair<std::string, int>>> live_versions() override;

private:
    MemoryStore& store_;
};

CommitReport Session::commit(const Names& names, const Decide& decide) {
    return store_.with([&](MemoryRows& rows) -> CommitReport {
        const auto writes = decide(rows.look(names));
        if (!writes) return {Commit::abandoned, "nothing to write"};
        const Time now = writes->events.empty() ? Time{} : writes->events.front().decided_at;
        const std::string differs = rows.write(*writes, now);
        if (!differs.empty()) return {Commit::conflict, "counts differ: " + differs};
        return {Commit::committed, ""};
    });
}

Result<std::vector<ActivityRow>> Session::claim(const Claim& claim) {
    return store_.with([&](MemoryRows& rows) {
        std::vector<ActivityRow*> ready;
        const auto knows = [&](const ActivityRow& row) {
            const auto workflow = rows.workflows.find(row.id.workflow);
            if (workflow == rows.workflows.end()) return false;
            const std::string version = workflow->second.kind + "/" + std::to_string(workflow->second.version);
            return (" " + claim.versions + " ").find(" " + version + " ") != std::string::npos;
        };
        for (auto& [id, row] : rows.activities)
            if (row.state == ActivityState::open && row.lane == claim.lane && row.ready_at <= claim.now && knows(row))
                ready.push_back(&row);
        std::stable_sort(ready.begin(), ready.end(), [](const ActivityRow* left, const ActivityRow* right) {
            return std::tie(left->priority, left->ready_at) < std::tie(right->priority, right->ready_at);
        });
        std::vector<ActivityRow> claimed;
        for (ActivityRow* row : ready) {
            if (claimed.size() >= static_cast<std::size_t>(std::max(claim.room, 0))) break;
            row->epoch += 1;
            row->ready_at = claim.until;
            if (!row->first_sent_at) row->first_sent_at = claim.now;
            claimed.push_back(*row);
        }
        return claimed;
    });
}

Result<std::vector<std::pair<Lane, int>>> Session::ready_lanes(Time now) {
    return store_.with([&](MemoryRows& rows) {
        std::map<Lane, int> lanes;
        for (const auto& [id, row] : rows.activities)
            if (row.state == ActivityState::open && row.ready_at <= now) lanes[row.lane] += 1;
        return std::vector<std::pair<Lane, int>>(lanes.begin(), lanes.end());
    });
}

Result<std::vector<Due>> Session::due(Time now, int limit) {
    return store_.with([&](MemoryRows& rows) {
        std::vector<Due> due;
        for (const auto& [id, row] : rows.workflows)
            if (row.wake_at && *row.wake_at <= now) due.push_back({id, *row.wake_at});
        std::sort(due.begin(), due.end(), [](const Due& left, const Due& right) { return left.wake_at < right.wake_at; });
        if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
        return due;
    });
}

Result<std::vector<EventRow>> Session::expired(Time now, int limit) {
    return store_.with([&](MemoryRows& rows) {
        std::vector<EventRow> expired;
        for (const auto& [id, row] : rows.events)
            if (row.disposition == Disposition::deferred && row.expires_at <= now &&
                expired.size() < static_cast<std::size_t>(limit))
                expired.push_back(row);
        return expired;
    });
}

Result<std::vector<std::string>> Session::heartbeat(const Uuid& node, Time now, Time alive_after, const std::string& versions) {
    return store_.with([&](MemoryRows& rows) {
        rows.nodes[node] = {now, versions};
        std::vector<std::string> alive;
        for (const auto& [id, beat] : rows.nodes)
            if (beat.seen >= alive_after) alive.push_back(beat.versions);
        return alive;
    });
}

Result<int> Session::purge_closed(Time before, int limit) {
    return store_.with([&](MemoryRows& rows) {
        int purged = 0;
        for (auto row = rows.workflows.begin(); row != rows.workflows.end() && purged < limit;) {
            const WorkflowId id = row->first;
            if (!row->second.closed_at || *row->second.closed_at >= before) {
                ++row;
                continue;
            }
            rows.forget(id);
            row = rows.workflows.erase(row);
            purged += 1;
        }
        return purged;
    });
}

Result<std::vector<Store::Fingerprint>> Session::register_definitions(const std::vector<Fingerprint>& mine) {
    return store_.with([&](MemoryRows& rows) {
        for (const Fingerprint& one : mine) rows.definitions.try_emplace({one.kind, one.version}, one.fingerprint);
        std::vector<Fingerprint> all;
        for (const auto& [name, fingerprint] : rows.definitions) all.push_back({name.first, name.second, fingerprint});
        return all;
    });
}

Result<std::vector<std::pair<std::string, int>>> Session::live_versions() {
    return store_.with([&](MemoryRows& rows) {
        std::set<std::pair<std::string, int>> live;
        for (const auto& [id, row] : rows.workflows)
            if (!row.closed_at) live.emplace(row.kind, row.version);
        return std::vector<std::pair<std::string, int>>(live.begin(), live.end());
    });
}

} // namespace

std::unique_ptr<Store> make_session(MemoryStore& store) { return std::make_unique<Session>(store); }

} // namespace appointd::engine::testing
