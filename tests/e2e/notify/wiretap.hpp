#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <mutex>
#include <string>
#include <thread>

namespace appointd::e2e {

/// Stands on the way to a port of this machine, passes everything on, and keeps what clients said: what one who listens on the
/// network would read.
class Wiretap {
public:
    explicit Wiretap(unsigned short towards);
    ~Wiretap();

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    std::string heard() const;

private:
    void accept();

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    const unsigned short towards_;
    mutable std::mutex mutex_;
    std::string heard_;
    std::thread thread_;
};

} // namespace appointd::e2e
