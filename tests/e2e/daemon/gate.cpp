#include "tests/e2e/daemon/gate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace appointd::e2e {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
asio::ip::tcp::endpoint loopback(unsigned short port) { return {asio::ip::make_address("127.0.0.1"), port}; }
} // namespace

Gate::Gate(testing_support::Loop& loop, std::vector<unsigned short> targets)
    : loop_(loop), targets_(std::move(targets)), acceptor_(loop.executor()) {
    open();
}

Gate::~Gate() { shut(); }

void Gate::open() {
    loop_.run([this] { listen(); });
}

void Gate::listen() {
    if (acceptor_.is_open()) return;
    acceptor_.open(asio::ip::tcp::v4());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(loopback(port_));
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(loop_.executor(), accept(), asio::detached);
}

void Gate::shut() {
    loop_.run([this] {
        error_code ignored;
        acceptor_.close(ignored);
        for (const auto& weak : pairs_)
            if (const auto pair = weak.lock()) {
                pair->near.close(ignored);
                pair->far.close(ignored);
            }
        pairs_.clear();
    });
}

asio::awaitable<void> Gate::accept() {
    for (;;) {
        auto pair = std::make_shared<Pair>(loop_.executor());
        error_code error;
        co_await acceptor_.async_accept(pair->near, asio::redirect_error(asio::use_awaitable, error));
        if (error) co_return;
        pairs_.remove_if([](const auto& weak) { return weak.expired(); });
        pairs_.push_back(pair);
        asio::co_spawn(loop_.executor(), connect(pair), asio::detached);
    }
}

asio::awaitable<void> Gate::connect(std::shared_ptr<Pair> pair) {
    const std::size_t first = next_++;
    const std::vector<unsigned short> targets = targets_;
    error_code error;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto endpoint = loopback(targets[(first + i) % targets.size()]);
        co_await pair->far.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
        if (!error) break;
        error_code ignored;
        pair->far.close(ignored);
    }
    if (error) {
        pair->near.close(error);
        co_return;
    }
    asio::co_spawn(loop_.executor(), carry(pair, true), asio::detached);
    co_await carry(pair, false);
}

asio::awaitable<void> Gate::carry(std::shared_ptr<Pair> pair, bool outward) {
    auto& from = outward ? pair->near : pair->far;
    auto& to = outward ? pair->far : pair->near;
    std::string bytes(64 * 1024, '\0');
    error_code error;
    while (!error) {
        const std::size_t count =
            co_await from.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
        if (count == 0) break;
        co_await asio::async_write(to, asio::buffer(bytes.data(), count), asio::redirect_error(asio::use_awaitable, error));
    }
    error_code ignored;
    from.close(ignored);
    to.close(ignored);
}

} // namespace appointd::e2e
