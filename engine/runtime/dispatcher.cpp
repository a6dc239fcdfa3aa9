#include "engine/runtime/dispatcher.hpp"

#include <algorithm>

namespace appointd::engine {

namespace {
constexpr std::chrono::seconds longest_attempt{15};
constexpr std::chrono::milliseconds shortest_wait{250};
} // namespace

Dispatcher::Dispatcher(const Options& options, ActivityHandler& handler, LaneControl& lanes, const Clock& clock, Random& random,
                       Observer& observer, std::function<void(Work)> submit, std::function<void()> freed)
    : options_(options), handler_(handler), lanes_(lanes), clock_(clock), random_(random), observer_(observer),
      submit_(std::move(submit)), freed_(std::move(freed)) {}

void Dispatcher::launch(std::vector<ActivityRow> rows, std::chrono::steady_clock::time_point claimed) {
    const auto limit = std::min<std::chrono::steady_clock::duration>(options_.lease / 2, longest_attempt);
    for (ActivityRow& row : rows) {
        Attempt attempt;
        attempt.id = row.id;
        attempt.kind = std::move(row.kind);
        attempt.lane = std::move(row.lane);
        attempt.round = row.round;
        attempt.generation = row.generation;
        attempt.epoch = row.epoch;
        attempt.number = row.tries + 1;
        attempt.tries = row.tries;
        attempt.created_at = row.created_at;
        attempt.first_sent_at = row.first_sent_at;
        attempt.now = row.ready_at - options_.lease;
        attempt.request = std::move(row.request);
        attempt.idempotency_key = to_string(row.id) + ":" + std::to_string(row.generation);
        attempt.deadline = claimed + limit;
        attempt.repeated = row.tries > 0 || row.round > 1 || (row.first_sent_at && *row.first_sent_at < attempt.now);
        begin(std::move(attempt));
    }
}

void Dispatcher::begin(Attempt attempt) {
    in_flight_ += 1;
    const auto began = clock_.monotonic();
    AttemptResult unsent;
    unsent.kind = AttemptResult::Kind::wait;
    if (stopping_) {
        unsent.code = "shutting_down";
        unsent.message = "given back before it was sent";
        return ended(attempt, std::move(unsent), began);
    }
    if (began >= attempt.deadline) { // the commit took longer than the attempt may
        unsent.code = "too_late";
        unsent.message = "the claim was too old to begin";
        return ended(attempt, std::move(unsent), began);
    }
    Attempt copy = attempt;
    handler_.start(std::move(copy),
                   [this, alive = std::weak_ptr(alive_), attempt = std::move(attempt), began](AttemptResult result) {
                       if (!alive.expired()) ended(attempt, std::move(result), began);
                   });
}

void Dispatcher::ended(const Attempt& attempt, AttemptResult result, std::chrono::steady_clock::time_point began) {
    in_flight_ -= 1;
    const bool others_wait = lanes_.ended(attempt.lane, result);
    using Kind = AttemptResult::Kind;
    const bool spent = result.kind == Kind::retry && attempt.tries + 1 >= options_.retry.max_attempts;
    const std::string_view outcome = result.kind == Kind::succeeded ? "succeeded"
                                     : result.kind == Kind::failed  ? "failed"
                                     : result.kind == Kind::wait    ? "wait"
                                     : spent                        ? "exhausted"
                                                                    : "retry";
    observer_.attempted(attempt.id, attempt.kind, attempt.lane, outcome, result.code, result.message, attempt.number,
                        clock_.monotonic() - began);
    Work work;
    if (result.kind == Kind::wait || (result.kind == Kind::retry && !spent)) {
        work = postponed(attempt, result);
    } else {
        const ActivityState state = result.kind == Kind::succeeded ? ActivityState::succeeded
                                    : result.kind == Kind::failed  ? ActivityState::failed
                                                                   : ActivityState::exhausted;
        work.what = Ended{attempt, state, std::move(result)};
    }
    work.received_at = clock_.now();
    submit_(std::move(work));
    if (others_wait) freed_();
}

Work Dispatcher::postponed(const Attempt& attempt, const AttemptResult& result) {
    const bool counts = result.kind == AttemptResult::Kind::retry;
    const Duration asked = result.retry_after.value_or(Duration(0));
    const Duration wait = counts ? backoff(options_.retry, attempt.number, random_.bits())
                                 : Duration(shortest_wait) + Duration(static_cast<std::int64_t>(random_.bits() % 250'000));
    Postponed postponed;
    postponed.id = attempt.id;
    postponed.kind = attempt.kind;
    postponed.lane = attempt.lane;
    postponed.round = attempt.round;
    postponed.epoch = attempt.epoch;
    postponed.tries = attempt.tries + (counts ? 1 : 0);
    postponed.generation = attempt.generation + (result.next_generation ? 1 : 0);
    postponed.ready_at = clock_.now() + (stopping_ && !counts ? Duration(0) : std::max(wait, asked));
    // Nothing of this generation ever left: the first send is still to come.
    postponed.clear_first_sent = result.next_generation || (!counts && !attempt.repeated);
    postponed.last_error = result.code + ": " + result.message;
    Work work;
    work.what = std::move(postponed);
    return work;
}

} // namespace appointd::engine
