#pragma once

#include <map>
#include <string>
#include <vector>

namespace appointd::bench {

/// A program started by the bench, and ended by it. Its standard error goes to `log`.
class ChildProcess {
public:
    ChildProcess(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
                 const std::string& log);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    int pid() const { return pid_; }
    /// SIGTERM, then waits; the exit code, or -1 when a signal ended it.
    int terminate();

private:
    int pid_ = -1;
};

/// User and system CPU seconds of a process, 0 where it is gone.
double cpu_seconds(int pid);
/// The same, summed over every process whose parent is `parent`, and itself: a PostgreSQL cluster.
double cpu_seconds_of_family(int parent);
/// Peak resident memory in bytes.
long peak_memory(int pid);

} // namespace appointd::bench
