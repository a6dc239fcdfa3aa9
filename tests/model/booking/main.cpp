#include "tests/model/booking/defect_search.hpp"
#include "tests/model/booking/explorer.hpp"
#include "workflows/booking/definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace appointd;

namespace {

constexpr std::string_view usage = R"(usage: booking_explorer [options]

Explores the reachable space of one booking, scenario by scenario, under their bounds; prints what was explored, and the shortest way to
a promise that breaks. Exit code 1 where one does.

  --only NAME           only this scenario (see --list)
  --list                the scenarios and their bounds
  --more N              N more troubles a run than the test allows, of each kind and of all
  --total N             at most N troubles a run
  --trouble KIND=COUNT  only these kinds (repeatable)
  --states N            at most N states a scenario (memory: about 1 KiB each)
  --seconds N           stop after N seconds (default 3600)
  --threads N           scenarios at once (default 2)
  --coverage            which rows of the table decided, and which never did
  --walks N             N walks of 200 steps by chance instead, far beyond the bounds; --seed N to repeat them
  --defects             leave out every action of every row in turn, by chance first, then explored where the row is exercised;
                        prints which are not seen under the bounds, and which rows no scenario reaches (--seconds bounds all of it)
)";

struct Options {
    int total = -1, more = 0, threads = 2, walks = 0;
    std::uint64_t seed = 1;
    double seconds = 3600;
    std::size_t states = 0;
    std::string only;
    std::vector<std::pair<std::size_t, int>> troubles;
    bool list = false, coverage = false, defects = false, help = false;
};

void add_trouble(Options& options, std::string_view text) {
    const auto equals = std::min(text.find('='), text.size());
    const auto kind = std::find(model::trouble_names.begin(), model::trouble_names.end(), text.substr(0, equals));
    const auto count = equals < text.size() ? std::atoi(std::string(text.substr(equals + 1)).c_str()) : 1;
    if (kind == model::trouble_names.end())
        options.help = true;
    else
        options.troubles.emplace_back(kind - model::trouble_names.begin(), count);
}

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
        if (option == "--only")
            options.only = value();
        else if (option == "--list")
            options.list = true;
        else if (option == "--more")
            options.more = std::atoi(value());
        else if (option == "--total")
            options.total = std::atoi(value());
        else if (option == "--trouble")
            add_trouble(options, value());
        else if (option == "--states")
            options.states = std::strtoull(value(), nullptr, 10);
        else if (option == "--seconds")
            options.seconds = std::atof(value());
        else if (option == "--threads")
            options.threads = std::max(1, std::atoi(value()));
        else if (option == "--coverage")
            options.coverage = true;
        else if (option == "--walks")
            options.walks = std::atoi(value());
        else if (option == "--seed")
            options.seed = std::strtoull(value(), nullptr, 10);
        else if (option == "--defects")
            options.defects = true;
        else
            options.help = true;
    }
    return options;
}

std::vector<model::Scenario> chosen(const Options& options) {
    std::vector<model::Scenario> out;
    for (auto& scenario : model::scenarios(options.more)) {
        if (!options.only.empty() && scenario.name != options.only) continue;
        if (options.total >= 0) scenario.budget.total = static_cast<std::uint8_t>(options.total);
        if (options.states) scenario.states = options.states;
        if (!options.troubles.empty()) scenario.budget.each = {};
        for (const auto& [kind, count] : options.troubles) scenario.budget.each[kind] = static_cast<std::uint8_t>(count);
        out.push_back(std::move(scenario));
    }
    return out;
}

int seek_defects(const Options& options, const std::vector<model::Scenario>& scenarios) {
    static constexpr std::array words{"by chance", "explored", "NOT SEEN", "not reached", "no time"};
    std::array<int, words.size()> counts{};
    model::seek(scenarios, options.seconds, options.threads, [&](const model::Defect& defect, const model::Sought& sought) {
        const auto found = static_cast<std::size_t>(sought.found);
        ++counts[found];
        fmt::print("{}: {} {}\n", defect.name, words[found], sought.by);
        std::fflush(stdout);
    });
    for (std::size_t i = 0; i < words.size(); ++i) fmt::print("{} {}\n", counts[i], words[i]);
    return counts[static_cast<std::size_t>(model::Sought::Found::unseen)];
}

} // namespace

int main(int argc, char** argv) {
    const Options options = read_options(argc, argv);
    if (options.help) {
        fmt::print("{}", usage);
        return 2;
    }
    const auto scenarios = chosen(options);
    if (options.defects) return seek_defects(options, scenarios) == 0 ? 0 : 1;
    for (const auto& scenario : scenarios) fmt::print("{} ({}): {}\n", scenario.name, scenario.words, model::bounds_of(scenario));
    if (options.list) return 0;
    std::vector<model::Report> reports;
    if (options.walks > 0)
        for (const auto& scenario : scenarios)
            reports.push_back(model::wander(scenario, booking::definition(), options.seed, options.walks, 200));
    else
        reports = model::explore_all(scenarios, booking::definition(), options.seconds, options.threads);
    bool broken = false;
    for (const auto& report : reports) {
        fmt::print("{}", model::text_of(report));
        broken = broken || report.counterexample;
    }
    if (options.coverage) fmt::print("{}", model::coverage_text(reports));
    return broken ? 1 : 0;
}
