#include "tests/model/booking/explorer.hpp"
#include "tests/model/booking/rest.hpp"

#include <chrono>
#include <random>

namespace appointd::model {
namespace {

/// The engine's steps carry a run on; troubles are strewn in.
std::size_t choose(const std::vector<Step>& steps, std::mt19937_64& random) {
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    const bool trouble = below(4) == 0;
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < steps.size(); ++i)
        if ((steps[i].trouble != Trouble::none) == trouble) fitting.push_back(i);
    return fitting.empty() ? below(steps.size()) : fitting[below(fitting.size())];
}

} // namespace

Report wander(const Scenario& bounded, const engine::Definition& definition, std::uint64_t seed, int walks, int length) {
    const auto begin = std::chrono::steady_clock::now();
    Scenario scenario = bounded;
    scenario.budget.each.fill(20);
    scenario.budget.total = 60;
    Report report;
    report.scenario = scenario.name;
    report.words = "walks beyond the bounds";
    Coverage coverage;
    for (int walk = 0; walk < walks && !report.counterexample; ++walk) {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(walk));
        // In half of them everybody is told everything: beside all else that one transition may ask for.
        const bool told = walk % 2 == 1;
        scenario.terms["mail"] = scenario.terms["mail_operator"] = told;
        scenario.terms["webhook_endpoints"] = json::array{};
        if (told)
            for (const auto* name : {"a", "b"})
                scenario.terms["webhook_endpoints"].as_array().push_back(json::object{{"name", name}, {"events", json::array{}}});
        Model model(scenario, definition);
        Rest rest(model);
        Fold fold(definition);
        model.fold_into(&fold);
        Node node = model.root();
        std::vector<Step> steps, taken;
        std::vector<booking::Violation> broken = model.take_violations();
        std::vector<std::string> tail;
        for (int i = 0; i < length && broken.empty(); ++i) {
            model.steps(node, steps);
            if (steps.empty()) break;
            taken.push_back(steps[choose(steps, random)]);
            node = model.after(node, taken.back());
            broken = model.take_violations();
            if (broken.empty()) broken = fold.take_violations();
            ++report.transitions;
        }
        model.fold_into(nullptr);
        for (const bool mail : {true, false}) {
            if (!broken.empty()) break;
            if (auto unrest = rest.check(node, mail)) {
                broken = std::move(unrest->violations);
                tail = std::move(unrest->timeline);
            }
        }
        report.rested += rest.size();
        report.rows += model.rows();
        for (const auto& [cell, times] : model.coverage()) coverage[cell] += times;
        if (broken.empty()) continue;
        Story story;
        Node again = model.root();
        for (const Step& step : taken) again = model.after(again, step, &story);
        story.lines.insert(story.lines.end(), tail.begin(), tail.end());
        report.counterexample =
            Counterexample{scenario.name + ", seed " + std::to_string(seed + static_cast<std::uint64_t>(walk)), std::move(broken),
                           std::move(story.lines)};
    }
    report.states = report.transitions;
    report.coverage = std::move(coverage);
    report.stopped_by = "chance";
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

} // namespace appointd::model
