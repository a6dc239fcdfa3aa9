#pragma once

#include "daemon/command_line.hpp"

namespace appointd::demo {

/// `appointd demo`: sandbox and daemon in this process, bookings taken their whole way over HTTP, and both ledgers compared.
/// The process's exit code: 0 only where every booking ended as its script says and not a cent or a meeting is off.
int run_demo(const daemon::DemoCommand& command);

} // namespace appointd::demo
