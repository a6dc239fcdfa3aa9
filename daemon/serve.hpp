#pragma once

#include "daemon/configuration.hpp"

namespace appointd::daemon {

/// Runs the daemon until SIGTERM or SIGINT; the process's exit code. A clean stop is 0, within 20 s even under load.
int serve(Configuration configuration);

} // namespace appointd::daemon
