#include "engine/runtime/deliberation.hpp"

#include "foundation/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>

namespace appointd::engine {

namespace {

/// What the history and the activity's row keep of an outcome.
std::string outcome_text(const Ended& ended) {
    if (ended.state == ActivityState::succeeded) return ended.result.result;
    json::object error;
    error["code"] = ended.result.code;
    error["message"] = ended.result.message;
    return json::serialize(error);
}

/// The outcome event's payload (docs/events.md); built as text, since request and result are JSON text already.
std::string payload_of(const ActivityId& id, std::string_view request, std::string_view rest) {
    std::string payload = R"({"activity":")" + to_string(id) + R"(","request":)";
    payload.append(request.empty() ? "{}" : request).append(",").append(rest).append("}");
    return payload;
}

std::string failure_text(std::string_view code, std::string_view message, bool exhausted, bool skipped) {
    std::string text = R"("code":)" + json::serialize(json::value(json::string(code)));
    text += R"(,"message":)" + json::serialize(json::value(json::string(message)));
    text += exhausted ? R"(,"exhausted":true)" : R"(,"exhausted":false)";
    text += skipped ? R"(,"skipped":true)" : R"(,"skipped":false)";
    return text;
}

/// Safe to store whatever the bytes: for the dead letter of an event that a database refused.
std::string storable(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "hex:";
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4];
        text += digits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
}

} // namespace

Answer Deliberation::handle(const Work& work) {
    return std::visit([&](const auto& what) { return handle(work, what); }, work.what);
}

Answer Deliberation::duplicate(const Event& event, const Look::Seen& seen) {
    Answer result;
    result.kind = Answer::Kind::decided;
    result.disposition = Disposition::duplicate;
    result.workflow = seen.workflow;
    result.event = event.id;
    for (const Parked& parked : parked_) // it may have waited, and found its workflow in this very batch
        if (parked.waiting.event.id == event.id) result.workflow = parked.waiting.stored->workflow;
    if (const auto live = result.workflow ? live_.find(*result.workflow) : live_.end(); live != live_.end())
        result.state = live->second.row.state;
    plan_.verdicts.push_back({.workflow = result.workflow.value_or(WorkflowId{}),
                              .event = event.id,
                              .kind = "",
                              .from = "",
                              .to = "",
                              .type = event.type,
                              .source = event.source,
                              .reason = "",
                              .disposition = Disposition::duplicate,
                              .seq = 0});
    return result;
}

Answer Deliberation::handle(const Work& work, const Incoming& incoming) {
    if (const auto seen = seen_.find(incoming.event.id); seen != seen_.end()) return duplicate(incoming.event, seen->second);
    Case subject{incoming.event, incoming.address, work.received_at, std::nullopt};
    Answer result;
    if (work.condemned) {
        subject.event.payload = "{}";
        subject.event.raw = storable(subject.event.raw);
        subject.address = {};
        result = bury(std::move(subject), std::nullopt, "not_storable: the database refused its bytes");
    } else {
        result = settle(std::move(subject));
    }
    if (result.kind == Answer::Kind::decided)
        seen_.emplace(incoming.event.id, Look::Seen{incoming.event.id, result.workflow, result.disposition, batch_});
    return result;
}

Answer Deliberation::handle(const Work& work, const Ended& ended) {
    const Attempt& attempt = ended.attempt;
    const auto activity = activities_.find(attempt.id);
    if (activity == activities_.end()) return {};
    const std::string text = work.condemned ? "{}" : outcome_text(ended);
    Case subject;
    subject.received_at = work.received_at;
    subject.address.targets.emplace_back(attempt.id.workflow);
    subject.address.reason = "its workflow is gone";
    subject.event.source = "activity";
    subject.event.occurred_at = now_;
    if (activity->second.state != ActivityState::open || activity->second.epoch != attempt.epoch ||
        activity->second.round != attempt.round) {
        plan_.late.push_back({.id = attempt.id, .kind = attempt.kind, .lane = attempt.lane});
        subject.event.id = orphan_id(attempt);
        if (work.condemned || ended.state != ActivityState::succeeded || activity->second.outcome == text) return {};
        if (seen_.contains(subject.event.id)) return {};
        subject.event.type = "orphan.found";
        subject.event.payload =
            payload_of(attempt.id, attempt.request, R"("kind":")" + attempt.kind + R"(","result":)" + ended.result.result);
    } else {
        plan_.writes.attempted.push_back(
            {.id = attempt.id,
             .epoch = attempt.epoch,
             .state = work.condemned ? ActivityState::failed : ended.state,
             .tries = attempt.tries + 1,
             .generation = attempt.generation,
             .ready_at = now_,
             .clear_first_sent = false,
             .outcome = text,
             .last_error = ended.result.code.empty() ? "" : ended.result.code + ": " + ended.result.message});
        subject.event.id = outcome_id(attempt.id, attempt.round, attempt.created_at);
        const bool succeeded = ended.state == ActivityState::succeeded && !work.condemned;
        subject.event.type = attempt.kind + (succeeded ? ".succeeded" : ".failed");
        subject.event.payload =
            work.condemned
                ? payload_of(attempt.id, "", failure_text("not_storable", "the database refused the outcome", false, false))
            : succeeded ? payload_of(attempt.id, attempt.request, R"("result":)" + ended.result.result)
                        : payload_of(attempt.id, attempt.request,
                                     failure_text(ended.result.code, ended.result.message,
                                                  ended.state == ActivityState::exhausted, false));
        activity->second.state = ended.state; // a second outcome in this batch would be late
        activity->second.outcome = text;
    }
    subject.address.binds = ended.result.binds;
    Answer result = settle(std::move(subject));
    if (!work.condemned)
        for (const Incoming& learned : ended.result.learned) {
            wake();
            handle(work, learned);
        }
    return result;
}

Answer Deliberation::handle(const Work& work, const Postponed& postponed) {
    const auto activity = activities_.find(postponed.id);
    if (activity == activities_.end() || activity->second.state != ActivityState::open ||
        activity->second.epoch != postponed.epoch || activity->second.round != postponed.round) {
        plan_.late.push_back({.id = postponed.id, .kind = postponed.kind, .lane = postponed.lane});
        return {};
    }
    plan_.writes.attempted.push_back({.id = postponed.id,
                                      .epoch = postponed.epoch,
                                      .state = ActivityState::open,
                                      .tries = postponed.tries,
                                      .generation = postponed.generation,
                                      .ready_at = postponed.ready_at,
                                      .clear_first_sent = postponed.clear_first_sent,
                                      .outcome = "",
                                      .last_error = work.condemned ? "not_storable" : postponed.last_error});
    return {};
}

Answer Deliberation::handle(const Work& work, const TimersDue& due) {
    const auto found = live_.find(due.workflow);
    if (found == live_.end()) return {};
    Live& live = found->second;
    if (!definitions_.find(live.row.kind, live.row.version)) return {}; // a node that knows the version fires them
    std::vector<std::pair<std::string, Timer>> ringing;
    for (const auto& [name, timer] : live.timers)
        if (timer.at <= now_) ringing.emplace_back(name, timer);
    std::sort(ringing.begin(), ringing.end(),
              [](const auto& left, const auto& right) { return left.second.at < right.second.at; });
    for (const auto& [name, timer] : ringing) {
        const auto still = live.timers.find(name);
        if (still == live.timers.end() || still->second != timer) continue; // an earlier one dropped or moved it
        live.timers.erase(still);
        live.changed = true;
        plan_.fired.emplace_back(timer, live.row.kind + "\n" + name);
        Case subject;
        subject.received_at = work.received_at;
        subject.address.targets.emplace_back(live.row.id);
        subject.event =
            Event{make_event_id(timer.at, "timer", to_string(live.row.id) + "." + name + "." + std::to_string(timer.set)),
                  "timer",
                  "timer." + name,
                  timer.at,
                  json::serialize(json::object{{"name", name}, {"set", timer.set}}),
                  ""};
        if (work.condemned) { // what it decides cannot be stored; the others may be innocent and come again
            bury(std::move(subject), live.row.id, "not_storable: the database refused what it decides");
            return {};
        }
        decide(std::move(subject), live);
        wake();
    }
    return {};
}

Answer Deliberation::handle(const Work& work, const Expired& expired) {
    const auto parked = std::find_if(parked_.begin(), parked_.end(), [&](const Parked& other) {
        return other.waiting.event.id == expired.row.id && !other.settled &&
               other.waiting.stored->disposition == Disposition::deferred;
    });
    if (parked == parked_.end() || parked->waiting.stored->expires_at > now_) return {};
    Case subject = parked->waiting;
    const EventRow& row = *subject.stored;
    if (work.condemned) {
        const std::optional<WorkflowId> workflow = row.workflow;
        return bury(std::move(subject), workflow, "not_storable: the database refused what it decides");
    }
    if (now_ < row.received_at + rules_.deferred_ttl) { // set aside by a node that did not know its version
        if (row.workflow) subject.address.targets.insert(subject.address.targets.begin(), *row.workflow);
        return settle(std::move(subject));
    }
    if (row.workflow || subject.address.marked) {
        const std::optional<WorkflowId> workflow = row.workflow;
        return bury(std::move(subject), workflow, "waited in vain: " + parked->waiting.stored->reason);
    }
    std::string reason = subject.address.reason;
    return leave(std::move(subject), nullptr, std::move(reason));
}

Answer Deliberation::handle(const Work& work, const Requeued& requeued) {
    const auto parked = std::find_if(parked_.begin(), parked_.end(), [&](const Parked& other) {
        return other.waiting.event.id == requeued.event && !other.settled &&
               other.waiting.stored->disposition == Disposition::dead;
    });
    if (parked == parked_.end()) {
        Answer gone;
        gone.kind = Answer::Kind::not_found;
        return gone;
    }
    Case subject = parked->waiting;
    if (work.condemned) return answer(subject, nullptr, Disposition::dead, "not_storable: the database refused what it decides");
    if (subject.stored->workflow) subject.address.targets.emplace_back(*subject.stored->workflow);
    return settle(std::move(subject));
}

/// An operator gave up on an open activity: it ends like a failure that nobody retries.
void Deliberation::close_skipped(const ActivityId& id) {
    const auto activity = activities_.find(id);
    if (activity == activities_.end() || activity->second.state != ActivityState::open) return;
    if (reopened_.contains(id)) return; // opened by this very batch: whoever opened it wants it tried
    const auto live = live_.find(id.workflow);
    if (live == live_.end()) return;
    activity->second.state = ActivityState::skipped;
    plan_.writes.skipped.push_back(id);
    Case subject;
    subject.received_at = now_;
    subject.address.targets.emplace_back(id.workflow);
    subject.event.id = outcome_id(id, activity->second.round, activity->second.created_at);
    subject.event.source = "activity";
    subject.event.type = activity->second.kind + ".failed";
    subject.event.occurred_at = now_;
    subject.event.payload =
        payload_of(id, activity->second.request, failure_text("skipped", "an operator skipped it", false, true));
    decide(std::move(subject), live->second);
}

} // namespace appointd::engine
