#pragma once

#include "engine/ports/clock.hpp"

#include <atomic>

namespace appointd::engine::testing {

/// Time stands still until a test moves it; wall clock and monotonic clock move together. Any thread.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start = from_micros(1'790'000'000'000'000)) : start_(start) {}

    Time now() const override { return uncorrected() + Duration(distance_.load()); }
    Time uncorrected() const override { return start_ + Duration(passed_.load()); }
    std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::time_point(std::chrono::hours(1)) + Duration(passed_.load());
    }
    void correct(Duration distance) override { distance_ = distance.count(); }

    void advance(Duration by) { passed_ += by.count(); }

private:
    Time start_;
    std::atomic<std::int64_t> passed_ = 0, distance_ = 0;
};

} // namespace appointd::engine::testing
