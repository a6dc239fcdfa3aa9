#pragma once

#include "daemon/command_line.hpp"
#include "net/http_client.hpp"

#include <iosfwd>

namespace appointd::daemon {

/// The call that an action is: relative to the admin API's URL, token not yet added.
net::ClientRequest admin_request(const Action& action);

/// `appointd workflows …`: asks the admin API, prints a table (or with --json its answer as it came) to `out`, failures to `err`.
/// Blocks, on an executor of its own. Answers the exit code: 0, 1 (refused, not found, not reached, or a replay
/// that differs) or 2 (configuration).
int run_workflows(const WorkflowsCommand& command, const Environment& environment, std::ostream& out, std::ostream& err);

} // namespace appointd::daemon
