#pragma once

#include "engine/runtime/lane_control.hpp"
#include "engine/runtime/work.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace appointd::engine {

/// Starts claimed activities and turns what comes of them into work. All members on the executor's thread.
class Dispatcher {
public:
    /// `submit` takes an outcome or a postponement to the workflow's pipeline; `freed` says that a place became free.
    Dispatcher(const Options& options, ActivityHandler& handler, LaneControl& lanes, const Clock& clock, Random& random,
               Observer& observer, std::function<void(Work)> submit, std::function<void()> freed);

    /// Claimed at `claimed`; every place is reserved already.
    void launch(std::vector<ActivityRow> rows, std::chrono::steady_clock::time_point claimed);
    /// Calls whose answer is not in yet.
    std::size_t in_flight() const { return in_flight_; }
    /// From now on nothing is sent: what is launched is given back.
    void stop() { stopping_ = true; }

private:
    void begin(Attempt attempt);
    void ended(const Attempt& attempt, AttemptResult result, std::chrono::steady_clock::time_point began);
    Work postponed(const Attempt& attempt, const AttemptResult& result);

    const Options& options_;
    ActivityHandler& handler_;
    LaneControl& lanes_;
    const Clock& clock_;
    Random& random_;
    Observer& observer_;
    std::function<void(Work)> submit_;
    std::function<void()> freed_;
    std::size_t in_flight_ = 0;
    bool stopping_ = false;
    std::shared_ptr<char> alive_ = std::make_shared<char>(); ///< an answer may come after we are gone
};

} // namespace appointd::engine
