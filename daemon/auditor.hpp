#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/observer.hpp"
#include "engine/ports/reader.hpp"
#include "foundation/log.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace appointd::daemon {

/// A promise that a stored workflow breaks.
struct Breach {
    std::string invariant; ///< its name: "M1"
    std::string words;     ///< which row, which sums
};

/// What a kind of workflow promises of every stored row; throws on a row that no version of ours wrote.
using Audit = std::function<std::vector<Breach>(const engine::WorkflowRow& row, Time now)>;

/// Looks at stored workflows all the time, a few at once: those that this node decided about since the last round, and the others
/// in turn. Each is held against its kind's promises, and its history folded through the transition once more (H1). A finding is
/// told once for each revision of the workflow. Reads only, on a thread and a database session of its own: it waits for nobody
/// and nobody waits for it.
class Auditor final : public engine::Observer {
public:
    struct Options {
        std::chrono::milliseconds interval{5'000}; ///< between two rounds; 0: none
        int sample = 20;                           ///< workflows of a round, and as many that changed
    };
    /// What it found out; called on its thread.
    struct Outlets {
        std::function<void(std::size_t workflows)> audited;
        std::function<void(const Breach&)> broken;
    };
    /// The references outlive it.
    Auditor(Options options, engine::Readers& readers, const engine::Definitions& definitions, engine::Clock& clock,
            std::map<std::string, Audit, std::less<>> audits, Outlets outlets, Log log);
    ~Auditor() override;
    Auditor(const Auditor&) = delete;
    Auditor& operator=(const Auditor&) = delete;

    /// Begins its rounds on a thread of its own.
    void start();
    /// No new round; does not wait for the one under way. The destructor does.
    void stop();

    /// One round, on the caller's thread; only where start was not called. Errors: those of the reader.
    Result<void> round();

    void decided(const Decided& decided) override;

private:
    void work();
    bool stopping();
    Result<void> visit_changed();
    Result<void> visit_next();
    Result<void> examine(const engine::WorkflowRow& row);
    void tell(const engine::WorkflowRow& row, const Breach& breach);

    const Options options_;
    engine::Readers& readers_;
    const engine::Definitions& definitions_;
    engine::Clock& clock_;
    const std::map<std::string, Audit, std::less<>> audits_;
    const Outlets outlets_;
    const Log log_;

    std::unique_ptr<engine::Reader> reader_;
    std::optional<engine::WorkflowId> before_; ///< how far the turn has come
    std::set<std::tuple<engine::WorkflowId, int, std::string>> told_;

    std::mutex mutex_; ///< guards what follows
    std::condition_variable wake_;
    bool stopping_ = false;
    std::deque<engine::WorkflowId> changed_;
    std::thread thread_; // last
};

} // namespace appointd::daemon
