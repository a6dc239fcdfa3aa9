#pragma once

#include "engine/ports/activity_handler.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/observer.hpp"
#include "engine/runtime/engine.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace appointd::engine {

/// Who may call a provider account now: places in flight, a token bucket (the account's limit divided by the live nodes), a pause
/// that the provider asked for, and a circuit breaker. A lane that is slow or spent holds up no other. Safe from any thread.
class LaneControl {
public:
    LaneControl(const Options& options, const Clock& clock, Observer& observer);

    /// A place for a new activity that is about to be born claimed. No, where others wait for this lane already: they go first.
    bool reserve(const Lane& lane);
    /// Up to `wanted` places for claims; 0 while the lane may not be called.
    int reserve(const Lane& lane, int wanted);
    /// Places that were not used.
    void give_back(const Lane& lane, int places);
    /// A call ended: frees its place, feeds breaker and pause. True: others wait in the store for a place on this lane.
    bool ended(const Lane& lane, const AttemptResult& result);
    /// Remembers whether activities of this lane wait in the store.
    void set_backlog(const Lane& lane, bool waiting);
    void set_nodes(int live);
    /// From now on nobody gets a place.
    void close();
    int in_flight() const;

private:
    using Instant = std::chrono::steady_clock::time_point;
    struct State {
        Throttle throttle;
        double tokens = 0;
        Instant filled{};
        Instant paused_until{};
        int in_flight = 0;
        int failures = 0;
        int openings = 0;
        Breaker breaker = Breaker::closed;
        bool backlog = false;
    };
    State& state_of(const Lane& lane, Instant now);
    int allowed(const Lane& lane, State& state, Instant now);
    void feed_breaker(const Lane& lane, State& state, bool ok, Instant now);

    const Options& options_;
    const Clock& clock_;
    Observer& observer_;
    mutable std::mutex mutex_;
    std::map<Lane, State> lanes_;
    int nodes_ = 1;
    bool closed_ = false;
};

} // namespace appointd::engine
