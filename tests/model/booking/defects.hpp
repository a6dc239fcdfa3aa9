#pragma once

#include "engine/core/definition.hpp"

#include <string>
#include <vector>

namespace appointd::model {

/// The booking's definition with one mistake planted: how the explorer proves that it would see it.
struct Defect {
    std::string name;
    std::string scenario; ///< where it shows
    engine::Definition definition;
    std::size_t row = 0; ///< of the table, where one action of one row is left out
};

/// A choice for the test run.
std::vector<Defect> planted_defects();

/// Every row of the table with one of its actions left out, in turn. For the program, by hand.
std::vector<Defect> every_action_left_out();

} // namespace appointd::model
