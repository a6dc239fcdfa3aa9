#pragma once

#include "sandbox/options.hpp"

namespace appointd::sandbox {

/// Runs a sandbox alone until SIGINT or SIGTERM: `appointd sandbox`. Prints, on standard output, where it listens and the
/// lines that configure a daemon. 0; 1 when it cannot listen (said on standard error).
/// Where no event type is given it makes one, https://api.calendly.com/event_types/coaching-60.
int run(Options options);

} // namespace appointd::sandbox
