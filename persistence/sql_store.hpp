#pragma once

#include "engine/ports/store.hpp"
#include "persistence/session.hpp"

#include <memory>

namespace appointd::persistence {

/// engine::Store over one session. Errors of every question: database_unavailable, database_busy, database_refused.
class SqlStore final : public engine::Store {
public:
    SqlStore(DatabaseUrl url, SessionOptions options, std::shared_ptr<WriteTurn> turn)
        : session_(std::move(url), options, std::move(turn)) {}

    engine::CommitReport commit(const engine::Names& names, const engine::Decide& decide) override;
    Result<std::vector<engine::ActivityRow>> claim(const engine::Claim& claim) override;
    Result<std::vector<std::pair<engine::Lane, int>>> ready_lanes(Time now) override;
    Result<std::vector<engine::Due>> due(Time now, int limit) override;
    Result<std::vector<engine::EventRow>> expired(Time now, int limit) override;
    Result<std::vector<std::string>> heartbeat(const engine::Uuid& node, Time now, Time alive_after,
                                               const std::string& versions) override;
    Result<std::optional<Time>> server_time() override;
    Result<int> purge_closed(Time before, int limit) override;
    Result<std::vector<Fingerprint>> register_definitions(const std::vector<Fingerprint>& mine) override;
    Result<std::vector<std::pair<std::string, int>>> live_versions() override;

private:
    /// Runs a question; what it throws becomes the port's error and the session is fit again.
    template <class Ask> auto guarded(Ask ask) -> Result<decltype(ask())>;
    bool purge_workflow(engine::WorkflowId id, Time before);

    Session session_;
};

} // namespace appointd::persistence
