#pragma once

#include "foundation/time.hpp"

#include <cstdint>

namespace appointd::engine {

struct RetryPolicy {
    Duration base = std::chrono::milliseconds(500);
    Duration cap = std::chrono::minutes(5);
    int max_attempts = 20;
};

/// Exponential backoff with full jitter: uniform in [0, min(cap, base * 2^(attempt-1))], but never below base / 2.
/// `attempt` counts from 1; `random` is 64 uniform bits that the caller draws.
Duration backoff(const RetryPolicy& policy, int attempt, std::uint64_t random);

} // namespace appointd::engine
