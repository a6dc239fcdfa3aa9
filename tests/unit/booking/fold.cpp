#include "tests/unit/booking/fold.hpp"

#include "engine/runtime/advance.hpp"
#include "engine/runtime/replay.hpp"
#include "workflows/booking/definition.hpp"
#include "workflows/booking/invariants.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::booking::testing {
namespace {

const engine::Definition& the_definition() {
    static const engine::Definition made = booking::definition();
    return made;
}

State state_named(std::string_view name) {
    return static_cast<State>(std::find(Booking::states.begin(), Booking::states.end(), name) - Booking::states.begin());
}

} // namespace

Fold::Fold(Time start) : now(start), definition_(the_definition()) {
    id = engine::make_workflow_id(start, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

Told Fold::send(std::string_view type, json::object payload, std::string_view source, std::optional<Time> at) {
    const engine::Event event{engine::make_event_id(at.value_or(now), source, std::to_string(++events_)),
                              std::string(source),
                              std::string(type),
                              at.value_or(now),
                              json::serialize(payload),
                              ""};
    Told told = decide(event);
    look_again();
    if (workflow)
        for (const Violation& violation : violations(workflow->state, workflow->data))
            ADD_FAILURE() << violation.name << " after " << type << ": " << violation.words << "\n"
                          << workflow->state << " " << workflow->data;
    return told;
}

Told Fold::decide(const engine::Event& event) {
    const int seq = workflow ? workflow->revision + 1 : 1;
    const engine::Input input{event, now, id, seq};
    const std::string before = state();
    engine::Decision decision = definition_.transition(workflow ? &*workflow : nullptr, input);
    Told told;
    if (auto* applied = std::get_if<engine::Applied>(&decision)) {
        told = {"applied", applied->note};
        remember(event, told, (workflow ? before : "") + ">" + applied->state, seq);
        apply(event, std::move(*applied));
    } else if (auto* ignored = std::get_if<engine::Ignored>(&decision)) {
        told = {"ignored", ignored->reason};
        if (workflow) {
            workflow->revision = seq;
            remember(event, told, "", seq);
        }
    } else if (auto* deferred = std::get_if<engine::Deferred>(&decision)) {
        told = {"deferred", deferred->reason};
        parked.push_back(event);
    } else if (auto* refused = std::get_if<engine::Refused>(&decision)) {
        told = {"refused", refused->reason};
    } else {
        told = {"elsewhere", std::get<engine::Elsewhere>(decision).reason};
    }
    EXPECT_TRUE(told.disposition == "applied" || !told.reason.empty()) << event.type;
    return told;
}

void Fold::check(const engine::Applied& applied, const std::string& before, const Data& data_before,
                 std::string_view type) const {
    const Data after = read(applied.data);
    EXPECT_EQ(write(after), applied.data) << "read and write disagree";
    const Commit commit{state_named(before), data_before, state_named(applied.state), after, applied.activities, type};
    for (const Violation& violation : commit_violations(commit)) ADD_FAILURE() << violation.name << ": " << violation.words;
    for (const Violation& violation : timer_violations(commit.after, after, applied.timers, now))
        ADD_FAILURE() << violation.name << ": " << violation.words << " in " << applied.state << " at " << to_iso(now);
    for (const auto& activity : applied.activities) EXPECT_TRUE(parse_object(activity.request)) << activity.request;
    EXPECT_LE(applied.timers.size(), engine::limits::timers);
}

void Fold::apply(const engine::Event& event, engine::Applied&& applied) {
    const std::string before = state();
    check(applied, before, workflow ? data() : Data{}, event.type);
    if (!workflow) workflow = new_workflow();
    workflow->revision += 1;
    workflow->state = applied.state;
    workflow->data = applied.data;
    workflow->timers = applied.timers;
    attention_ = applied.attention.value_or("");
    closed_ = applied.closed;
    int n = 0;
    for (auto& wanted : applied.activities)
        activities.push_back({engine::to_string(engine::ActivityId{id, workflow->revision, n++}), wanted.kind,
                              parse_object(wanted.request).value_or(json::object{}), wanted.priority});
    for (const auto& key : applied.binds)
        if (std::find(keys.begin(), keys.end(), key.get()) == keys.end()) keys.push_back(key.get());
    for (const auto& again : applied.reopens) {
        const auto closed = done.find(engine::to_string(again));
        ASSERT_NE(closed, done.end()) << "reopens a call that is not closed";
        activities.push_back(closed->second);
        activities.back().round += 1;
        done.erase(closed);
    }
    const int seq = workflow->revision;
    int place = 0;
    for (auto& raised : applied.raised) {
        const engine::Event derived{engine::derived_id(id, seq, place++, event.occurred_at),
                                    "derived",
                                    raised.type,
                                    event.occurred_at,
                                    raised.payload,
                                    ""};
        EXPECT_NE(decide(derived).disposition, "deferred") << raised.type << " of " << event.type;
    }
    for (const auto& skip : applied.skips) {
        const auto text = engine::to_string(skip);
        const auto found = std::find_if(activities.begin(), activities.end(), [&](const Activity& a) { return a.id == text; });
        if (found != activities.end()) answer(Activity(*found), false, {}, false, true);
    }
}

void Fold::look_again() {
    for (bool moved = true; moved;) {
        moved = false;
        auto waiting = std::move(parked);
        parked.clear();
        for (const engine::Event& event : waiting)
            if (decide(event).disposition != "deferred") moved = true;
    }
}

Told Fold::answer(const Activity& activity, bool succeeded, json::object result, bool exhausted, bool skipped) {
    const Activity copy = activity;
    std::erase_if(activities, [&](const Activity& open) { return open.id == copy.id; });
    done[copy.id] = copy;
    json::object payload{{"activity", copy.id}, {"request", copy.request}};
    if (succeeded) {
        payload["result"] = std::move(result);
        return send(copy.kind + ".succeeded", std::move(payload), "activity");
    }
    payload["code"] = skipped ? "skipped" : exhausted ? "unavailable" : "refused";
    payload["message"] = "it did not work";
    payload["exhausted"] = exhausted;
    payload["skipped"] = skipped;
    return send(copy.kind + ".failed", std::move(payload), "activity");
}

const Activity* Fold::find(std::string_view kind) const {
    for (const Activity& activity : activities)
        if (activity.kind == kind) return &activity;
    return nullptr;
}

bool Fold::succeed(std::string_view kind, json::object result) {
    const Activity* activity = find(kind);
    if (!activity) {
        ADD_FAILURE() << "no open " << kind << " in " << state();
        return false;
    }
    answer(*activity, true, std::move(result));
    return true;
}

bool Fold::fail(std::string_view kind, bool exhausted, std::string_view) {
    const Activity* activity = find(kind);
    if (!activity) {
        ADD_FAILURE() << "no open " << kind << " in " << state();
        return false;
    }
    answer(*activity, false, {}, exhausted);
    return true;
}

bool Fold::ring(std::string_view name) {
    const auto found = workflow ? workflow->timers.find(name) : engine::Timers::iterator{};
    if (!workflow || found == workflow->timers.end()) {
        ADD_FAILURE() << "no timer " << name << " in " << state();
        return false;
    }
    const engine::Timer timer = found->second;
    now = std::max(now, timer.at);
    workflow->timers.erase(found);
    send("timer." + std::string(name), {{"name", name}, {"set", timer.set}}, "timer", timer.at);
    return true;
}

void Fold::pass(Duration time) {
    const Time until = now + time;
    for (int rings = 0; workflow && rings < 1000; ++rings) {
        const auto next = std::min_element(workflow->timers.begin(), workflow->timers.end(),
                                           [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
        if (next == workflow->timers.end() || next->second.at > until) break;
        ring(std::string(next->first));
    }
    now = until;
}

void Fold::remember(const engine::Event& event, const Told& told, std::string step, int seq) {
    const auto arrow = step.find('>');
    const std::string state_after = arrow == std::string::npos ? state() : step.substr(arrow + 1);
    history.push_back({event.type, event.source, event.payload, told.disposition, told.reason, state_after, event.occurred_at,
                       now, seq, std::move(step), event.id});
}

engine::EventRow row_of(const Line& line) {
    engine::EventRow row;
    row.id = line.id;
    row.seq = line.seq;
    row.source = line.source;
    row.type = line.type;
    row.occurred_at = line.occurred_at;
    row.received_at = row.decided_at = line.now;
    row.version = 1;
    row.disposition = engine::parse_disposition(line.disposition).value();
    row.reason = line.reason;
    row.payload = line.payload;
    row.result = line.step;
    return row;
}

void Fold::expect_replay() const {
    if (!workflow) return;
    const engine::Definitions definitions({definition_});
    engine::Replay again(definitions, id, "booking");
    for (const Line& line : history) ASSERT_TRUE(again.take(row_of(line))) << line.type;
    engine::WorkflowRow stored = again.workflow(); // what a fold does not keep (search, instants) is compared end to end
    stored.state = workflow->state;
    stored.revision = workflow->revision;
    stored.data = workflow->data;
    engine::write_timers(stored, workflow->timers);
    const auto report = again.finish(stored, again.requested());
    if (report.first) ADD_FAILURE() << report.first->seq << " " << report.first->recorded << " / " << report.first->replayed;
    for (const auto& found : report.differences) ADD_FAILURE() << found.what << " " << found.stored << " / " << found.replayed;
}

engine::Workflow Fold::new_workflow() const {
    return {.id = id, .owner = "", .kind = "booking", .version = 1, .state = "", .revision = 0, .data = "", .timers = {}};
}

Data Fold::data() const { return workflow ? read(workflow->data) : Data{}; }
json::object Fold::json_data() const { return parse_object(workflow->data).value_or(json::object{}); }
std::size_t Fold::count(std::string_view kind) const {
    return static_cast<std::size_t>(
        std::count_if(activities.begin(), activities.end(), [&](const Activity& a) { return a.kind == kind; }));
}
std::optional<Time> Fold::timer_at(std::string_view name) const {
    if (!workflow) return std::nullopt;
    const auto found = workflow->timers.find(name);
    return found == workflow->timers.end() ? std::nullopt : std::optional(found->second.at);
}
bool Fold::bound(std::string_view external) const {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return key.ends_with(external); });
}

} // namespace appointd::booking::testing
