#pragma once

#include "net/http_server.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace appointd::bench {

/// Stripe and Zoom that answer at once: the session's id is made from the booking's, the meeting's from a counter.
class ProviderStub {
public:
    /// Told of each checkout and each meeting, with the booking's id.
    struct Told {
        std::function<void(const std::string& booking)> checkout;
        std::function<void(const std::string& booking, const std::string& meeting)> meeting;
    };
    ProviderStub(boost::asio::io_context& context, Told told);
    unsigned short port() const { return server_->port(); }

private:
    net::Response answer(const net::Request& request);
    Told told_;
    long meetings_ = 80'000'000'000;
    std::unique_ptr<net::HttpServer> server_;
};

} // namespace appointd::bench
