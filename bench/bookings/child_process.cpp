#include "bench/bookings/child_process.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace appointd::bench {

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
                           const std::string& log) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0) dup2(file, STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
}

ChildProcess::~ChildProcess() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

int ChildProcess::terminate() {
    int status = 0;
    kill(pid_, SIGTERM);
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

namespace {

struct Stat {
    int parent = 0;
    double cpu = 0;
};

/// /proc/PID/stat behind the command's name (which may hold spaces): state, ppid, … utime is field 14, stime 15.
Stat stat_of(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream fields(line.substr(name_end + 2));
    std::vector<std::string> words;
    for (std::string word; fields >> word;) words.push_back(word);
    if (words.size() < 13) return {};
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    return {std::stoi(words[1]), (std::stod(words[11]) + std::stod(words[12])) / ticks};
}

} // namespace

double cpu_seconds(int pid) { return stat_of(pid).cpu; }

double cpu_seconds_of_family(int parent) {
    double sum = cpu_seconds(parent);
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const Stat stat = stat_of(std::stoi(name));
        if (stat.parent == parent) sum += stat.cpu;
    }
    return sum;
}

long peak_memory(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6)) * 1024;
    return 0;
}

} // namespace appointd::bench
