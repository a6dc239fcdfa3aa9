#include "daemon/event_log.hpp"

namespace appointd::daemon {

using namespace engine;

namespace {

constexpr std::string_view commit_names[] = {"committed", "conflict", "bad_data", "unavailable", "unknown", "abandoned"};
constexpr std::string_view breaker_names[] = {"closed", "half_open", "open"};

} // namespace

void EventLog::decided(const Decided& decided) {
    if (decided.disposition != Disposition::dead && !log_.writes(Level::debug)) return;
    const auto id = decided.workflow == WorkflowId{} ? std::string() : to_string(decided.workflow);
    const auto event = to_string(decided.event);
    if (decided.disposition == Disposition::dead)
        log_.error(
            "dead letter",
            {{"code", "dead_letter"}, {"workflow", id}, {"event_id", event}, {"type", decided.type}, {"reason", decided.reason}});
    else
        log_.debug("event decided", {{"workflow", id},
                                     {"event_id", event},
                                     {"type", decided.type},
                                     {"source", decided.source},
                                     {"disposition", to_string(decided.disposition)},
                                     {"from", decided.from},
                                     {"to", decided.to},
                                     {"seq", decided.seq},
                                     {"reason", decided.reason}});
}

void EventLog::commit_failed(Commit status, std::string_view detail) {
    const auto name = commit_names[static_cast<std::size_t>(status)];
    if (status == Commit::conflict)
        log_.debug("commit tried again", {{"status", name}, {"detail", detail}});
    else
        log_.warn("commit failed", {{"code", "commit_failed"}, {"status", name}, {"detail", detail}});
}

void EventLog::overloaded() { log_.warn("queue full: answered 503", {{"code", "queue_full"}}); }

/// The one line of an attempt that did not succeed: the adapters write none. What is given back at a stop was never begun.
void EventLog::attempted(const ActivityId& id, std::string_view kind, const Lane& lane, std::string_view outcome,
                         std::string_view code, std::string_view message, int number, Seconds took) {
    const bool fails = outcome == "failed" || outcome == "exhausted";
    const bool tells = outcome != "succeeded" && code != "shutting_down";
    if (!tells && !log_.writes(Level::debug)) return;
    const std::string workflow = to_string(id.workflow);
    const std::string next = fails               ? "appointd workflows explain " + workflow
                             : outcome == "late" ? "nothing: another attempt counts"
                             : tells             ? "made again by itself"
                                                 : "";
    const Log facts = log_.with({{"workflow", workflow},
                                 {"activity", to_string(id)},
                                 {"kind", kind},
                                 {"lane", lane.get()},
                                 {"outcome", outcome},
                                 {"code", code},
                                 {"message", message},
                                 {"next", next},
                                 {"attempt", number},
                                 {"duration_ms", took.count() * 1000}});
    if (fails)
        facts.warn("activity failed");
    else if (tells)
        facts.info("attempt did not succeed");
    else
        facts.debug("attempt ended");
}

void EventLog::breaker(const Lane& lane, Breaker state) {
    log_.warn("circuit breaker moved",
              {{"code", "breaker"}, {"lane", lane.get()}, {"state", breaker_names[static_cast<std::size_t>(state)]}});
}

void EventLog::trouble(std::string_view code, std::string_view message) { log_.error(message, {{"code", code}}); }

void BothObservers::decided(const Decided& decided) {
    first_.decided(decided);
    second_.decided(decided);
}
void BothObservers::committed(std::size_t events, Seconds took) {
    first_.committed(events, took);
    second_.committed(events, took);
}
void BothObservers::commit_failed(Commit status, std::string_view detail) {
    first_.commit_failed(status, detail);
    second_.commit_failed(status, detail);
}
void BothObservers::overloaded() {
    first_.overloaded();
    second_.overloaded();
}
void BothObservers::attempted(const ActivityId& id, std::string_view kind, const Lane& lane, std::string_view outcome,
                              std::string_view code, std::string_view message, int number, Seconds took) {
    first_.attempted(id, kind, lane, outcome, code, message, number, took);
    second_.attempted(id, kind, lane, outcome, code, message, number, took);
}
void BothObservers::breaker(const Lane& lane, Breaker state) {
    first_.breaker(lane, state);
    second_.breaker(lane, state);
}
void BothObservers::timer_fired(std::string_view kind, std::string_view name, Seconds late) {
    first_.timer_fired(kind, name, late);
    second_.timer_fired(kind, name, late);
}
void BothObservers::trouble(std::string_view code, std::string_view message) {
    first_.trouble(code, message);
    second_.trouble(code, message);
}

} // namespace appointd::daemon
