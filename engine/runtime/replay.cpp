#include "engine/runtime/replay.hpp"

#include "engine/runtime/advance.hpp"
#include "foundation/json.hpp"

#include <algorithm>
#include <exception>
#include <limits>

namespace appointd::engine {

namespace {

constexpr int page = 200;
constexpr std::size_t most_differences = 50;

/// A decision in the words of a history line: disposition, step, reason.
std::string words(std::string_view disposition, std::string_view step, std::string_view reason) {
    std::string text(disposition);
    if (!step.empty()) text.append(" ").append(step);
    if (!reason.empty()) text.append(" (").append(reason).append(")");
    return text;
}

std::string words_of(const EventRow& row) { return words(to_string(row.disposition), row.result, row.reason); }

/// As the pipeline records it: a refusal that nobody listens to, and a timer that cannot wait, end as ignored.
std::string words_of(const Decision& decision, const EventRow& row, std::string_view from) {
    if (const auto* applied = std::get_if<Applied>(&decision))
        return words("applied", std::string(from) + ">" + applied->state, applied->note);
    if (const auto* ignored = std::get_if<Ignored>(&decision)) return words("ignored", "", ignored->reason);
    if (const auto* refused = std::get_if<Refused>(&decision)) return words("ignored", "", refused->reason);
    if (const auto* elsewhere = std::get_if<Elsewhere>(&decision)) return words("elsewhere", "", elsewhere->reason);
    return words(row.source == "timer" ? "ignored" : "deferred", "", std::get<Deferred>(decision).reason);
}

std::string text_of(const std::optional<Time>& time) { return time ? std::to_string(to_micros(*time)) : "null"; }
std::string text_of(const std::optional<std::string>& text) { return text.value_or("null"); }

class Comparison {
public:
    explicit Comparison(ReplayReport& report) : report_(report) {}
    void equal(std::string what, std::string stored, std::string replayed) {
        if (stored == replayed || report_.differences.size() >= most_differences) return;
        report_.differences.push_back({std::move(what), std::move(stored), std::move(replayed)});
    }

private:
    ReplayReport& report_;
};

void compare(Comparison& rows, const WorkflowRow& stored, const WorkflowRow& made) {
    rows.equal("version", std::to_string(stored.version), std::to_string(made.version));
    rows.equal("state", stored.state, made.state);
    rows.equal("revision", std::to_string(stored.revision), std::to_string(made.revision));
    rows.equal("data", stored.data, made.data);
    rows.equal("timers", stored.timers, made.timers);
    rows.equal("wake_at", text_of(stored.wake_at), text_of(made.wake_at));
    rows.equal("attention", text_of(stored.attention), text_of(made.attention));
    rows.equal("search", stored.search, made.search);
    rows.equal("created_at", text_of(stored.created_at), text_of(made.created_at));
    rows.equal("changed_at", text_of(stored.changed_at), text_of(made.changed_at));
    rows.equal("closed_at", text_of(stored.closed_at), text_of(made.closed_at));
}

void compare(Comparison& rows, const ActivityRow& stored, const ActivityRow& made) {
    const std::string name = "activity " + to_string(stored.id) + " ";
    rows.equal(name + "kind", stored.kind, made.kind);
    rows.equal(name + "lane", stored.lane.get(), made.lane.get());
    rows.equal(name + "priority", std::to_string(stored.priority), std::to_string(made.priority));
    rows.equal(name + "request", stored.request, made.request);
    rows.equal(name + "created_at", text_of(stored.created_at), text_of(made.created_at));
}

void compare(Comparison& rows, const std::vector<ActivityRow>& stored, const std::vector<ActivityRow>& made, int last) {
    std::map<ActivityId, const ActivityRow*> left;
    for (const ActivityRow& row : stored)
        if (row.id.seq <= last) left.emplace(row.id, &row);
    for (const ActivityRow& row : made) {
        const auto found = left.find(row.id);
        if (found == left.end()) {
            rows.equal("activity " + to_string(row.id), "none", row.kind);
            continue;
        }
        compare(rows, *found->second, row);
        left.erase(found);
    }
    for (const auto& [id, row] : left) rows.equal("activity " + to_string(id), row->kind, "none");
}

} // namespace

Replay::Replay(const Definitions& definitions, WorkflowId id, std::string kind) : definitions_(definitions) {
    row_.id = id;
    row_.kind = std::move(kind);
}

void Replay::diverge(const EventRow& row, std::string recorded, std::string replayed) {
    if (!first_) first_ = ReplayReport::Line{row.seq.value_or(0), row.type, std::move(recorded), std::move(replayed)};
}

void Replay::set_aside(const EventRow& row) { aside_.push_back(row); }

/// A timer is gone once it rang, whatever its event comes to; one set anew under the same name is another.
void Replay::ring(const EventRow& row) {
    constexpr std::string_view prefix = "timer.";
    if (row.source != "timer" || !row.type.starts_with(prefix)) return;
    const auto payload = parse_object(row.payload);
    const auto set = payload ? int_field(*payload, "set") : std::nullopt;
    const auto timer = timers_.find(std::string_view(row.type).substr(prefix.size()));
    if (timer != timers_.end() && set && timer->second.set == *set) timers_.erase(timer);
}

void Replay::drop_lost_timers(Time until) {
    std::erase_if(aside_, [&](const EventRow& row) {
        if (row.disposition != Disposition::dead || row.decided_at > until) return false;
        derived_.erase(row.id);
        ring(row);
        return true;
    });
}

void Replay::check_derived(const EventRow& row) {
    if (row.source != "derived") return;
    const auto found = derived_.find(row.id);
    if (found == derived_.end()) return diverge(row, "derived", "no line before it derives it");
    if (found->second.type != row.type || found->second.payload != row.payload)
        diverge(row, row.type + " " + row.payload, found->second.type + " " + found->second.payload);
    derived_.erase(found);
}

void Replay::expect(const EventRow& row, Applied& applied) {
    int n = 0;
    for (ActivityRequest& wanted : applied.activities) {
        ActivityRow asked;
        asked.id = ActivityId{row_.id, row_.revision, n++};
        asked.lane = std::move(wanted.lane);
        asked.priority = wanted.priority;
        asked.kind = std::move(wanted.kind);
        asked.request = std::move(wanted.request);
        asked.created_at = row.decided_at;
        requested_.push_back(std::move(asked));
    }
    n = 0;
    for (Raised& raised : applied.raised)
        derived_[derived_id(row_.id, row_.revision, n++, row.occurred_at)] = {std::move(raised.type), std::move(raised.payload)};
}

bool Replay::take(const EventRow& row) {
    if (stuck_) return false;
    const int seq = row_.revision + 1;
    if (row.seq.value_or(0) != seq) {
        diverge(row, "number " + std::to_string(row.seq.value_or(0)), "number " + std::to_string(seq));
        stuck_ = true;
        return false;
    }
    const Definition* definition = definitions_.find(row_.kind, row.version.value_or(0));
    if (!definition) {
        diverge(row, words_of(row), "this binary lacks version " + std::to_string(row.version.value_or(0)));
        stuck_ = true;
        return false;
    }
    drop_lost_timers(row.decided_at);
    ring(row);
    check_derived(row);
    if (seq == 1) row_.created_at = row.decided_at;
    row_.version = definition->version;
    const Event event{row.id, row.source, row.type, row.occurred_at, row.payload, row.raw};
    const Workflow before = seen(row_, timers_);
    Decision decision = Ignored{};
    try {
        decision = definition->transition(seq == 1 ? nullptr : &before, Input{event, row.decided_at, row_.id, seq});
    } catch (const std::exception& error) {
        diverge(row, words_of(row), std::string("it throws: ") + error.what());
        stuck_ = true;
        return false;
    }
    if (std::string now = words_of(decision, row, row_.state); now != words_of(row)) diverge(row, words_of(row), std::move(now));
    if (auto* applied = std::get_if<Applied>(&decision)) {
        advance(row_, timers_, *applied, row.decided_at);
        expect(row, *applied);
    } else {
        pass_over(row_, row.decided_at);
    }
    return true;
}

ReplayReport Replay::finish(const WorkflowRow& stored, const std::vector<ActivityRow>& activities) {
    drop_lost_timers(Time::max());
    for (const EventRow& waiting : aside_) derived_.erase(waiting.id);
    write_timers(row_, timers_);
    ReplayReport report;
    report.events = row_.revision;
    report.first = first_;
    Comparison rows(report);
    compare(rows, stored, row_);
    compare(rows, activities, requested_, stored.revision);
    for (const auto& [id, event] : derived_) rows.equal("event " + to_string(id), "none", event.type);
    return report;
}

Result<std::optional<ReplayReport>> replay(Reader& reader, const Definitions& definitions, WorkflowId id) {
    const auto stored = reader.workflow(id);
    if (!stored) return stored.error();
    if (!*stored) return std::optional<ReplayReport>{};
    const WorkflowRow& row = **stored;
    Replay again(definitions, id, row.kind);
    // Past the last number there are only the rows without one.
    const auto aside = reader.history(id, std::numeric_limits<int>::max(), 1);
    if (!aside) return aside.error();
    for (const EventRow& event : *aside) again.set_aside(event);
    for (bool more = true; more && again.workflow().revision < row.revision;) {
        const auto events =
            reader.history(id, again.workflow().revision, std::min(page, row.revision - again.workflow().revision));
        if (!events) return events.error();
        more = false;
        for (const EventRow& event : *events) {
            if (!event.seq) continue;
            if (!definitions.find(row.kind, event.version.value_or(0)))
                return Error{"version_missing", "this binary lacks version " + std::to_string(event.version.value_or(0)) +
                                                    " of " + row.kind + ", which decided event " + std::to_string(*event.seq)};
            more = again.take(event);
            if (!more) break;
        }
    }
    const auto activities = reader.activities(id);
    if (!activities) return activities.error();
    return std::optional(again.finish(row, *activities));
}

} // namespace appointd::engine
