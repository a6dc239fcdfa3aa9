#include "tests/integration/http/fake_world.hpp"

#include <algorithm>

namespace appointd::testing_support {
namespace {

const Error away{"database_unavailable", "the fake database is away"};

template <class Row, class Before> std::vector<Row> newest(std::vector<Row> rows, const Before& before, int limit) {
    std::sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) { return left.id > right.id; });
    if (before) std::erase_if(rows, [&](const Row& row) { return !(row.id < *before); });
    if (rows.size() > static_cast<std::size_t>(limit)) rows.resize(static_cast<std::size_t>(limit));
    return rows;
}

bool waits_for(const engine::WorkflowRow& row, const std::string& reason) {
    return ("," + row.attention.value_or("") + ",").find("," + reason + ",") != std::string::npos;
}

class FakeReader final : public engine::Reader {
public:
    explicit FakeReader(FakeWorld& world) : world_(world) {}

    Result<std::vector<engine::WorkflowRow>> list(const engine::WorkflowFilter& filter) override {
        std::unique_lock lock(world_.mutex);
        world_.lists.push_back(filter);
        ++world_.lists_waiting;
        world_.changed.notify_all();
        world_.changed.wait(lock, [this] { return !world_.lists_held; });
        --world_.lists_waiting;
        if (world_.database_away) return away;
        std::vector<engine::WorkflowRow> rows;
        for (const auto& row : world_.workflows) {
            const bool fits =
                (filter.state.empty() || row.state == filter.state) && (filter.kind.empty() || row.kind == filter.kind) &&
                (!filter.attention || *filter.attention == row.attention.has_value()) &&
                (filter.reason.empty() || waits_for(row, filter.reason)) && (!filter.least || !(row.id < *filter.least)) &&
                (!filter.changed_from || row.changed_at >= *filter.changed_from) &&
                (!filter.from || row.created_at >= *filter.from) && (!filter.to || row.created_at < *filter.to) &&
                (filter.q.empty() || row.search.find(filter.q) != std::string::npos ||
                 engine::to_string(row.id).starts_with(filter.q));
            if (fits) rows.push_back(row);
        }
        return newest(std::move(rows), filter.before, filter.limit);
    }

    Result<std::optional<engine::WorkflowRow>> workflow(engine::WorkflowId id) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        const auto* row = world_.find(id);
        return row ? std::optional(*row) : std::nullopt;
    }

    Result<std::optional<engine::WorkflowId>> owner_of(const engine::CorrelationKey&) override {
        return std::optional<engine::WorkflowId>{};
    }

    Result<std::vector<engine::ActivityRow>> activities(engine::WorkflowId id) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        std::vector<engine::ActivityRow> rows;
        for (const auto& row : world_.activities)
            if (row.id.workflow == id) rows.push_back(row);
        return rows;
    }

    Result<std::vector<engine::EventRow>> history(engine::WorkflowId id, int after, int limit) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        std::vector<engine::EventRow> rows, parked;
        for (const auto& row : world_.events) {
            if (row.workflow != id) continue;
            if (!row.seq)
                parked.push_back(row);
            else if (*row.seq > after && rows.size() < static_cast<std::size_t>(limit))
                rows.push_back(row);
        }
        if (rows.size() < static_cast<std::size_t>(limit)) rows.insert(rows.end(), parked.begin(), parked.end());
        return rows;
    }

    Result<std::optional<engine::EventRow>> event(engine::EventId id) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        const auto* row = world_.find(id);
        return row ? std::optional(*row) : std::nullopt;
    }

    Result<std::vector<engine::EventRow>> dead_letters(std::optional<engine::EventId> before, int limit) override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        std::vector<engine::EventRow> rows;
        for (const auto& row : world_.events)
            if (row.disposition == engine::Disposition::dead) rows.push_back(row);
        return newest(std::move(rows), before, limit);
    }

    Result<engine::Census> census() override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        engine::Census census;
        census.deferred = static_cast<std::int64_t>(world_.workflows.size());
        return census;
    }

    Result<void> ping() override {
        const std::lock_guard lock(world_.mutex);
        if (world_.database_away) return away;
        return {};
    }

private:
    FakeWorld& world_;
};

} // namespace

engine::WorkflowRow* FakeWorld::find(engine::WorkflowId id) {
    for (auto& row : workflows)
        if (row.id == id) return &row;
    return nullptr;
}

engine::EventRow* FakeWorld::find(engine::EventId id) {
    for (auto& row : events)
        if (row.id == id) return &row;
    return nullptr;
}

Result<std::unique_ptr<engine::Reader>> FakeReaders::open() {
    const std::lock_guard lock(world_.mutex);
    if (world_.database_away) return away;
    ++world_.readers_opened;
    return std::unique_ptr<engine::Reader>(std::make_unique<FakeReader>(world_));
}

} // namespace appointd::testing_support
