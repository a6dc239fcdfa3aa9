#pragma once

#include "foundation/json.hpp"
#include "tests/e2e/daemon/stage.hpp"

#include <string>
#include <vector>

namespace appointd::e2e {

/// All that the stage's daemon has logged, over its restarts.
std::string log_of(const Stage& stage);

/// Those of its lines that name an activity, but for the attempts that succeeded: what one reads of failures.
std::vector<json::object> failures_told(const Stage& stage);

} // namespace appointd::e2e
