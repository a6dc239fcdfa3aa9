#include "tests/unit/engine/desk.hpp"

#include "foundation/json.hpp"

namespace appointd::engine::testing {

Desk::Desk() {
    kinds.push_back(make_puppet());
    kinds.push_back(make_parcel());
}

Plan Desk::decide(const std::vector<Work>& works) {
    const Definitions definitions(kinds);
    Names names;
    for (const Work& work : works) add_names(names, work);
    Uuid batch{};
    batch.data[15] = static_cast<std::uint8_t>(++batches_);
    for (looks = 1; looks < 10; ++looks) {
        int left = places;
        const Deliberation::Asks asks{.to_start = [&](std::string_view kind) { return definitions.newest(kind); },
                                      .reserve = [&left](const Lane&) { return left-- > 0; }};
        Deliberation deliberation(definitions, rules, asks, names, rows.look(names), now, BatchId(batch));
        Plan plan = deliberation.decide(works);
        Names& missing = plan.missing;
        if (missing.workflows.empty() && missing.keys.empty() && missing.activities.empty()) return plan;
        names.workflows.merge(missing.workflows);
        names.keys.merge(missing.keys);
        names.activities.merge(missing.activities);
    }
    ADD_FAILURE() << "names are missing for ever";
    return {};
}

Plan Desk::commit(std::vector<Work> works) {
    Plan plan = decide(works);
    EXPECT_EQ(plan.answers.size(), works.size());
    EXPECT_EQ(rows.write(plan.writes, now), "") << "counts differ";
    return plan;
}

Plan Desk::commit(Work work) {
    std::vector<Work> works;
    works.push_back(std::move(work));
    return commit(std::move(works));
}

WorkflowId Desk::id(int n) const {
    RandomBytes bytes{};
    bytes[9] = static_cast<std::uint8_t>(n);
    return make_workflow_id(from_micros(1'790'000'000'000'000), bytes);
}

Work Desk::incoming(Incoming what) const {
    return Work{.what = std::move(what), .received_at = now, .done = {}, .condemned = false};
}

Work Desk::event(WorkflowId workflow, std::string script, std::string key) {
    if (key.empty()) key = "drawn." + std::to_string(++drawn_);
    Incoming what;
    what.event = Event{make_event_id(now, "outside", key), "outside", key, now, std::move(script), "raw"};
    what.address.targets.emplace_back(workflow);
    what.address.unclaimed = Unclaimed::start;
    what.address.kind = "puppet";
    what.address.fresh = workflow;
    return incoming(std::move(what));
}

Work Desk::by_key(std::string_view key, std::string script, std::string name) {
    if (name.empty()) name = "drawn." + std::to_string(++drawn_);
    Incoming what;
    what.event = Event{make_event_id(now, "outside", name), "outside", name, now, std::move(script), "raw"};
    what.address.targets.emplace_back(CorrelationKey(std::string(key)));
    what.address.unclaimed = Unclaimed::wait;
    what.address.waits_for = CorrelationKey(std::string(key));
    what.address.reason = "not ours";
    return incoming(std::move(what));
}

Work Desk::ended(const ActivityId& activity, ActivityState state, AttemptResult result, int epoch) const {
    const ActivityRow& row = rows.activities.at(activity);
    Ended ended;
    ended.attempt.id = activity;
    ended.attempt.kind = row.kind;
    ended.attempt.lane = row.lane;
    ended.attempt.round = row.round;
    ended.attempt.epoch = epoch;
    ended.attempt.tries = row.tries;
    ended.attempt.created_at = row.created_at;
    ended.attempt.request = row.request;
    ended.state = state;
    ended.result = std::move(result);
    return Work{.what = std::move(ended), .received_at = now, .done = {}, .condemned = false};
}

AttemptResult Desk::success(std::string result) {
    AttemptResult answer;
    answer.kind = AttemptResult::Kind::succeeded;
    answer.result = std::move(result);
    return answer;
}

AttemptResult Desk::failure(std::string code) {
    AttemptResult answer;
    answer.kind = AttemptResult::Kind::failed;
    answer.code = std::move(code);
    answer.message = "words with \"quotes\"";
    return answer;
}

Work Desk::due(WorkflowId workflow) const {
    return Work{.what = TimersDue{workflow}, .received_at = now, .done = {}, .condemned = false};
}

std::vector<std::string> Desk::history(WorkflowId workflow) const {
    std::map<int, std::string> decided;
    std::vector<std::string> other;
    for (const auto& [name, row] : rows.events) {
        if (row.workflow != workflow) continue;
        std::string text = row.type + ":" + std::string(to_string(row.disposition));
        if (row.seq)
            decided[*row.seq] = std::move(text);
        else
            other.push_back(std::move(text));
    }
    std::vector<std::string> all;
    for (auto& [seq, text] : decided) all.push_back(std::move(text));
    all.insert(all.end(), other.begin(), other.end());
    return all;
}

std::vector<EventRow> Desk::dead() const {
    std::vector<EventRow> dead;
    for (const auto& [name, row] : rows.events)
        if (row.disposition == Disposition::dead) dead.push_back(row);
    return dead;
}

std::string Desk::log(WorkflowId workflow) const {
    std::string text;
    const auto data = parse_object(row(workflow).data);
    for (const json::value& type : *array_field(data.value(), "log"))
        text += (text.empty() ? "" : " ") + std::string(type.as_string());
    return text;
}

} // namespace appointd::engine::testing
