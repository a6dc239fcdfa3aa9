#pragma once

#include <atomic>
#include <thread>
#include <vector>

namespace appointd::test {

/// Stands between a session and the server and cuts the line where a test says.
class CuttingProxy {
public:
    explicit CuttingProxy(int server_port);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    int port() const { return port_; }
    /// Lets `requests` more through to the server and drops the answer to the last with the connection.
    void cut_answer_of_request(int requests) { countdown_ = requests; }
    /// While away, connections are closed as soon as they come.
    void set_away(bool away) { away_ = away; }
    int connections() const { return connections_; }

private:
    void accept_all();
    void carry(int client);

    int server_port_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> countdown_{0};
    std::atomic<bool> away_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<int> connections_{0};
    std::vector<std::jthread> carriers_;
    std::jthread acceptor_;
};

} // namespace appointd::test
