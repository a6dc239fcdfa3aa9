#include "tests/model/booking/explorer.hpp"
#include "workflows/booking/definition.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>

using namespace appointd;

int main(int argc, char** argv) {
    int total = -1, more = 0, threads = 2;
    double seconds = 3600;
    std::string only;
    std::vector<std::pair<std::size_t, int>> troubles;
    bool coverage = false;
    std::size_t states = 0;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
        if (option == "--more")
            more = std::atoi(value());
        else if (option == "--threads")
            threads = std::atoi(value());
        else if (option == "--seconds")
            seconds = std::atof(value());
        else if (option == "--total")
            total = std::atoi(value());
        else if (option == "--trouble") {
            const std::string text = value();
            const auto equals = text.find('=');
            for (std::size_t k = 0; k < model::trouble_kinds; ++k)
                if (model::trouble_names[k] == text.substr(0, equals))
                    troubles.emplace_back(k, std::atoi(text.substr(equals + 1).c_str()));
        } else if (option == "--states")
            states = std::strtoull(value(), nullptr, 10);
        else if (option == "--only")
            only = value();
        else if (option == "--coverage")
            coverage = true;
    }
    std::vector<model::Scenario> chosen;
    for (auto& scenario : model::scenarios(more))
        if (only.empty() || scenario.name == only) chosen.push_back(scenario);
    if (total >= 0)
        for (auto& scenario : chosen) scenario.budget.total = static_cast<std::uint8_t>(total);
    if (!troubles.empty())
        for (auto& scenario : chosen) {
            scenario.budget.each = {};
            for (const auto& [kind, count] : troubles) scenario.budget.each[kind] = static_cast<std::uint8_t>(count);
        }
    if (states)
        for (auto& scenario : chosen) scenario.states = states;
    for (const auto& scenario : chosen) fmt::print("{:<12} {}: {}\n", scenario.name, scenario.words, model::bounds_of(scenario));
    bool broken = false;
    const auto reports = model::explore_all(chosen, booking::definition(), seconds, threads);
    for (const auto& report : reports) {
        fmt::print("{}", model::text_of(report));
        broken = broken || report.counterexample;
    }
    if (coverage) fmt::print("{}", model::coverage_text(reports));
    return broken ? 1 : 0;
}
