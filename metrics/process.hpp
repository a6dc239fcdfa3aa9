#pragma once

namespace appointd::metrics {

/// What the operating system says of this process; zero where it does not say.
struct ProcessFacts {
    double cpu_seconds = 0;
    double resident_bytes = 0;
    double virtual_bytes = 0;
    double open_fds = 0;
    double max_fds = 0;
    double start_seconds = 0; ///< since 1970
};

/// Reads /proc/self; some tens of microseconds. Safe from any thread.
ProcessFacts read_process_facts();

} // namespace appointd::metrics
