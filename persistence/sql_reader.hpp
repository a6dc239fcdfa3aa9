#pragma once

#include "engine/ports/reader.hpp"
#include "persistence/session.hpp"

namespace appointd::persistence {

/// engine::Reader over one read-only session. A connection that broke while idle is replaced and the question asked once more:
/// reading twice harms nobody. Errors: database_unavailable, database_busy; ping also schema_outdated, schema_too_new.
class SqlReader final : public engine::Reader {
public:
    SqlReader(DatabaseUrl url, SessionOptions options) : session_(std::move(url), options, nullptr) {}

    Result<std::vector<engine::WorkflowRow>> list(const engine::WorkflowFilter& filter) override;
    Result<std::optional<engine::WorkflowRow>> workflow(engine::WorkflowId id) override;
    Result<std::optional<engine::WorkflowId>> owner_of(const engine::CorrelationKey& key) override;
    Result<std::vector<engine::ActivityRow>> activities(engine::WorkflowId id) override;
    Result<std::vector<engine::EventRow>> history(engine::WorkflowId id, int after, int limit) override;
    Result<std::optional<engine::EventRow>> event(engine::EventId id) override;
    Result<std::vector<engine::EventRow>> dead_letters(std::optional<engine::EventId> before, int limit) override;
    Result<engine::Census> census() override;
    Result<void> ping() override;

private:
    template <class Ask> auto guarded(Ask ask) -> Result<decltype(ask())>;
    Session session_;
};

} // namespace appointd::persistence
