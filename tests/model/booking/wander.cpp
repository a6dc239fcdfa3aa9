#include "tests/model/booking/explorer.hpp"
#include "tests/model/booking/walk.hpp"

#include <fmt/format.h>

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

Report wander(const Scenario& bounded, const engine::Definition& definition, std::uint64_t seed, int walks, int length,
              bool shrink) {
    const auto begin = std::chrono::steady_clock::now();
    Scenario scenario = bounded;
    scenario.budget.each.fill(20);
    scenario.budget.total = 60;
    Report report;
    report.scenario = scenario.name;
    report.words = "walks beyond the bounds";
    Coverage coverage;
    for (int walk = 0; walk < walks && !report.counterexample; ++walk) {
        // Scenarios with the same terms take different ways.
        std::vector<std::uint64_t> seeds(scenario.name.begin(), scenario.name.end());
        seeds.push_back(seed + static_cast<std::uint64_t>(walk));
        std::seed_seq mixed(seeds.begin(), seeds.end());
        std::mt19937_64 random(mixed);
        // In half of them everybody is told everything: beside all else that one transition may ask for.
        const bool told = walk % 2 == 1;
        scenario.terms["mail"] = scenario.terms["mail_operator"] = told;
        scenario.terms["webhook_endpoints"] = json::array{};
        if (told)
            for (const auto* name : {"a", "b"})
                scenario.terms["webhook_endpoints"].as_array().push_back(json::object{{"name", name}, {"events", json::array{}}});
        Walk run(scenario, definition);
        const auto by_chance = [&, left = length](const Node&, const std::vector<Step>& possible) mutable {
            return left-- > 0 && !possible.empty() ? std::optional(choose(possible, random)) : std::nullopt;
        };
        Walk::Run taken = run.run(by_chance);
        report.transitions += taken.steps.size();
        report.rested += run.rested();
        report.rows += run.model().rows();
        for (const auto& [cell, times] : run.model().coverage()) coverage[cell] += times;
        if (taken.broken.empty()) continue;
        const auto length_before = taken.steps.size();
        if (shrink) taken = run.shrunk(taken);
        report.counterexample =
            Counterexample{fmt::format("{}, seed {}, {} of {} steps", scenario.name, seed + static_cast<std::uint64_t>(walk),
                                       taken.steps.size(), length_before),
                           std::move(taken.broken), std::move(taken.timeline)};
    }
    report.states = report.transitions;
    report.coverage = std::move(coverage);
    report.stopped_by = "chance";
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

} // namespace appointd::model
