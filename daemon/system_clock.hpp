#pragma once

#include "engine/ports/clock.hpp"
#include "foundation/digest.hpp"

#include <atomic>
#include <span>

namespace appointd::daemon {

/// The machine's clock, corrected by the measured distance to the database's.
class SystemClock final : public engine::Clock {
public:
    Time now() const override { return uncorrected() + Duration(distance_.load(std::memory_order_relaxed)); }
    std::chrono::steady_clock::time_point monotonic() const override { return std::chrono::steady_clock::now(); }
    void correct(Duration distance) override { distance_.store(distance.count(), std::memory_order_relaxed); }
    Time uncorrected() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

private:
    std::atomic<std::int64_t> distance_ = 0;
};

/// The operating system's generator.
class SystemRandom final : public engine::Random {
public:
    void fill(std::span<std::uint8_t> bytes) override { fill_random(std::as_writable_bytes(bytes)); }
    std::uint64_t bits() override {
        std::uint64_t value = 0;
        fill_random(std::as_writable_bytes(std::span(&value, 1)));
        return value;
    }
};

} // namespace appointd::daemon
