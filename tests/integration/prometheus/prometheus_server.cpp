#include "tests/integration/prometheus/prometheus_server.hpp"

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"
#include "net/http_client.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace appointd::test {

namespace {

constexpr const char* program = "/usr/bin/prometheus";
constexpr std::chrono::seconds patience{30};

/// Another program's progress can only be asked for.
bool until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

} // namespace

bool PrometheusServer::installed() { return ::access(program, X_OK) == 0; }

PrometheusServer::PrometheusServer(const std::string& target, const std::string& token) {
    write_configuration(target, token);
    spawn();
    if (!until([this] { return get("/-/ready").find("Ready") != std::string::npos; }))
        throw std::runtime_error("prometheus did not start:\n" + log());
}

PrometheusServer::~PrometheusServer() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    const bool ended = until([this] { return ::waitpid(process_, nullptr, WNOHANG) != 0; });
    if (ended) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

void PrometheusServer::write_configuration(const std::string& target, const std::string& token) const {
    std::ofstream file(directory_.path() / "prometheus.yml");
    file << "global: { scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms }\n"
         << "rule_files: [\"" << APPOINTD_SOURCE << "/deploy/prometheus/alerts.yml\"]\n"
         << "scrape_configs:\n  - job_name: appointd\n";
    if (!token.empty()) file << "    authorization: { type: Bearer, credentials: \"" << token << "\" }\n";
    file << "    static_configs: [ { targets: [\"" << target << "\"] } ]\n";
}

void PrometheusServer::spawn() {
    const std::string folder = directory_.path().string();
    std::vector<std::string> words = {program, "--config.file=" + folder + "/prometheus.yml",
                                      "--storage.tsdb.path=" + folder + "/data", "--web.listen-address=" + port_.address()};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log_file = folder + "/log";
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("cannot fork");
    if (process_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int output = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(program, arguments.data());
    ::_exit(127);
}

std::string PrometheusServer::log() const {
    std::ifstream file(directory_.path() / "log");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string PrometheusServer::get(const std::string& path) const {
    boost::asio::io_context context(1);
    const auto client = net::HttpClient::make(context.get_executor(), net::ClientLimits{});
    net::ClientRequest request;
    request.url = "http://" + port_.address() + path;
    std::string body;
    auto done = [&](const std::exception_ptr& failure, const net::ClientResponse& response) {
        if (!failure && response.status == 200) body = response.body;
        context.stop();
    };
    boost::asio::co_spawn(context, client->send(std::move(request)), done);
    context.run();
    return body;
}

double PrometheusServer::query(const std::string& expression) const {
    std::optional<double> value;
    std::string answer;
    until([&] {
        answer = get("/api/v1/query?query=" + percent_encode(expression));
        const auto body = parse_object(answer);
        const json::object* data = body ? object_field(*body, "data") : nullptr;
        const json::array* result = data != nullptr ? array_field(*data, "result") : nullptr;
        if (result == nullptr || result->empty()) return false;
        // [{"metric": {…}, "value": [instant, "text"]}]
        value = std::stod(std::string(result->front().at("value").as_array().at(1).as_string()));
        return true;
    });
    if (!value) throw std::runtime_error("no result for " + expression + ": " + answer + "\n" + log());
    return *value;
}

} // namespace appointd::test
