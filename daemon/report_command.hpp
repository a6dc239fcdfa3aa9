#pragma once

#include "daemon/command_line.hpp"

#include <iosfwd>

namespace appointd::daemon {

/// `appointd report money`: asks the admin API, page by page, and prints one report of it all. Blocks.
/// Answers the exit code: 0, 1 (not reached, or it does not add up) or 2 (configuration).
int run_report(const ReportCommand& command, const Environment& environment, std::ostream& out, std::ostream& err);

} // namespace appointd::daemon
