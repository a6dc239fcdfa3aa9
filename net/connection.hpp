#pragma once

#include "net/http_server.hpp"
#include "net/request_parser.hpp"
#include "net/response_head.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace appointd::net {

using Hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

struct Listener;

/// One accepted socket, from the first byte to the last. Single-threaded, like its listener.
class Connection : public Hook {
public:
    Connection(boost::asio::ip::tcp::socket socket, Listener& listener);
    ~Connection();

    /// Answers requests in order until either side has enough.
    boost::asio::awaitable<void> run();

    /// Ends the wait under way if its deadline has passed. Called now and then for every connection: cheaper than a timer each.
    void check(std::chrono::steady_clock::time_point now);
    /// Closes it if nobody is served on it; otherwise the answer under way says "Connection: close".
    void finish();
    void close();

private:
    enum class Phase { idle, header, body, handling, writing, draining };
    enum class Reading { whole, over, refused };

    void enter(Phase phase, std::chrono::milliseconds limit);
    /// Counts a body of so many bytes against what the listener's connections may hold together; false: that is too much.
    bool hold_body(std::size_t bytes);
    boost::asio::awaitable<Reading> read_request(RequestParser& parser, int& status);
    boost::asio::awaitable<bool> handle(RequestParser& parser);
    boost::asio::awaitable<void> refuse(RequestParser& parser, int status);
    boost::asio::awaitable<bool> write(std::string_view head, std::string_view body);
    boost::asio::awaitable<void> drain();

    boost::asio::ip::tcp::socket socket_;
    Listener& listener_;
    boost::beast::flat_buffer buffer_;
    std::string remote_;
    std::chrono::steady_clock::time_point deadline_;
    Phase phase_ = Phase::idle;
    std::size_t held_ = 0; ///< of the listener's bodies
    bool expired_ = false;
    bool closing_ = false;
};

using Connections = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

/// What the connections of one listener share; lives as long as the last of them.
struct Listener {
    Listener(boost::asio::any_io_executor its_executor, ServerLimits its_limits, Handler its_handler, Log its_log,
             Refused its_refused)
        : executor(its_executor), limits(its_limits), handler(std::move(its_handler)), log(std::move(its_log)),
          refused(std::move(its_refused)), acceptor(its_executor), sweep(its_executor), changed(its_executor) {}

    boost::asio::any_io_executor executor;
    const ServerLimits limits;
    const Handler handler;
    const Log log;
    const Refused refused;
    boost::asio::ip::tcp::acceptor acceptor;
    boost::asio::steady_timer sweep;   ///< one timer looks after the deadlines of all connections
    boost::asio::steady_timer changed; ///< cancelled when a connection ends
    DateText date;
    Connections connections;
    std::size_t open = 0;
    std::size_t bodies = 0; ///< bytes held beyond each connection's own
    bool stopping = false;
};

} // namespace appointd::net
