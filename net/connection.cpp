#include "net/connection.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <array>

namespace appointd::net {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t read_size = 8 * 1024;
constexpr int requests_in_a_row = 16;                 // of one connection before the others get a turn
constexpr std::size_t drain_bytes = 64 * 1024 * 1024; // of a refused body that are read and dropped
constexpr std::chrono::milliseconds drain_limit{5'000};
constexpr const char* retry_after_seconds = "5";

int status_of(const error_code& error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::bad_version) return 505;
    return 400;
}

struct Words {
    std::string_view code, message;
};

Words words_of(int status) {
    switch (status) {
    case 408: return {"request_timeout", "The request did not arrive in time; send it again."};
    case 413: return {"body_too_large", "The body is longer than this server takes."};
    case 417: return {"expectation_failed", "Only Expect: 100-continue is understood."};
    case 431: return {"header_too_large", "The request line and headers are longer than this server takes."};
    case 500: return {"internal", "Something broke on our side; the log has it."};
    case 503: return {"overloaded", "Too many bodies are being read; send it again."};
    case 501: return {"not_implemented", "Only the transfer coding \"chunked\" is understood."};
    case 505: return {"http_version", "Only HTTP/1.0 and HTTP/1.1 are understood."};
    default: return {"bad_request", "This is not a well-formed HTTP request."};
    }
}

/// In the envelope of docs/http-api.md, so that a client needs one reader of errors.
Response plain_refusal(int status) {
    const Words words = words_of(status);
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    if (status == 503) response.headers.emplace_back("Retry-After", retry_after_seconds);
    response.body = R"({"data":null,"error":{"code":")";
    response.body += words.code;
    response.body += R"(","message":")";
    for (const char c : words.message) {
        if (c == '"') response.body += '\\';
        response.body += c;
    }
    response.body += R"(","details":null}})";
    return response;
}

std::string address_of(const asio::ip::tcp::socket& socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error);
    return error ? std::string{} : peer.address().to_string();
}

} // namespace

Connection::Connection(asio::ip::tcp::socket socket, Listener& listener)
    : socket_(std::move(socket)), listener_(listener), buffer_(listener.limits.max_header + read_size),
      remote_(address_of(socket_)) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored); // most answers fit the socket's buffer: they are written without a wait
    listener_.connections.push_back(*this);
}

Connection::~Connection() { listener_.bodies -= held_; }

bool Connection::hold_body(std::size_t bytes) {
    const std::size_t wanted = bytes - std::min(bytes, listener_.limits.own_body);
    const std::size_t of_others = listener_.bodies - held_;
    if (wanted > held_ && of_others + wanted > listener_.limits.max_bodies) return false;
    listener_.bodies = of_others + wanted;
    held_ = wanted;
    return true;
}

void Connection::enter(Phase phase, std::chrono::milliseconds limit) {
    phase_ = phase;
    deadline_ = steady_clock::now() + limit;
    expired_ = false;
}

void Connection::check(steady_clock::time_point now) {
    if (phase_ == Phase::handling || now < deadline_) return;
    expired_ = true;
    error_code ignored;
    socket_.cancel(ignored);
}

void Connection::finish() {
    if (phase_ != Phase::idle || buffer_.size() != 0) return;
    error_code ignored;
    if (socket_.available(ignored) != 0) return; // a request is on its way in: it gets its answer
    closing_ = true;
    socket_.cancel(ignored);
}

void Connection::close() {
    closing_ = true;
    error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> Connection::run() {
    bool first = true;
    for (int in_a_row = 0; !closing_; first = false) {
        RequestParser parser(listener_.limits.max_header, listener_.limits.max_body);
        if (buffer_.size() != 0) {
            enter(Phase::header, listener_.limits.first_byte);
            if (++in_a_row % requests_in_a_row == 0) co_await asio::post(listener_.executor, asio::use_awaitable);
        } else {
            if (listener_.stopping) co_return;
            enter(Phase::idle, first ? listener_.limits.first_byte : listener_.limits.idle);
        }
        int status = first ? 408 : 0; // a kept connection that stays silent is closed without a word
        const Reading reading = co_await read_request(parser, status);
        if (reading == Reading::over) co_return;
        if (reading == Reading::refused) {
            co_await refuse(parser, status);
            co_return;
        }
        if (!co_await handle(parser)) co_return;
    }
}

asio::awaitable<Connection::Reading> Connection::read_request(RequestParser& parser, int& status) {
    bool header_seen = false;
    for (;;) {
        if (buffer_.size() != 0) {
            error_code error;
            buffer_.consume(parser.put(buffer_.data(), error));
            if (error && error != http::error::need_more) {
                status = status_of(error);
                co_return Reading::refused;
            }
            if (!hold_body(parser.request().body.size())) {
                status = 503;
                co_return Reading::refused;
            }
            if (parser.is_header_done() && !header_seen) {
                header_seen = true;
                status = parser.objection();
                if (status != 0) co_return Reading::refused;
                if (!parser.is_done()) {
                    const bool asks = parser.expects_continue() && parser.request().body.empty();
                    if (asks && !co_await write("HTTP/1.1 100 Continue\r\n\r\n", {})) co_return Reading::over;
                    enter(Phase::body, listener_.limits.body);
                }
            }
            if (parser.is_done()) co_return Reading::whole;
            if (buffer_.size() >= buffer_.max_size()) { // a chunk header or trailer without an end
                status = 431;
                co_return Reading::refused;
            }
        }
        error_code error;
        const auto room = std::min(read_size, buffer_.max_size() - buffer_.size());
        const auto space = buffer_.prepare(room);
        const std::size_t count = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            if (!expired_ || closing_) co_return Reading::over;
            if (phase_ != Phase::idle) status = 408;
            co_return status == 408 ? Reading::refused : Reading::over;
        }
        buffer_.commit(count);
        if (phase_ == Phase::idle) {
            phase_ = Phase::header;
            if (status != 408)
                enter(Phase::header, listener_.limits.first_byte); // the first request's clock runs since the accept
        }
    }
}

asio::awaitable<bool> Connection::handle(RequestParser& parser) {
    Request& request = parser.request();
    request.remote = remote_;
    const bool http_1_0 = parser.is_http_1_0();
    const bool wants_more = parser.keep_alive();
    const std::string method = request.method;
    Response response;
    phase_ = Phase::handling;
    try {
        response = co_await listener_.handler(std::move(request));
    } catch (const std::exception& broken) {
        listener_.log.error("a request handler threw", {{"code", "handler_threw"}, {"what", broken.what()}});
        response = plain_refusal(500);
    }
    hold_body(0);
    if (closing_ || response.status == 0) co_return false; // 0: the handler wants the connection cut
    const bool keep = wants_more && !listener_.stopping;
    const Framing framing{.keep_alive = keep, .http_1_0 = http_1_0};
    const std::string head = response_head(response, method, framing, listener_.date.now());
    const std::string_view body = has_body(response.status, method) ? std::string_view(response.body) : std::string_view{};
    const bool written = co_await write(head, body);
    co_return written&& keep;
}

asio::awaitable<void> Connection::refuse(RequestParser& parser, int status) {
    parser.request().remote = remote_;
    if (listener_.refused) listener_.refused(parser.request(), status);
    std::string().swap(parser.request().body);
    hold_body(0);
    const Response response = plain_refusal(status);
    const Framing framing{.keep_alive = false};
    const std::string head = response_head(response, parser.request().method, framing, listener_.date.now());
    const std::string_view body =
        has_body(status, parser.request().method) ? std::string_view(response.body) : std::string_view{};
    const bool written = co_await write(head, body);
    if (written) co_await drain();
}

asio::awaitable<bool> Connection::write(std::string_view head, std::string_view body) {
    std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
    error_code error;
    const std::size_t at_once = socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block) co_return false;
    const std::size_t all = head.size() + body.size();
    if (at_once == all) co_return true;
    const std::size_t of_head = std::min(at_once, head.size());
    buffers[0] += of_head;
    buffers[1] += at_once - of_head;
    enter(Phase::writing, listener_.limits.write);
    co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
}

/// Closing a socket with unread bytes resets it, and the peer may lose the answer: so what still comes is read and dropped for a
/// while.
asio::awaitable<void> Connection::drain() {
    enter(Phase::draining, drain_limit);
    error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    buffer_.consume(buffer_.size());
    for (std::size_t dropped = 0; !error && !closing_ && !expired_ && dropped < drain_bytes;) {
        const auto space = buffer_.prepare(read_size);
        dropped += co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, error));
    }
}

} // namespace appointd::net
