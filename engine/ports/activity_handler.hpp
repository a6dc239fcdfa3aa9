#pragma once

#include "engine/core/event.hpp"
#include "engine/ports/store.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace appointd::engine {

/// One attempt of one activity, claimed.
struct Attempt {
    ActivityId id;
    std::string kind;
    Lane lane;
    int round = 1, generation = 1, epoch = 1;
    int number = 1;                    ///< 1 for the first attempt of this round
    int tries = 0;                     ///< attempts of this round that counted so far
    Time created_at;                   ///< of the activity
    std::optional<Time> first_sent_at; ///< of this generation; equals the claim's instant on a first attempt
    Time now;                          ///< the claim's instant
    std::string request;
    /// "ID.7.0:1": activity and generation. A new round keeps the key: what the last one sent may have been carried out.
    std::string idempotency_key;
    std::chrono::steady_clock::time_point deadline; ///< half the lease, 15 s at most: check again right before the bytes go out
    bool repeated = false;                          ///< an earlier attempt may have been carried out: look before you leap
};

/// What came of an attempt.
struct AttemptResult {
    enum class Kind {
        succeeded,
        failed, ///< for good: another attempt would answer the same
        retry,  ///< may work later; counts as an attempt
        wait,   ///< nothing was sent, or the provider asked us to wait: does not count
    };
    Kind kind = Kind::retry;
    std::string result = "{}";             ///< succeeded: a JSON object, the outcome event's payload.result
    std::string code{}, message{};         ///< else: stable code and words for a person
    std::optional<Duration> retry_after{}; ///< retry, wait: not sooner than this
    bool next_generation = false;          ///< retry: the effect is proven absent and the key is spent
    bool provider_ok = true; ///< false: the provider itself is in trouble (5xx, time-out, no connection); feeds the breaker
    bool throttled = false;  ///< a 429
    std::vector<CorrelationKey> binds{}; ///< keys that the outcome's transition will bind
    std::vector<Incoming> learned{};     ///< other facts found on the way; they enter with the outcome
};

/// Carries out activities. `start` returns at once; `done` is called exactly once, on the thread of the executor that the runtime
/// runs on.
class ActivityHandler {
public:
    virtual ~ActivityHandler() = default;
    virtual void start(Attempt attempt, std::function<void(AttemptResult)> done) = 0;
};

} // namespace appointd::engine
