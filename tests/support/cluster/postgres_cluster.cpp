#include "tests/support/cluster/postgres_cluster.hpp"

#include "foundation/digest.hpp"
#include "net/reserved_port.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace appointd::test {

namespace {

using ConnectionHandle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string program(const char* name) {
    const char* folder = std::getenv("APPOINTD_POSTGRES_BIN");
    return std::string(folder ? folder : "/usr/lib/postgresql/15/bin") + "/" + name;
}

std::string random_hex(std::size_t bytes) {
    std::vector<std::byte> random(bytes);
    fill_random(random);
    return to_hex(random);
}

/// Starts a program with its output in `log`. As root it becomes the user postgres; either way it ends with us: SIGINT is the
/// server's fast shutdown.
pid_t spawn(std::vector<std::string> command, const std::filesystem::path& log) {
    const bool root = geteuid() == 0;
    if (root) {
        const std::vector<std::string> become{"/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
                                              "--pdeathsig=SIGINT"};
        command.insert(command.begin(), become.begin(), become.end());
    }
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const std::string log_path = log.string();
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child > 0) return child;
    if (!root) prctl(PR_SET_PDEATHSIG, SIGINT);
    const int output = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(output, 1);
    dup2(output, 2);
    if (chdir("/") == 0) execv(arguments[0], arguments.data());
    _exit(127);
}

void run(std::vector<std::string> command, const std::filesystem::path& log) {
    const std::string name = command.front();
    int status = 0;
    waitpid(spawn(std::move(command), log), &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    std::ifstream lines(log);
    throw std::runtime_error(name + " failed: " + std::string(std::istreambuf_iterator<char>(lines), {}));
}

void give_to_postgres(const std::filesystem::path& path) {
    if (geteuid() != 0) return;
    const passwd* user = getpwnam("postgres");
    if (!user || chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("no user postgres to run a cluster");
}

} // namespace

int port_of(const std::string& url) {
    const auto colon = url.find(':', url.find('@'));
    return std::stoi(url.substr(colon + 1));
}

std::string with_port(const std::string& url, int port) {
    const auto at = url.find('@');
    return url.substr(0, at + 1) + "127.0.0.1:" + std::to_string(port) + url.substr(url.find('/', at));
}

PostgresCluster::PostgresCluster() : keeper_(nullptr, &PQfinish) {
    if (const char* given = std::getenv("APPOINTD_TEST_POSTGRES"); given && *given)
        url_ = given;
    else
        start();
}

PostgresCluster::~PostgresCluster() {
    if (keeper_) // what cannot be dropped the cluster's owner cleans up
        for (const std::string& name : databases_)
            ResultHandle(PQexec(keeper_.get(), ("drop database if exists " + name + " with (force)").c_str()), &PQclear);
    stop();
}

PostgresCluster& PostgresCluster::of_this_program() {
    static PostgresCluster cluster;
    return cluster;
}

void PostgresCluster::start() {
    directory_.emplace("postgres");
    give_to_postgres(directory_->path());
    const std::string password = random_hex(12);
    const auto password_file = directory_->path() / "password";
    std::ofstream(password_file) << password << '\n';
    give_to_postgres(password_file);
    run({program("initdb"), "--pgdata=" + (directory_->path() / "data").string(), "--username=appointd",
         "--pwfile=" + password_file.string(), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"},
        directory_->path() / "initdb.log");
    const net::ReservedPort port;
    server_ = spawn({program("postgres"), "-D", (directory_->path() / "data").string(), "-c", "listen_addresses=127.0.0.1", "-c",
                     "port=" + std::to_string(port.number()), "-c", "unix_socket_directories=", "-c", "max_connections=60"},
                    directory_->path() / "server.log");
    url_ = "postgresql://appointd:" + password + "@" + port.address() + "/postgres";
    for (int tick = 0; tick < 600; ++tick) {
        if (PQping(url_.c_str()) == PQPING_OK) return;
        if (waitpid(server_, nullptr, WNOHANG) == server_) {
            server_ = -1;
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    stop();
    throw std::runtime_error("PostgreSQL does not start");
}

void PostgresCluster::stop() noexcept {
    if (server_ < 0) return;
    kill(server_, SIGQUIT); // immediate: nobody needs its data again
    waitpid(server_, nullptr, 0);
    server_ = -1;
}

std::string PostgresCluster::fresh_database() {
    std::string name = "appointd_test_" + random_hex(8);
    execute(url_, "create database " + name);
    databases_.push_back(name);
    return url_.substr(0, url_.rfind('/') + 1) + name;
}

std::string PostgresCluster::execute(const std::string& url, const std::string& sql) {
    const ConnectionHandle connection(PQconnectdb(url.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
    const ResultHandle result(PQexec(connection.get(), sql.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : std::string{};
}

} // namespace appointd::test
