#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>

namespace appointd::bench {

/// One kept HTTP/1.1 connection of the load: as little client as possible, so that the machine's two cores are the daemon's.
/// Understands what our own server answers (Content-Length, no chunks).
class KeepAlive {
public:
    explicit KeepAlive(const boost::asio::any_io_executor& executor) : socket_(executor) {}
    boost::asio::awaitable<void> connect(unsigned short port);
    struct Answer {
        int status = 0;
        std::string body;
    };
    /// `head` is the request line and headers without Content-Length, each line ended.
    boost::asio::awaitable<Answer> exchange(std::string head, std::string body);

private:
    boost::asio::ip::tcp::socket socket_;
    std::string buffer_;
};

} // namespace appointd::bench
