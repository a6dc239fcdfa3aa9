#pragma once

#include "engine/runtime/fleet.hpp"
#include "engine/runtime/lane_control.hpp"
#include "engine/runtime/work.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace appointd::engine {

struct HousekeepingOutlets {
    std::function<bool(Work)> submit; ///< false: not accepted now
    std::function<void(std::vector<ActivityRow>, std::chrono::steady_clock::time_point claimed)> launch;
};

/// What has to be looked for because nobody tells us: due timers, activities to claim or to take over from a crashed node, waits
/// that are over, live nodes, the database's clock, closed workflows past their retention. One thread, one store session; every
/// node runs one.
class Housekeeping {
public:
    Housekeeping(const Options& options, Stores& stores, LaneControl& lanes, Fleet& fleet, Clock& clock, Random& random,
                 Observer& observer, HousekeepingOutlets outlets);
    ~Housekeeping();

    void start();
    /// Look now instead of at the next poll.
    void poke();
    void stop();
    /// Stops and waits for the thread; after that it calls nobody.
    void join();
    bool finished() const { return finished_; }
    /// The database answered, and its clock and ours agree enough to claim.
    bool healthy() const { return database_ok_ && clock_ok_; }
    bool clock_ok() const { return clock_ok_; }
    bool database_ok() const { return database_ok_; }

private:
    void run();
    void look(std::chrono::steady_clock::time_point now);
    template <class T> bool ok(const char* what, const Result<T>& result);
    void fire_timers();
    void claim();
    void expire();
    void beat();
    void sample_clock();
    void purge();
    bool is_due(std::chrono::steady_clock::time_point& next, Duration every, std::chrono::steady_clock::time_point now);

    const Options& options_;
    Stores& stores_;
    std::unique_ptr<Store> store_;
    LaneControl& lanes_;
    Fleet& fleet_;
    Clock& clock_;
    Observer& observer_;
    HousekeepingOutlets outlets_;
    Uuid node_{};
    std::atomic<bool> database_ok_ = true, clock_ok_ = true, finished_ = false;
    std::optional<Duration> distance_; ///< of the database's clock, as last sampled
    std::chrono::steady_clock::time_point next_clock_{}, next_beat_{}, next_expiry_{}, next_purge_{};

    std::mutex mutex_;
    std::condition_variable changed_;
    bool poked_ = false, stopping_ = false;
    std::set<WorkflowId> proposed_; ///< timers that wait for their pipeline
    std::set<EventId> expiring_;
    std::shared_ptr<char> alive_ = std::make_shared<char>(); ///< the executor may get to an answer after we are gone
    std::thread thread_;
};

} // namespace appointd::engine
