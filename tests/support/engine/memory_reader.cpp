#include "tests/support/engine/memory_session.hpp"

#include <algorithm>

namespace appointd::engine::testing {

namespace {

bool fits(const WorkflowRow& row, const WorkflowFilter& filter) {
    if (!filter.state.empty() && row.state != filter.state) return false;
    if (!filter.kind.empty() && row.kind != filter.kind) return false;
    if (filter.attention && *filter.attention != row.attention.has_value()) return false;
    if (!filter.reason.empty() && ("," + row.attention.value_or("") + ",").find("," + filter.reason + ",") == std::string::npos)
        return false;
    if (filter.changed_from && row.changed_at < *filter.changed_from) return false;
    if (filter.from && row.created_at < *filter.from) return false;
    if (filter.to && row.created_at >= *filter.to) return false;
    if (filter.before && !(row.id < *filter.before)) return false;
    if (filter.least && row.id < *filter.least) return false;
    return filter.q.empty() || to_string(row.id).starts_with(filter.q) || row.search.find(filter.q) != std::string::npos;
}

class MemoryReader final : public Reader {
public:
    explicit MemoryReader(MemoryStore& store) : store_(store) {}

    Result<std::vector<WorkflowRow>> list(const WorkflowFilter& filter) override {
        return store_.with([&](MemoryRows& rows) {
            std::vector<WorkflowRow> page;
            for (auto row = rows.workflows.rbegin(); row != rows.workflows.rend(); ++row)
                if (page.size() < static_cast<std::size_t>(filter.limit) && fits(row->second, filter))
                    page.push_back(row->second);
            return page;
        });
    }
    Result<std::optional<WorkflowRow>> workflow(WorkflowId id) override {
        return store_.with([&](MemoryRows& rows) {
            const auto found = rows.workflows.find(id);
            return found == rows.workflows.end() ? std::optional<WorkflowRow>() : std::optional(found->second);
        });
    }
    Result<std::optional<WorkflowId>> owner_of(const CorrelationKey& key) override {
        return store_.with([&](MemoryRows& rows) {
            const auto found = rows.keys.find(key);
            return found == rows.keys.end() ? std::optional<WorkflowId>() : found->second.workflow;
        });
    }
    Result<std::vector<ActivityRow>> activities(WorkflowId id) override {
        return store_.with([&](MemoryRows& rows) {
            std::vector<ActivityRow> found;
            for (const auto& [name, row] : rows.activities)
                if (name.workflow == id) found.push_back(row);
            return found;
        });
    }
    Result<std::vector<EventRow>> history(WorkflowId id, int after, int limit) override {
        return store_.with([&](MemoryRows& rows) {
            std::vector<EventRow> decided, parked;
            for (const auto& [name, row] : rows.events) {
                if (row.workflow != id) continue;
                if (row.seq && *row.seq > after) decided.push_back(row);
                if (!row.seq) parked.push_back(row);
            }
            std::sort(decided.begin(), decided.end(),
                      [](const EventRow& left, const EventRow& right) { return left.seq < right.seq; });
            if (decided.size() > static_cast<std::size_t>(limit))
                decided.resize(static_cast<std::size_t>(limit));
            else
                decided.insert(decided.end(), parked.begin(), parked.end());
            return decided;
        });
    }
    Result<std::optional<EventRow>> event(EventId id) override {
        return store_.with([&](MemoryRows& rows) {
            const auto found = rows.events.find(id);
            return found == rows.events.end() ? std::optional<EventRow>() : std::optional(found->second);
        });
    }
    Result<std::vector<EventRow>> dead_letters(std::optional<EventId> before, int limit) override {
        return store_.with([&](MemoryRows& rows) {
            std::vector<EventRow> page;
            for (auto row = rows.events.rbegin(); row != rows.events.rend(); ++row) {
                if (row->second.disposition != Disposition::dead || (before && !(row->first < *before))) continue;
                if (page.size() < static_cast<std::size_t>(limit)) page.push_back(row->second);
            }
            return page;
        });
    }
    Result<Census> census() override;
    Result<void> ping() override { return {}; }

private:
    MemoryStore& store_;
};

Result<Census> MemoryReader::census() {
    return store_.with([&](MemoryRows& rows) {
        Census census;
        std::map<std::pair<std::string, std::string>, Census::State> states;
        for (const auto& [id, row] : rows.workflows) {
            Census::State& state = states.try_emplace({row.kind, row.state}, Census::State{row.kind, row.state, 0}).first->second;
            state.count += 1;
            state.oldest = state.oldest ? std::min(*state.oldest, row.created_at) : row.created_at;
            if (row.wake_at)
                census.earliest_wake = census.earliest_wake ? std::min(*census.earliest_wake, *row.wake_at) : *row.wake_at;
        }
        for (auto& [name, state] : states) census.states.push_back(std::move(state));
        std::map<Lane, Census::Outbox> outbox;
        for (const auto& [id, row] : rows.activities) {
            if (row.state != ActivityState::open) continue;
            Census::Outbox& lane = outbox.try_emplace(row.lane, Census::Outbox{row.lane, 0, row.created_at}).first->second;
            lane.depth += 1;
            lane.oldest = std::min(lane.oldest, row.created_at);
        }
        for (auto& [name, lane] : outbox) census.outbox.push_back(std::move(lane));
        for (const auto& [id, row] : rows.events) {
            census.dead_letters += row.disposition == Disposition::dead;
            census.deferred += row.disposition == Disposition::deferred;
        }
        return census;
    });
}

} // namespace

std::unique_ptr<Reader> make_reader(MemoryStore& store) { return std::make_unique<MemoryReader>(store); }

} // namespace appointd::engine::testing
