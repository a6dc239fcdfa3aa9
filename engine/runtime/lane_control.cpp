#include "engine/runtime/lane_control.hpp"

#include <algorithm>

namespace appointd::engine {

namespace {
constexpr int longest_doubling = 4; // the breaker's pause doubles at most so often
}

LaneControl::LaneControl(const Options& options, const Clock& clock, Observer& observer)
    : options_(options), clock_(clock), observer_(observer) {}

LaneControl::State& LaneControl::state_of(const Lane& lane, Instant now) {
    const auto found = lanes_.find(lane);
    if (found != lanes_.end()) return found->second;
    State& state = lanes_[lane];
    const auto throttle = options_.throttles.find(provider_of(lane));
    if (throttle != options_.throttles.end()) state.throttle = throttle->second;
    state.tokens = state.throttle.burst;
    state.filled = now;
    return state;
}

int LaneControl::allowed(const Lane& lane, State& state, Instant now) {
    if (closed_ || now < state.paused_until) return 0;
    if (state.breaker == Breaker::open) {
        state.breaker = Breaker::half_open; // the pause is over: one call tries
        observer_.breaker(lane, state.breaker);
    }
    const std::chrono::duration<double> passed = now - state.filled;
    state.filled = now;
    state.tokens = std::min(state.throttle.burst, state.tokens + passed.count() * state.throttle.per_second / nodes_);
    if (state.breaker == Breaker::half_open) return state.in_flight == 0 ? 1 : 0;
    return std::clamp(std::min(static_cast<int>(state.tokens), state.throttle.in_flight - state.in_flight), 0, 1000);
}

bool LaneControl::reserve(const Lane& lane) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.monotonic();
    State& state = state_of(lane, now);
    if (state.backlog || allowed(lane, state, now) < 1) {
        state.backlog = true;
        return false;
    }
    state.in_flight += 1;
    state.tokens -= 1;
    return true;
}

int LaneControl::reserve(const Lane& lane, int wanted) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.monotonic();
    State& state = state_of(lane, now);
    const int places = std::min(wanted, allowed(lane, state, now));
    state.in_flight += places;
    state.tokens -= places;
    return places;
}

void LaneControl::give_back(const Lane& lane, int places) {
    const std::lock_guard lock(mutex_);
    State& state = state_of(lane, clock_.monotonic());
    state.in_flight -= places;
    state.tokens += places;
}

bool LaneControl::ended(const Lane& lane, const AttemptResult& result) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.monotonic();
    State& state = state_of(lane, now);
    state.in_flight -= 1;
    if (result.throttled) {
        const Duration pause = std::clamp<Duration>(result.retry_after.value_or(std::chrono::seconds(1)),
                                                    std::chrono::milliseconds(100), std::chrono::minutes(1));
        state.paused_until = std::max(state.paused_until, now + pause);
    }
    const bool tells = result.kind != AttemptResult::Kind::wait || !result.provider_ok; // a call that was never made says nothing
    if (tells) feed_breaker(lane, state, result.provider_ok, now);
    return state.backlog;
}

void LaneControl::feed_breaker(const Lane& lane, State& state, bool ok, Instant now) {
    if (ok) {
        state.failures = 0;
        state.openings = 0;
        if (state.breaker != Breaker::closed) observer_.breaker(lane, Breaker::closed);
        state.breaker = Breaker::closed;
        return;
    }
    state.failures += 1;
    const bool opens =
        state.breaker == Breaker::half_open || (state.breaker == Breaker::closed && state.failures >= options_.breaker_failures);
    if (!opens) return;
    state.breaker = Breaker::open;
    state.paused_until = now + options_.breaker_pause * (1 << std::min(state.openings, longest_doubling));
    state.openings += 1;
    observer_.breaker(lane, Breaker::open);
}

void LaneControl::set_backlog(const Lane& lane, bool waiting) {
    const std::lock_guard lock(mutex_);
    state_of(lane, clock_.monotonic()).backlog = waiting;
}

void LaneControl::set_nodes(int live) {
    const std::lock_guard lock(mutex_);
    nodes_ = std::max(live, 1);
}

void LaneControl::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
}

int LaneControl::in_flight() const {
    const std::lock_guard lock(mutex_);
    int sum = 0;
    for (const auto& [lane, state] : lanes_) sum += state.in_flight;
    return sum;
}

} // namespace appointd::engine
