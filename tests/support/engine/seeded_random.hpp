#pragma once

#include "engine/ports/clock.hpp"

#include <mutex>
#include <random>

namespace appointd::engine::testing {

/// Chance that a seed repeats. Any thread.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}

    void fill(std::span<std::uint8_t> bytes) override {
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(bits());
    }
    std::uint64_t bits() override {
        const std::lock_guard lock(mutex_);
        return engine_();
    }
    /// Uniform in [0, bound).
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(bits() % bound); }
    WorkflowId workflow_id(Time now) {
        RandomBytes bytes;
        fill(bytes);
        return make_workflow_id(now, bytes);
    }

private:
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

} // namespace appointd::engine::testing
