#include "tests/model/booking/defect_search.hpp"

#include "workflows/booking/definition.hpp"

#include <algorithm>
#include <chrono>

namespace appointd::model {
namespace {

constexpr int walks = 20, length = 120;

struct Place {
    Scenario scenario;
    std::vector<bool> rows;
    double seconds; ///< that the sound definition takes
};

std::vector<Place> places_of(const std::vector<Scenario>& scenarios, double seconds, int threads) {
    std::vector<Place> places;
    const auto reports = explore_all(scenarios, booking::definition(), seconds, threads);
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        auto rows = rows_exercised(reports[i].coverage);
        const auto strolled = rows_exercised(wander(scenarios[i], booking::definition(), 1, walks, length).coverage);
        for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = rows[row] || strolled[row];
        places.push_back({scenarios[i], std::move(rows), reports[i].seconds});
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.seconds < b.seconds; });
    return places;
}

std::string words_of(const Report& report) { return report.counterexample->violations.front().name + " in " + report.scenario; }

Sought by_chance(const Defect& defect, const std::vector<Scenario>& where) {
    for (const Scenario& scenario : where)
        if (const auto report = wander(scenario, defect.definition, 1, walks, length, false); report.counterexample)
            return {Sought::Found::by_chance, words_of(report)};
    return {Sought::Found::unseen, ""};
}

Sought explored(const Defect& defect, const std::vector<Scenario>& where, double seconds, int threads) {
    if (seconds <= 0) return {};
    const auto reports = explore_all(where, defect.definition, seconds, threads, true);
    for (const Report& report : reports)
        if (report.counterexample) return {Sought::Found::explored, words_of(report)};
    const bool closed = std::all_of(reports.begin(), reports.end(), [](const Report& report) { return report.closed; });
    return {closed ? Sought::Found::unseen : Sought::Found::no_time, ""};
}

} // namespace

void seek(const std::vector<Scenario>& scenarios, double seconds, int threads,
          const std::function<void(const Defect&, const Sought&)>& tell) {
    const auto begin = std::chrono::steady_clock::now();
    const auto left = [&] { return seconds - std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
    const auto places = places_of(scenarios, left(), threads);
    const auto defects = every_action_left_out();
    std::vector<std::pair<const Defect*, std::vector<Scenario>>> hidden;
    for (const Defect& defect : defects) {
        std::vector<Scenario> where;
        for (const Place& place : places)
            if (place.rows[defect.row]) where.push_back(place.scenario);
        const Sought sought = where.empty() ? Sought{Sought::Found::not_reached, ""} : by_chance(defect, where);
        if (sought.found == Sought::Found::unseen)
            hidden.emplace_back(&defect, std::move(where));
        else
            tell(defect, sought);
    }
    for (const auto& [defect, where] : hidden) tell(*defect, explored(*defect, where, left(), threads));
}

} // namespace appointd::model
