#include "tests/e2e/daemon/child.hpp"

#include <csignal>
#include <fstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace appointd::e2e {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

} // namespace

Child::Child(std::vector<std::string> argv, const Environment& environment, std::string log_file)
    : log_file_(std::move(log_file)) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
    auto arguments = pointers(argv);
    auto settings = pointers(variables);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1); // or it would keep our listening sockets alive
    const int failed = ::posix_spawn(&pid_, arguments.front(), &actions, nullptr, arguments.data(), settings.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "could not run " + argv.front());
}

Child::~Child() {
    signal(SIGKILL);
    wait(std::chrono::seconds(10));
}

void Child::signal(int number) const {
    if (!ended_) ::kill(pid_, number);
}

std::optional<int> Child::wait(std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!ended_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_)
            ended_ = code_of(status);
        else if (std::chrono::steady_clock::now() >= until)
            break;
        else
            std::this_thread::sleep_for(std::chrono::milliseconds(5)); // between two looks: waitpid knows no limit
    }
    return ended_;
}

bool Child::running() { return !wait(std::chrono::milliseconds(0)); }

std::string Child::tail(std::size_t bytes) const {
    std::ifstream file(log_file_, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    return text.size() > bytes ? text.substr(text.size() - bytes) : text;
}

} // namespace appointd::e2e
