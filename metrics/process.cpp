#include "metrics/process.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace appointd::metrics {

namespace {

std::string slurp(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The fields of /proc/self/stat after the program's name, which may itself hold spaces and brackets.
std::vector<double> stat_fields() {
    const std::string text = slurp("/proc/self/stat");
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return {};
    std::istringstream rest(text.substr(end_of_name + 2));
    std::string state;
    rest >> state;
    return {std::istream_iterator<double>(rest), {}};
}

double boot_seconds() {
    std::ifstream file("/proc/stat");
    std::string name;
    while (file >> name) {
        double value = 0;
        if (name == "btime" && file >> value) return value;
        file.ignore(1 << 20, '\n');
    }
    return 0;
}

double count_open_fds() {
    std::error_code error;
    const std::filesystem::directory_iterator fds("/proc/self/fd", error);
    if (error) return 0;
    // The listing itself holds one descriptor open.
    return static_cast<double>(std::distance(begin(fds), end(fds)) - 1);
}

} // namespace

ProcessFacts read_process_facts() {
    ProcessFacts facts;
    // proc(5) counts from 1 with pid and name before the state: utime is field 14, here place 10.
    constexpr std::size_t utime = 10, stime = 11, starttime = 18, vsize = 19, rss = 20;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const std::vector<double> fields = stat_fields();
    if (fields.size() > rss && ticks > 0) {
        facts.cpu_seconds = (fields[utime] + fields[stime]) / ticks;
        facts.start_seconds = boot_seconds() + fields[starttime] / ticks;
        facts.virtual_bytes = fields[vsize];
        facts.resident_bytes = fields[rss] * static_cast<double>(sysconf(_SC_PAGESIZE));
    }
    facts.open_fds = count_open_fds();
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_fds = static_cast<double>(limit.rlim_cur);
    return facts;
}

} // namespace appointd::metrics
