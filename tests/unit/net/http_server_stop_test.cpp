#include "net/http_server.hpp"
#include "tests/support/loopback.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace appointd::net {
namespace {

using namespace std::chrono_literals;
using testing_support::Loop;
using testing_support::LoopbackServer;
using testing_support::RawClient;

/// A handler that waits at a gate until the test opens it.
struct HttpServerStopTest : testing::Test {
    Loop loop;
    boost::asio::steady_timer gate{loop.executor(), boost::asio::steady_timer::time_point::max()};
    std::promise<void> arrived;
    std::unique_ptr<LoopbackServer> server = std::make_unique<LoopbackServer>(
        loop, ServerLimits{}, [this](Request request) -> boost::asio::awaitable<Response> { return answer(std::move(request)); });

    boost::asio::awaitable<Response> answer(Request request) {
        if (request.path == "/wait") {
            arrived.set_value();
            boost::system::error_code ignored;
            co_await gate.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
        Response response;
        response.body = "done";
        co_return response;
    }
    void open_gate() {
        loop.run([&] { gate.cancel(); });
    }
};

TEST_F(HttpServerStopTest, IdleConnectionsAreClosedAtOnce) {
    RawClient fresh(server->port()), kept(server->port());
    EXPECT_EQ(kept.ask("GET / HTTP/1.1\r\n\r\n").status, 200);
    const auto begin = std::chrono::steady_clock::now();
    server->stop(10s);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
    EXPECT_TRUE(kept.closed_without_a_word());
    EXPECT_TRUE(fresh.closed_without_a_word());
}

TEST_F(HttpServerStopTest, RequestUnderWayIsAnsweredThenClosed) {
    RawClient client(server->port());
    client.send("GET /wait HTTP/1.1\r\n\r\n");
    arrived.get_future().wait();
    auto stopping = server->begin_stop(10s);
    EXPECT_EQ(stopping.wait_for(50ms), std::future_status::timeout);
    open_gate();
    const auto answer = client.read();
    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(stopping.wait_for(5s), std::future_status::ready);
    EXPECT_TRUE(client.closed_without_a_word());
}

TEST_F(HttpServerStopTest, WhatDoesNotEndInTimeIsClosed) {
    RawClient client(server->port());
    client.send("GET /wait HTTP/1.1\r\n\r\n");
    arrived.get_future().wait();
    const auto begin = std::chrono::steady_clock::now();
    server->stop(100ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
    EXPECT_TRUE(client.closed_without_a_word());
    open_gate();
    server.reset();
}

TEST_F(HttpServerStopTest, ThePortIsFreeAgainAtOnce) {
    const auto port = server->port();
    RawClient client(port);
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 200);
    server->stop(1s);
    server.reset();
    const auto again = loop.run([&] {
        return HttpServer::listen(
            loop.executor(), "127.0.0.1:" + std::to_string(port), {},
            [](Request) -> boost::asio::awaitable<Response> { co_return Response{}; }, Log());
    });
    EXPECT_TRUE(again.has_value());
}

TEST_F(HttpServerStopTest, ServerMayGoWhileAHandlerStillWaits) {
    RawClient client(server->port());
    client.send("GET /wait HTTP/1.1\r\n\r\n");
    arrived.get_future().wait();
    server.reset();
    EXPECT_TRUE(client.closed_without_a_word());
    open_gate();
}

} // namespace
} // namespace appointd::net
