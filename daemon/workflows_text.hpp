#pragma once

#include "daemon/command_line.hpp"
#include "foundation/json.hpp"

#include <string>

namespace appointd::daemon {

/// The `data` of an admin answer as a person reads it. Fields that are absent leave their place empty.
std::string action_text(const Action& action, const json::object& data);

} // namespace appointd::daemon
