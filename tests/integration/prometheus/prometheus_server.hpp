#pragma once

#include "net/reserved_port.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <optional>
#include <string>

#include <sys/types.h>

namespace appointd::test {

/// A real Prometheus that scrapes one target every 200 ms and evaluates deploy/prometheus/alerts.yml; gone with the object, also
/// when this program dies. Throws std::runtime_error with its log where it does not come up in 30 s.
class PrometheusServer {
public:
    /// `target`: "127.0.0.1:8081". `token`: bearer token of /metrics, empty for none.
    explicit PrometheusServer(const std::string& target, const std::string& token = "");
    ~PrometheusServer();
    PrometheusServer(const PrometheusServer&) = delete;
    PrometheusServer& operator=(const PrometheusServer&) = delete;

    static bool installed();

    /// The value of an instant query with one result; asks again until there is one, for 30 s, then throws std::runtime_error.
    double query(const std::string& expression) const;
    /// The answer of GET `path` ("/api/v1/targets"), empty where there is none yet.
    std::string get(const std::string& path) const;

private:
    void write_configuration(const std::string& target, const std::string& token) const;
    void spawn();
    std::string log() const;

    TemporaryDirectory directory_{"prometheus"};
    net::ReservedPort port_;
    pid_t process_ = -1;
};

} // namespace appointd::test
