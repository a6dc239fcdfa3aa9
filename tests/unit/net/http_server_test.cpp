#include "net/http_server.hpp"
#include "tests/support/loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::net {
namespace {

using testing_support::Loop;
using testing_support::LoopbackServer;
using testing_support::RawClient;

boost::asio::awaitable<Response> echo(Request request) {
    if (request.path == "/throw") throw std::runtime_error("on purpose");
    Response response;
    response.headers.emplace_back("X-Method", request.method);
    response.headers.emplace_back("X-Path", request.path);
    response.headers.emplace_back("X-Query", request.query);
    response.headers.emplace_back("X-Remote", request.remote);
    if (const auto break_out = find_header(request.headers, "X-Break")) response.headers.emplace_back("X-Safe", "a\r\nX-Evil: b");
    if (request.path == "/none") response.status = 204;
    response.body = std::move(request.body);
    if (request.path == "/long") response.body.assign(4 * 1024 * 1024, 'x');
    co_return response;
}

struct HttpServerTest : testing::Test {
    Loop loop;
    LoopbackServer server{loop, {}, echo};
    RawClient client{server.port()};
};

TEST_F(HttpServerTest, RequestArrivesWhole) {
    const auto answer = client.ask("POST /a/b%20c?x=1&y=2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("X-Method"), "POST");
    EXPECT_EQ(answer.header("X-Path"), "/a/b%20c");
    EXPECT_EQ(answer.header("X-Query"), "x=1&y=2");
    EXPECT_EQ(answer.header("X-Remote"), "127.0.0.1");
    EXPECT_EQ(answer.header("Content-Length"), "5");
    EXPECT_FALSE(answer.header("Date").empty());
    EXPECT_EQ(answer.body, "hello");
}

TEST_F(HttpServerTest, ConnectionIsKeptForFurtherRequests) {
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i)).body,
                  std::to_string(10 + i));
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n" + std::to_string(100 + i);
    client.send(requests);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read().body, std::to_string(100 + i));
}

TEST_F(HttpServerTest, RequestInSmallPiecesArrivesWhole) {
    const std::string request = "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
    for (const char c : request) client.send(std::string_view(&c, 1));
    EXPECT_EQ(client.read().body, "hello");
}

TEST_F(HttpServerTest, ChunkedBodyArrivesWhole) {
    const auto answer = client.ask(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Path: no\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello world");
    EXPECT_EQ(client.ask("GET /next HTTP/1.1\r\n\r\n").header("X-Path"), "/next");
}

TEST_F(HttpServerTest, ExpectContinueIsAnsweredBeforeTheBody) {
    const auto first = client.ask("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(first.status, 100);
    EXPECT_EQ(client.ask("hello").body, "hello");
}

TEST_F(HttpServerTest, HeadHasTheLengthAndNoBody) {
    const auto answer = client.ask("HEAD /long HTTP/1.1\r\n\r\n", true);
    EXPECT_EQ(answer.header("Content-Length"), std::to_string(4 * 1024 * 1024));
    EXPECT_EQ(client.ask("GET /next HTTP/1.1\r\n\r\n").header("X-Path"), "/next");
}

TEST_F(HttpServerTest, NoContentHasNoLength) {
    const auto answer = client.ask("GET /none HTTP/1.1\r\n\r\n");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("Content-Length"), "");
    EXPECT_EQ(client.ask("GET /next HTTP/1.1\r\n\r\n").header("X-Path"), "/next");
}

TEST_F(HttpServerTest, LongAnswerArrivesWhole) {
    EXPECT_EQ(client.ask("GET /long HTTP/1.1\r\n\r\n").body.size(), 4u * 1024 * 1024);
}

TEST_F(HttpServerTest, ConnectionCloseIsHonoured) {
    const auto answer = client.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.closed_without_a_word());
}

TEST_F(HttpServerTest, Http10ClosesUnlessAskedToStay) {
    const auto kept = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.header("Connection"), "keep-alive");
    EXPECT_EQ(client.ask("GET / HTTP/1.0\r\n\r\n").header("Connection"), "close");
    EXPECT_TRUE(client.closed_without_a_word());
}

TEST_F(HttpServerTest, HandlerThatThrowsIsAnswered500AndTheConnectionGoesOn) {
    const auto answer = client.ask("GET /throw HTTP/1.1\r\n\r\n");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, testing::HasSubstr(R"("code":"internal")"));
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("on purpose")));
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, HeaderValueCannotBreakOutOfItsLine) {
    const auto answer = client.ask("GET / HTTP/1.1\r\nX-Break: yes\r\n\r\n");
    EXPECT_EQ(answer.header("X-Safe"), "aX-Evil: b");
    EXPECT_EQ(answer.header("X-Evil"), "");
}

TEST_F(HttpServerTest, AbsoluteTargetLosesItsAuthority) {
    const auto answer = client.ask("GET http://example.test/a?b HTTP/1.1\r\n\r\n");
    EXPECT_EQ(answer.header("X-Path"), "/a");
    EXPECT_EQ(answer.header("X-Query"), "b");
}

TEST_F(HttpServerTest, HalfClosedClientStillGetsItsAnswer) {
    client.send("GET /x HTTP/1.1\r\n\r\n");
    client.finish_sending();
    EXPECT_EQ(client.read().header("X-Path"), "/x");
    EXPECT_TRUE(client.closed_without_a_word());
}

TEST(HttpServerListen, TakenPortAndBadAddressAreErrors) {
    Loop loop;
    LoopbackServer server(loop, {}, echo);
    const auto listen = [&](const std::string& address) {
        return loop.run([&] { return HttpServer::listen(loop.executor(), address, {}, echo, Log()); });
    };
    EXPECT_EQ(listen("127.0.0.1:" + std::to_string(server.port())).error().code, "listen_failed");
    for (const auto* address : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:99999", "nowhere.test:1"})
        EXPECT_EQ(listen(address).error().code, "bad_address") << address;
}

} // namespace
} // namespace appointd::net
