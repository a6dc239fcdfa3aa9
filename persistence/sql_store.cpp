#include "persistence/sql_store.hpp"

#include "persistence/batch.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace appointd::persistence {

namespace {

/// Rows of nodes that have been silent for so long say nothing to anybody.
constexpr Duration node_memory = std::chrono::hours(24);

} // namespace

template <class Ask> auto SqlStore::guarded(Ask ask) -> Result<decltype(ask())> {
    try {
        return ask();
    } catch (...) {
        return to_error(session_.failure(std::current_exception()));
    }
}

engine::CommitReport SqlStore::commit(const engine::Names& names, const engine::Decide& decide) {
    return commit_batch(session_, names, decide);
}

Result<std::vector<engine::ActivityRow>> SqlStore::claim(const engine::Claim& claim) {
    return guarded([&] {
        const auto turn = session_.take_turn();
        std::vector<engine::ActivityRow> claimed;
        session_.statement("claim").each(activity_columns,
                                         {{"lane", claim.lane},
                                          {"now", claim.now},
                                          {"until", claim.until},
                                          {"room", claim.room},
                                          {"versions", claim.versions}},
                                         [&](Row& row) { claimed.push_back(read_activity(row)); });
        // RETURNING keeps no order.
        std::sort(claimed.begin(), claimed.end(), [](const auto& left, const auto& right) {
            return std::tie(left.priority, left.created_at, left.id) < std::tie(right.priority, right.created_at, right.id);
        });
        return claimed;
    });
}

Result<std::vector<std::pair<engine::Lane, int>>> SqlStore::ready_lanes(Time now) {
    return guarded([&] {
        std::vector<std::pair<engine::Lane, int>> lanes;
        session_.statement("ready_lanes").each(2, {{"now", now}}, [&](Row& row) {
            lanes.emplace_back(engine::Lane{row.text(0)}, read_int(row, 1));
        });
        return lanes;
    });
}

Result<std::vector<engine::Due>> SqlStore::due(Time now, int limit) {
    return guarded([&] {
        std::vector<engine::Due> proposals;
        session_.statement("due").each(2, {{"now", now}, {"room", limit}}, [&](Row& row) {
            proposals.push_back({.workflow = engine::WorkflowId{read_uuid(row, 0)}, .wake_at = read_time(row, 1)});
        });
        return proposals;
    });
}

Result<std::vector<engine::EventRow>> SqlStore::expired(Time now, int limit) {
    return guarded([&] {
        std::vector<engine::EventRow> events;
        session_.statement("expired").each(event_columns, {{"now", now}, {"room", limit}},
                                           [&](Row& row) { events.push_back(read_event(row)); });
        return events;
    });
}

Result<std::vector<std::string>> SqlStore::heartbeat(const engine::Uuid& node, Time now, Time alive_after,
                                                     const std::string& versions) {
    return guarded([&] {
        session_.begin();
        session_.statement("heartbeat").change({{"id", node}, {"now", now}, {"versions", versions}});
        session_.statement("nodes_forget").change({{"before", alive_after - node_memory}});
        std::vector<std::string> alive;
        session_.statement("nodes_alive").each(1, {{"alive_after", alive_after}}, [&](Row& row) {
            alive.push_back(row.text(0));
        });
        session_.commit();
        return alive;
    });
}

Result<std::optional<Time>> SqlStore::server_time() {
    return guarded([&] {
        std::optional<Time> now;
        if (session_.dialect() == Dialect::postgresql)
            session_.statement("server_time").each(1, {}, [&](Row& row) { now = read_time(row, 0); });
        return now;
    });
}

/// The workflow's own row first and guarded: one that was opened again meanwhile keeps everything.
bool SqlStore::purge_workflow(engine::WorkflowId id, Time before) {
    if (session_.statement("purge_workflow").change({{"id", id}, {"before", before}}) == 0) return false;
    for (const char* statement : {"purge_history", "purge_parked", "purge_activities", "purge_keys"})
        session_.statement(statement).change({{"id", id}});
    return true;
}

Result<int> SqlStore::purge_closed(Time before, int limit) {
    return guarded([&] {
        session_.begin();
        std::vector<engine::WorkflowId> ids;
        session_.statement("closed_before").each(1, {{"before", before}, {"room", limit}}, [&](Row& row) {
            ids.emplace_back(read_uuid(row, 0));
        });
        std::sort(ids.begin(), ids.end()); // the order in which batches lock
        int purged = 0;
        for (const engine::WorkflowId id : ids) purged += purge_workflow(id, before) ? 1 : 0;
        session_.statement("purge_unowned").change({{"before", before}, {"room", limit}});
        session_.statement("purge_placeholders").change({{"before", before}, {"room", limit}});
        session_.commit();
        return purged;
    });
}

Result<std::vector<engine::Store::Fingerprint>> SqlStore::register_definitions(const std::vector<Fingerprint>& mine) {
    return guarded([&] {
        session_.begin();
        for (const Fingerprint& definition : mine)
            session_.statement("definition_remember")
                .change({{"kind", definition.kind}, {"version", definition.version}, {"fingerprint", definition.fingerprint}});
        std::vector<Fingerprint> known;
        session_.statement("definitions").each(3, {}, [&](Row& row) {
            known.push_back({.kind = row.text(0), .version = read_int(row, 1), .fingerprint = row.text(2)});
        });
        session_.commit();
        return known;
    });
}

Result<std::vector<std::pair<std::string, int>>> SqlStore::live_versions() {
    return guarded([&] {
        std::vector<std::pair<std::string, int>> versions;
        session_.statement("live_versions").each(2, {}, [&](Row& row) { versions.emplace_back(row.text(0), read_int(row, 1)); });
        return versions;
    });
}

} // namespace appointd::persistence
