#pragma once

#include "tests/model/booking/defects.hpp"
#include "tests/model/booking/explorer.hpp"

#include <functional>
#include <string>
#include <vector>

namespace appointd::model {

/// What became of one defect.
struct Sought {
    enum class Found : std::uint8_t {
        by_chance,   ///< a short series of walks broke a promise
        explored,    ///< the exploration under the bounds did
        unseen,      ///< neither did
        not_reached, ///< no scenario exercises the row
        no_time,
    } found = Found::no_time;
    std::string by; ///< the promise and the scenario
};

/// Looks for each action left out, in the scenarios whose sound exploration exercises its row; `tell` hears of each as it is
/// known. `seconds` bounds all of it.
void seek(const std::vector<Scenario>& scenarios, double seconds, int threads,
          const std::function<void(const Defect&, const Sought&)>& tell);

} // namespace appointd::model
