#pragma once

#include "engine/runtime/work.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace appointd::engine {

/// The bounded queue before one pipeline. What comes from outside is bounded in events and in bytes (`capacity`; one event
/// alone is taken whatever its size); outcomes and timers have their own places (as many as calls may be in flight) and go
/// first. Safe from any thread.
class Intake {
public:
    struct Limits {
        std::size_t capacity, capacity_bytes;
        std::size_t batch_events, batch_bytes;
        std::size_t batch_events_of_one; ///< that name the same workflow or key first
    };
    explicit Intake(Limits limits) : limits_(limits) {}

    /// False: full (only for work from outside), or closed. The work is left untouched then.
    bool push(Work&& work);
    /// Work that a database away left undone goes back to the front.
    void give_back(std::vector<Work>&& works);
    /// Waits for work and takes a batch; empty when the queue is closed and drained.
    std::vector<Work> take();
    /// No more work is accepted; what is queued can still be taken.
    void close();
    /// Waits, but no longer than until close.
    void pause(std::chrono::milliseconds time);
    bool closed() const;
    /// Work from outside that no batch has taken yet: what the capacity bounds.
    std::size_t waiting_outside() const;
    /// Nothing waits, and what was taken last is done with (its taker came back for more).
    bool idle() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> inside_, outside_;
    std::size_t outside_bytes_ = 0;
    Limits limits_;
    bool closed_ = false;
    bool busy_ = false;
};

} // namespace appointd::engine
