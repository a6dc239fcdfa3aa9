#include "workflows/reconciliation/explain.hpp"

#include "workflows/reconciliation/data.hpp"

#include <utility>

namespace appointd::reconciliation {

namespace {

std::string words_of(std::string_view state) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"WAITING", "it waits for its next sweep"},
        {"LISTING", "a sweep is under way"},
        {"RENEWING", "its successor is being begun, so that no history grows without end"},
        {"RENEWED", "its successor goes on; this one waits for retention"}};
    for (const auto& [name, meaning] : words)
        if (name == state) return std::string(meaning);
    return "a state that this version does not know";
}

engine::Section standing(const engine::WorkflowFacts& facts, const Data& data) {
    engine::Section section{"Reconciliation", {}};
    section.lines.push_back("It asks " + data.provider + " (account " + data.account + ") for what never arrived, every " +
                            to_text(std::chrono::seconds(data.every_seconds)) + ".");
    section.lines.push_back(facts.state + ": " + words_of(facts.state) + ".");
    if (data.covered != Time{}) section.lines.push_back("Everything up to " + to_iso(data.covered) + " was asked about.");
    if (data.sweep)
        section.lines.push_back("The sweep from " + to_iso(data.sweep->since) + " to " + to_iso(data.sweep->until) +
                                " has read " + std::to_string(data.sweep->pages) + " pages with " +
                                std::to_string(data.sweep->seen) + " events.");
    if (data.last_ended)
        section.lines.push_back("The last complete sweep ended " + to_iso(*data.last_ended) + "; " + std::to_string(data.sweeps) +
                                " so far.");
    if (data.failures > 0)
        section.lines.push_back("It failed " + std::to_string(data.failures) + " times in a row: " + data.last_error +
                                ". It goes on at its next turn.");
    return section;
}

engine::Section timers(const engine::WorkflowFacts& facts) {
    engine::Section section{"Timers", {}};
    for (const auto& [name, timer] : facts.timers)
        section.lines.push_back(name + ", " + to_iso(timer.at) +
                                (name == "page" ? ": the sweep goes on after a breath." : ": the next sweep begins."));
    if (section.lines.empty()) section.lines.emplace_back("None is set.");
    return section;
}

engine::Section calls(const engine::WorkflowFacts& facts) {
    engine::Section section{"Calls", {}};
    for (const engine::CallFacts& call : facts.calls) {
        if (call.state != "open") continue;
        section.lines.push_back(call.kind + ", " + engine::to_string(call.id) + ": open; " + std::to_string(call.attempts) +
                                " attempts" + (call.last_error.empty() ? "." : "; last error: " + call.last_error + "."));
    }
    if (section.lines.empty()) section.lines.emplace_back("None is open.");
    return section;
}

} // namespace

engine::Explanation explain(const engine::WorkflowFacts& facts) {
    const Data data = read(facts.data);
    return {standing(facts, data), timers(facts), calls(facts)};
}

} // namespace appointd::reconciliation
