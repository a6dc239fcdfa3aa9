#pragma once

#include "daemon/command_line.hpp"

#include <iosfwd>

namespace appointd::daemon {

/// `appointd reconcile`: asks the admin API page by page, prints what was healed (dry run: what would be) as a table, or with
/// --json as one object, to `out`, failures to `err`. Blocks. Answers the exit code: 0, 1 (refused, not reached, or a provider
/// did not tell) or 2 (configuration, or a since that is none).
int run_reconcile(const ReconcileCommand& command, const Environment& environment, std::ostream& out, std::ostream& err);

} // namespace appointd::daemon
