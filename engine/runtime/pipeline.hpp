#pragma once

#include "engine/runtime/deliberation.hpp"
#include "engine/runtime/fleet.hpp"
#include "engine/runtime/intake.hpp"
#include "engine/runtime/lane_control.hpp"

#include <atomic>
#include <memory>
#include <span>
#include <thread>

namespace appointd::engine {

/// What a pipeline does with a committed plan; all members may be called from its thread.
struct PipelineOutlets {
    std::function<void(std::vector<std::pair<std::function<void(Answer)>, Answer>>)>
        deliver; ///< answers, to be given on the executor
    std::function<void(std::vector<ActivityRow>, std::chrono::steady_clock::time_point claimed)> launch;
    std::function<void()> backlog; ///< activities wait for a claim
};

/// The commit pipeline of one lane: one thread, one store session. While a commit is in flight the next batch gathers in the
/// intake.
class Pipeline {
public:
    Pipeline(Intake::Limits limits, Stores& stores, const Definitions& definitions, Rules rules, LaneControl& lanes,
             const Fleet& fleet, const Clock& clock, Random& random, Observer& observer, PipelineOutlets outlets);
    ~Pipeline();

    Intake& intake() { return intake_; }
    const Intake& intake() const { return intake_; }
    void start();
    /// True once the thread has drained a closed intake.
    bool finished() const { return finished_; }

private:
    struct Try;
    struct Trial;
    void run();
    /// True where everything was decided, and be it that it is dead; false where some of it was put off or sent back. Every
    /// `done` was called by then.
    bool commit(std::span<Work> works);
    CommitReport attempt(Trial& trial, std::span<const Work> works);
    bool give_up(const Trial& trial, std::span<Work> works);
    bool split(std::span<Work> works);
    bool halve(std::span<Work> works);
    void leave_undone(std::span<Work> works);
    void finish(Try& stood, std::span<Work> works);
    void observe(const Plan& plan) const;
    bool fail(const Trial& trial, std::span<Work> works);
    void abandon(const Try& lost);

    Intake intake_;
    Stores& stores_;
    std::unique_ptr<Store> store_;
    const Definitions& definitions_;
    Rules rules_;
    LaneControl& lanes_;
    const Fleet& fleet_;
    const Clock& clock_;
    Random& random_;
    Observer& observer_;
    PipelineOutlets outlets_;
    std::atomic<bool> finished_ = false;
    std::thread thread_;
};

} // namespace appointd::engine
