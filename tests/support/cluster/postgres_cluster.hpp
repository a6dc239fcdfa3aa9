#pragma once

#include "tests/support/cluster/temporary_directory.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

struct pg_conn;

namespace appointd::test {

/// A PostgreSQL cluster with durable settings: the one that $APPOINTD_TEST_POSTGRES names (scripts/test-postgres makes it), or
/// else a private one on a free loopback port, run as the user postgres where we are root. Databases made here are dropped at the
/// end, a private cluster is taken down, also when the program dies (the server gets a signal when its parent ends). One thread
/// at a time. Throws std::runtime_error with the reason when a cluster cannot be had.
class PostgresCluster {
public:
    PostgresCluster();
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    /// The program's own, started at first use; call it first from the main thread.
    static PostgresCluster& of_this_program();

    /// Makes an empty database; answers its URL.
    std::string fresh_database();

    /// Runs SQL in the database of `url`; answers the first column of the first row, empty where there is none.
    static std::string execute(const std::string& url, const std::string& sql);

private:
    void start();
    void stop() noexcept;

    std::string url_; // of the database "postgres"
    /// To a shared cluster, kept for the end: when statics go, OpenSSL is gone and libpq can connect no more.
    std::unique_ptr<pg_conn, void (*)(pg_conn*)> keeper_;
    std::vector<std::string> databases_;
    std::optional<TemporaryDirectory> directory_; // of a private cluster
    pid_t server_ = -1;
};

/// `url` with another host and port, for a program between us and the server.
std::string with_port(const std::string& url, int port);
int port_of(const std::string& url);

} // namespace appointd::test
