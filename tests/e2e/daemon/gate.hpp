#pragma once

#include "tests/support/loopback.hpp"

#include <list>
#include <memory>
#include <vector>

namespace appointd::e2e {

/// A TCP forwarder in front of servers on 127.0.0.1: connections go to them in turn, past those that do not listen. Shut, it is
/// a server that is away: connections are cut and refused.
class Gate {
public:
    Gate(testing_support::Loop& loop, std::vector<unsigned short> targets);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    unsigned short port() const { return port_; }
    void shut();
    /// Lets connections in again, on the same port.
    void open();

private:
    struct Pair {
        explicit Pair(boost::asio::any_io_executor executor) : near(executor), far(executor) {}
        boost::asio::ip::tcp::socket near, far;
    };
    boost::asio::awaitable<void> accept();
    static boost::asio::awaitable<void> carry(std::shared_ptr<Pair> pair, bool outward);
    boost::asio::awaitable<void> connect(std::shared_ptr<Pair> pair);
    void listen();

    testing_support::Loop& loop_;
    std::vector<unsigned short> targets_;
    std::size_t next_ = 0;
    unsigned short port_ = 0;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<std::weak_ptr<Pair>> pairs_;
};

} // namespace appointd::e2e
