#pragma once

#include "tests/support/loopback.hpp"

#include <atomic>
#include <list>
#include <memory>

namespace appointd::e2e {

/// A TCP forwarder in front of a server on 127.0.0.1. Shut, it is a server that is away: connections are cut and refused.
class Gate {
public:
    /// Forwards to `target` from a port of its own.
    Gate(testing_support::Loop& loop, unsigned short target);
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
    unsigned short target_, port_ = 0;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<std::weak_ptr<Pair>> pairs_;
};

} // namespace appointd::e2e
