#pragma once

#include "engine/ports/store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace appointd::engine::testing {

enum class Fault {
    none,
    conflict,     ///< decided, rolled back
    unavailable,  ///< decided, nothing written
    unknown_lost, ///< the answer to the commit was lost, and so was the commit
    unknown_done, ///< the answer to the commit was lost, but it stands
};

/// Any database with faults on demand. Only commits that have something to write use up a fault. Any thread.
class FaultyStores final : public Stores {
public:
    explicit FaultyStores(Stores& inner) : inner_(inner) {}

    Result<std::unique_ptr<Store>> open() override;
    int lanes() const override { return inner_.lanes(); }

    /// While away every call says so.
    void set_away(bool away) { away_ = away; }
    /// While busy every question of housekeeping that writes says that somebody holds a lock.
    void set_busy(bool busy) { busy_ = busy; }
    /// The next writing commits, in order.
    void fail_next(std::vector<Fault> faults);
    /// Asked for every writing commit that no fault was ordered for.
    void fail_when(std::function<Fault()> choose);
    /// A batch with this text in a payload, a raw body, data or the reason at the end of a wait is refused as bad data. Empty:
    /// none.
    void refuse_text(std::string text);
    /// The next writing commit waits until `open_gate`; then all go on.
    void close_gate();
    void open_gate();
    /// Runs once between the decision and the write of the next writing commit, on its thread.
    void slow_next(std::function<void()> meanwhile);
    /// Writing commits that stood, by our own count.
    int commits() const { return commits_; }
    /// The most events that one commit wrote.
    std::size_t largest() const { return largest_; }

    // for the sessions
    bool away() const { return away_; }
    bool busy() const { return busy_; }
    Fault next();
    bool refuses(const Writes& writes) const;
    void wait_at_gate();
    void dawdle();
    void stood(std::size_t events);

private:
    Stores& inner_;
    std::atomic<bool> away_ = false, busy_ = false;
    std::atomic<int> commits_ = 0;
    std::atomic<std::size_t> largest_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable gate_changed_;
    bool gate_closed_ = false;
    std::deque<Fault> ordered_;
    std::function<Fault()> choose_;
    std::function<void()> meanwhile_;
    std::string refused_;
};

} // namespace appointd::engine::testing
