#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace appointd::e2e {

/// A program running as a child, its output in a file. Killed and reaped when destroyed.
class Child {
public:
    using Environment = std::map<std::string, std::string, std::less<>>;

    /// Runs argv[0] with exactly this environment; standard output and error go to `log_file`, after what is in it.
    Child(std::vector<std::string> argv, const Environment& environment, std::string log_file);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void signal(int number) const;
    /// Its exit code, 128 + n where signal n ended it; nullopt if it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);
    bool running();
    /// The last of its output, for messages.
    std::string tail(std::size_t bytes = 3000) const;

private:
    pid_t pid_ = -1;
    std::optional<int> ended_;
    std::string log_file_;
};

} // namespace appointd::e2e
