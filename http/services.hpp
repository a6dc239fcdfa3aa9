#pragma once

#include "foundation/encoding.hpp"
#include "foundation/time_zone.hpp"
#include "http/dependencies.hpp"
#include "http/rate_limit.hpp"
#include "http/reader_pool.hpp"
#include "net/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace appointd::http {

/// What every route may use. One thread (the executor's), the reader pool's threads excepted.
struct Services {
    Services(boost::asio::any_io_executor its_executor, Dependencies its_dependencies)
        : executor(its_executor), given(std::move(its_dependencies)),
          readers(its_executor, given.readers, given.settings.reader_threads, given.settings.read_limit, given.log),
          searches(its_executor, given.readers, 1, given.settings.read_limit, given.log),
          pings(its_executor, given.readers, 1, given.settings.read_limit, given.log),
          creations(given.settings.create_per_minute), lookups(60) {}

    boost::asio::any_io_executor executor;
    const Dependencies given;
    ReaderPool readers;
    ReaderPool searches; ///< of /go/calendly: anybody may ask for them, and one reads many rows
    ReaderPool pings;    ///< of /readyz: whether the database answers must not depend on what others ask of it
    RateLimit creations; ///< bookings made without an API token
    RateLimit lookups;   ///< searches of /go/calendly
    TimeZones zones;
};

/// A request on its way to a handler.
struct Call {
    net::Request request;
    std::vector<std::string> parameters; ///< what stood for {…} in the pattern, percent-decoded
    std::chrono::steady_clock::time_point received;
};

using RouteHandler = std::function<boost::asio::awaitable<net::Response>(Services&, Call&)>;

enum class Access {
    open,
    api,   ///< the API token, where one is set
    admin, ///< the admin token, where one is set
};

struct Route {
    std::string method;
    std::string pattern; ///< "/api/bookings/{id}": a segment in braces stands for any one segment that is not empty
    Access access = Access::open;
    RouteHandler handler;
};

} // namespace appointd::http
