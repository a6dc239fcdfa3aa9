#include "tests/model/booking/defects.hpp"
#include "tests/model/booking/explorer.hpp"
#include "workflows/booking/definition.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace appointd::model {
namespace {

constexpr double seconds = 1500; ///< a slow machine may take its time; two idle cores need a small part of it
constexpr int threads = 2;

} // namespace

TEST(BookingSpace, IsClosedUnderItsBoundsAndKeepsEveryPromise) {
    const auto chosen = scenarios();
    for (const Scenario& scenario : chosen)
        std::cout << scenario.name << " (" << scenario.words << "): " << bounds_of(scenario) << "\n";
    const auto reports = explore_all(chosen, booking::definition(), seconds, threads);
    for (const Report& report : reports) {
        std::cout << text_of(report);
        EXPECT_TRUE(report.closed) << report.scenario << " " << report.stopped_by;
    }
    std::cout << coverage_text(reports);
}

TEST(BookingSpace, EveryPlantedDefectIsFound) {
    for (const Defect& defect : planted_defects()) {
        std::vector<Scenario> where;
        for (const Scenario& scenario : scenarios())
            if (scenario.name == defect.scenario) where.push_back(scenario);
        ASSERT_EQ(where.size(), 1u) << defect.scenario;
        const auto report = explore_all(where, defect.definition, seconds, 1).front();
        EXPECT_TRUE(report.counterexample) << defect.name << " was not seen";
        if (!report.counterexample) continue;
        std::cout << defect.name << ": " << report.counterexample->violations.front().name << " ("
                  << report.counterexample->violations.front().words << "), " << report.depth << " steps, " << report.states
                  << " states\n";
    }
}

/// Beyond the bounds: runs in which a great deal goes wrong.
TEST(BookingSpace, WalksBeyondTheBoundsKeepEveryPromise) {
    for (const Scenario& scenario : scenarios()) {
        const auto report = wander(scenario, booking::definition(), 1, 60, 120);
        if (report.counterexample) ADD_FAILURE() << text_of(*report.counterexample);
    }
}

} // namespace appointd::model
