#include "net/http_server.hpp"

#include "net/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace appointd::net {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr int backlog = 4096;
constexpr milliseconds accept_pause{100}; // after an error of accept that only time heals (no descriptors, no memory)
constexpr milliseconds stop_grace{500};   // for closed connections to unwind

std::optional<tcp::endpoint> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view port_text = text.substr(colon + 1);
    unsigned short port = 0;
    const auto [end, failed] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (failed != std::errc{} || end != port_text.data() + port_text.size()) return std::nullopt;
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error) return std::nullopt;
    return tcp::endpoint(address, port);
}

asio::awaitable<void> pause(asio::steady_timer& timer, milliseconds length) {
    timer.expires_after(length);
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> serve(tcp::socket socket, std::shared_ptr<Listener> listener) {
    try {
        Connection connection(std::move(socket), *listener);
        co_await connection.run();
    } catch (const std::exception& broken) {
        listener->log.error("a connection broke", {{"code", "connection_broke"}, {"what", broken.what()}});
    }
    --listener->open;
    listener->changed.cancel();
}

asio::awaitable<void> accept_all(std::shared_ptr<Listener> listener) {
    asio::steady_timer timer(listener->executor);
    while (!listener->stopping) {
        if (listener->open >= listener->limits.max_connections) { // the rest wait in the backlog
            co_await pause(listener->changed, milliseconds(1'000));
            continue;
        }
        error_code error;
        tcp::socket socket = co_await listener->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (listener->stopping) co_return;
        if (error) {
            if (error == asio::error::connection_aborted) continue;
            listener->log.warn("cannot accept a connection", {{"code", "accept_failed"}, {"what", error.message()}});
            co_await pause(timer, accept_pause);
            continue;
        }
        ++listener->open;
        asio::co_spawn(listener->executor, serve(std::move(socket), listener), asio::detached);
    }
}

milliseconds sweep_period(const ServerLimits& limits) {
    const auto shortest = std::min({limits.first_byte, limits.body, limits.idle, limits.write});
    return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

asio::awaitable<void> sweep_all(std::shared_ptr<Listener> listener) {
    const auto period = sweep_period(listener->limits);
    while (!listener->stopping || listener->open != 0) {
        co_await pause(listener->sweep, period);
        const auto now = steady_clock::now();
        for (Connection& connection : listener->connections) connection.check(now);
    }
}

class Server final : public HttpServer {
public:
    explicit Server(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
    ~Server() override {
        stop_accepting();
        close_all();
    }

    void start() override {
        asio::co_spawn(listener_->executor, accept_all(listener_), asio::detached);
        asio::co_spawn(listener_->executor, sweep_all(listener_), asio::detached);
    }

    unsigned short port() const override { return port_; }
    void remember_port() { port_ = listener_->acceptor.local_endpoint().port(); }

    asio::awaitable<void> stop(milliseconds limit) override {
        const auto listener = listener_;
        const auto deadline = steady_clock::now() + limit;
        stop_accepting();
        for (Connection& connection : listener->connections) connection.finish();
        co_await wait_for_end(listener, deadline);
        listener->sweep.cancel(); // it ends with the last connection
        if (listener->open == 0) co_return;
        listener->log.warn("closing connections that did not end in time",
                           {{"code", "connections_cut_off"}, {"connections", static_cast<std::uint64_t>(listener->open)}});
        for (Connection& connection : listener->connections) connection.close();
        co_await wait_for_end(listener, steady_clock::now() + stop_grace);
    }

private:
    static asio::awaitable<void> wait_for_end(std::shared_ptr<Listener> listener, steady_clock::time_point deadline) {
        while (listener->open != 0 && steady_clock::now() < deadline) {
            const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
            co_await pause(listener->changed, std::max(left, milliseconds(1)));
        }
    }

    void stop_accepting() {
        listener_->stopping = true;
        error_code ignored;
        listener_->acceptor.close(ignored);
        listener_->changed.cancel();
    }

    void close_all() {
        for (Connection& connection : listener_->connections) connection.close();
        listener_->sweep.cancel();
    }

    std::shared_ptr<Listener> listener_;
    unsigned short port_ = 0;
};

} // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor, const std::string& address,
                                                       ServerLimits limits, Handler handler, Log log, Refused refused) {
    const auto endpoint = parse_address(address);
    if (!endpoint)
        return Error{"bad_address",
                     "\"" + address + "\" is not an address to listen on; write it like 127.0.0.1:8080 or [::1]:8080"};
    auto listener = std::make_shared<Listener>(executor, limits, std::move(handler), std::move(log), std::move(refused));
    tcp::acceptor& acceptor = listener->acceptor;
    error_code error;
    acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(backlog, error);
    if (error) return Error{"listen_failed", "cannot listen on " + address + ": " + error.message()};
    auto server = std::make_unique<Server>(std::move(listener));
    server->remember_port();
    return std::unique_ptr<HttpServer>(std::move(server));
}

} // namespace appointd::net
