#pragma once

#include "foundation/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace appointd::engine {

/// The only source of time. Safe from any thread. The store never asks the time: every instant is a parameter from here.
class Clock {
public:
    virtual ~Clock() = default;
    /// What the history says: UTC; where nodes share a database, corrected by the measured distance to its clock.
    virtual Time now() const = 0;
    /// For deadlines of attempts and latencies: never set back.
    virtual std::chrono::steady_clock::time_point monotonic() const = 0;
    /// Takes the measured distance of the database's clock ahead of this node's own; clocks that are not corrected ignore it.
    virtual void correct(Duration /*distance*/) {}
    /// This node's own clock, without the correction.
    virtual Time uncorrected() const { return now(); }
};

/// The only source of chance. Safe from any thread.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
    virtual std::uint64_t bits() = 0;
};

} // namespace appointd::engine
