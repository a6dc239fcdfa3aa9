#pragma once

#include "engine/core/retry.hpp"
#include "foundation/time.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace appointd::engine {

/// The provider account's limit, shared by the live nodes.
struct Throttle {
    double per_second = 10;
    double burst = 20;
    int in_flight = 16; ///< calls at once from this node
};

struct Options {
    RetryPolicy retry;
    Duration lease = std::chrono::seconds(30);
    Duration deferred_ttl = std::chrono::hours(72);
    Duration poll = std::chrono::milliseconds(250); ///< timers and retries are late by this at most
    Duration node_timeout = std::chrono::seconds(30);
    Duration retention = std::chrono::hours(24) * 365; ///< closed workflows live this long; never under 30 days
    std::size_t queue_capacity = 10'000;               ///< events from outside that wait for a commit
    std::size_t queue_bytes = 64 * 1024 * 1024;        ///< of those events, as they were sent and as they are understood
    std::size_t batch_events = 256;                    ///< of one commit
    std::size_t batch_bytes = 4 * 1024 * 1024;
    std::size_t batch_events_of_one = 64;                   ///< that name the same workflow, or the same key of one
    std::map<std::string, Throttle, std::less<>> throttles; ///< by provider; absent: the default Throttle
    int breaker_failures = 5;                               ///< consecutive failures of a provider that open its breaker
    Duration breaker_pause = std::chrono::seconds(5);       ///< open that long, then one call tries
};

} // namespace appointd::engine
