#pragma once

#include "foundation/log.hpp"
#include "foundation/result.hpp"
#include "net/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace appointd::net {

/// Bounds of one listener; each is kept by closing the connection after a clear answer where HTTP allows one.
struct ServerLimits {
    std::size_t max_body = 1024 * 1024;           ///< more: 413, answered before the body is read to its end
    std::size_t max_header = 16 * 1024;           ///< more: 431
    std::chrono::milliseconds first_byte{10'000}; ///< from accept to the whole header of the first request: 408
    std::chrono::milliseconds body{20'000};       ///< for the body of a request: 408
    std::chrono::milliseconds idle{60'000};       ///< between requests of a kept connection
    std::chrono::milliseconds write{20'000};
    std::size_t max_connections = 4096; ///< more wait in the backlog
    /// Bytes of all bodies that are held at once, from the first byte read until the answer is known, beyond `own_body` of each
    /// connection: 503. Signatures are checked over whole bodies, so strangers' bodies are held too.
    std::size_t max_bodies = 64 * 1024 * 1024;
    std::size_t own_body = 16 * 1024; ///< of a connection, never refused: what most webhooks need
};

/// Answers one request. Throwing is answered 500 and logged; the connection goes on.
/// May suspend as long as it likes; requests of one connection are answered in order.
/// A response with status 0 is not sent: the connection is closed without an answer (the sandbox's "answer was lost").
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

/// Told of each request that the server refuses by itself (400, 408, 413, 417, 431, 501, 503, 505): what is known of it, and the
/// status answered.
using Refused = std::function<void(const Request&, int status)>;

/// One listening socket over Boost.Beast, HTTP/1.1 with keep-alive and pipelining in order.
/// All work runs on `executor` (a single-threaded io_context or a strand); call every member from there or before it runs.
class HttpServer {
public:
    /// Binds and listens at once (SO_REUSEADDR), so that a caller learns of a taken port. Address "127.0.0.1:8080", "[::1]:0".
    /// Errors: listen_failed, bad_address.
    static Result<std::unique_ptr<HttpServer>> listen(boost::asio::any_io_executor executor, const std::string& address,
                                                      ServerLimits limits, Handler handler, Log log, Refused refused = {});
    virtual ~HttpServer() = default;

    /// Begins to accept.
    virtual void start() = 0;
    /// The port in use, also where 0 was asked.
    virtual unsigned short port() const = 0;
    /// Stops accepting, closes idle connections, lets requests under way finish with "Connection: close"; completes when the last
    /// connection ended or `limit` has passed, whichever is first, and closes what is left.
    virtual boost::asio::awaitable<void> stop(std::chrono::milliseconds limit) = 0;
};

} // namespace appointd::net
