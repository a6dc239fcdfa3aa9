#include "tests/model/booking/explorer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace appointd::model {

std::string bounds_of(const Scenario& scenario) {
    std::string out = fmt::format("at most {} troubles a run:", scenario.budget.total);
    for (std::size_t i = 0; i < trouble_kinds; ++i)
        if (scenario.budget.each[i]) out += fmt::format(" {} {}", scenario.budget.each[i], trouble_names[i]);
    return out + fmt::format("; {} reconciliations in a row; {} states", scenario.reconciliations, scenario.states);
}

std::string text_of(const Report& report) {
    std::string out = fmt::format(
        "{:<12} {:>8} states {:>9} transitions  depth {:>3}  {:>6} stored bookings  {:>6} quiet  {:>7} to rest  {:>5.1f} s  {}\n",
        report.scenario, report.states, report.transitions, report.depth, report.rows, report.quiet, report.rested,
        report.seconds,
        report.closed           ? "closed"
        : report.counterexample ? "BROKEN"
                                : "not closed: " + report.stopped_by);
    if (report.counterexample) out += text_of(*report.counterexample);
    return out;
}

std::string text_of(const Counterexample& found) {
    std::string out = "A promise breaks in scenario " + found.scenario + ":\n";
    for (const auto& violation : found.violations) out += "  " + violation.name + ": " + violation.words + "\n";
    out += "The way there:\n";
    for (std::size_t i = 0; i < found.timeline.size(); ++i) out += fmt::format("{:>4}  {}\n", i + 1, found.timeline[i]);
    return out;
}

std::vector<bool> rows_exercised(const Coverage& coverage) {
    const auto rows = booking::Booking::rows();
    std::vector<bool> exercised(rows.size());
    for (const auto& [key, times] : coverage) {
        const auto first = key.find('|'), second = key.find('|', first + 1);
        const auto state = key.substr(0, first), event = key.substr(first + 1, second - first - 1),
                   reason = key.substr(second + 1);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            bool here = false;
            for (std::size_t s = 0; s < booking::Booking::states.size(); ++s)
                here = here || (booking::Booking::states[s] == state && rows[i].from.has(static_cast<booking::State>(s)));
            if (here && engine::name_of<booking::Booking>(rows[i].event) == event && reason.starts_with(rows[i].reason))
                exercised[i] = true;
        }
    }
    return exercised;
}

std::string coverage_text(const std::vector<Report>& reports) {
    const auto rows = booking::Booking::rows();
    std::vector<bool> exercised(rows.size());
    for (const Report& report : reports) {
        const auto here = rows_exercised(report.coverage);
        for (std::size_t i = 0; i < rows.size(); ++i) exercised[i] = exercised[i] || here[i];
    }
    std::string out = fmt::format("Rows of the table that decided: {} of {}. Never:\n",
                                  std::count(exercised.begin(), exercised.end(), true), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (exercised[i]) continue;
        std::size_t s = 0;
        while (!rows[i].from.has(static_cast<booking::State>(s))) ++s;
        out += fmt::format("  {} x {}, {}: {}\n", booking::Booking::states[s], engine::name_of<booking::Booking>(rows[i].event),
                           rows[i].guard.name, rows[i].reason);
    }
    return out;
}

} // namespace appointd::model
