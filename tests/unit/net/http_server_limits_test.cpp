#include "net/http_server.hpp"
#include "tests/support/loopback.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace appointd::net {
namespace {

using namespace std::chrono_literals;
using testing_support::Answer;
using testing_support::Loop;
using testing_support::LoopbackServer;
using testing_support::RawClient;

boost::asio::awaitable<Response> answer_length(Request request) {
    Response response;
    response.body = std::to_string(request.body.size());
    if (request.path == "/long") response.body.assign(64 * 1024 * 1024, 'x');
    co_return response;
}

ServerLimits small() {
    return {.max_body = 1000,
            .max_header = 2000,
            .first_byte = 150ms,
            .body = 150ms,
            .idle = 150ms,
            .write = 300ms,
            .max_connections = 4};
}

struct HttpServerLimitsTest : testing::Test {
    Loop loop;
    std::vector<std::pair<std::string, int>> refused; // the loop's thread writes, the test reads after an answer
    LoopbackServer server{loop, small(), answer_length,
                          [this](const Request& request, int status) { refused.emplace_back(request.path, status); }};

    void expect_refused(RawClient& client, int status, std::string_view code) {
        const Answer answer = client.read();
        EXPECT_EQ(answer.status, status);
        EXPECT_EQ(answer.header("Connection"), "close");
        EXPECT_EQ(answer.header("Content-Type"), "application/json");
        EXPECT_THAT(answer.body, testing::HasSubstr("\"code\":\"" + std::string(code) + "\""));
        EXPECT_TRUE(client.closed_without_a_word());
    }
};

TEST_F(HttpServerLimitsTest, DeclaredBodyTooLongIsRefusedBeforeItIsSent) {
    RawClient client(server.port());
    client.send("POST /webhooks/stripe HTTP/1.1\r\nContent-Length: 1001\r\n\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(loop.run([&] { return refused; }), (std::vector<std::pair<std::string, int>>{{"/webhooks/stripe", 413}}));
}

TEST_F(HttpServerLimitsTest, DeclaredBodyTooLongGetsNoContinue) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(client.read().status, 413);
}

TEST_F(HttpServerLimitsTest, ClientThatSendsALongBodyFirstStillReadsTheRefusal) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nContent-Length: 8000000\r\n\r\n");
    client.send(std::string(8'000'000, 'x'));
    client.finish_sending();
    expect_refused(client, 413, "body_too_large");
}

TEST_F(HttpServerLimitsTest, ChunkedBodyIsRefusedAsSoonAsItIsTooLong) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n" + std::string(500, 'x') + "\r\n1f5\r\n");
    EXPECT_EQ(client.read().status, 413);
}

TEST_F(HttpServerLimitsTest, BodyOfExactlyTheLimitIsTaken) {
    RawClient client(server.port());
    EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')).body, "1000");
    EXPECT_EQ(
        client.ask("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n")
            .body,
        "1000");
}

TEST_F(HttpServerLimitsTest, LongHeaderIsRefusedHoweverItComes) {
    RawClient at_once(server.port());
    at_once.send("GET / HTTP/1.1\r\nX-A: " + std::string(3000, 'a') + "\r\n\r\n");
    at_once.finish_sending();
    expect_refused(at_once, 431, "header_too_large");
    RawClient piecewise(server.port());
    piecewise.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 30; ++i) piecewise.send("X-" + std::to_string(i) + ": " + std::string(90, 'a') + "\r\n");
    piecewise.finish_sending();
    expect_refused(piecewise, 431, "header_too_large");
    RawClient target(server.port());
    target.send("GET /" + std::string(3000, 'a'));
    target.finish_sending();
    expect_refused(target, 431, "header_too_large");
}

TEST_F(HttpServerLimitsTest, EndlessChunkExtensionIsRefused) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=" + std::string(20'000, 'x'));
    client.finish_sending();
    expect_refused(client, 431, "header_too_large");
}

TEST_F(HttpServerLimitsTest, MalformedRequestsAreRefused) {
    for (const auto* bytes :
         {"GARBAGE\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        RawClient client(server.port());
        client.send(bytes);
        client.finish_sending();
        expect_refused(client, 400, "bad_request");
    }
}

TEST_F(HttpServerLimitsTest, OtherCodingsVersionsAndExpectationsAreRefused) {
    const std::vector<std::tuple<std::string, int, std::string>> cases{
        {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "not_implemented"},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", 501, "not_implemented"},
        {"GET / HTTP/1.1\r\nExpect: magic\r\n\r\n", 417, "expectation_failed"},
        {"GET / HTTP/2.0\r\n\r\n", 505, "http_version"},
    };
    for (const auto& [bytes, status, code] : cases) {
        RawClient client(server.port());
        client.send(bytes);
        client.finish_sending();
        expect_refused(client, status, code);
    }
}

TEST_F(HttpServerLimitsTest, SlowHeaderTimesOut) {
    RawClient silent(server.port()), slow(server.port());
    slow.send("GET / HTTP/1.1\r\nX-A");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(silent.read().status, 408);
    EXPECT_EQ(slow.read().status, 408);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST_F(HttpServerLimitsTest, SlowBodyTimesOut) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(client.read().status, 408);
}

TEST_F(HttpServerLimitsTest, IdleConnectionIsClosedWithoutAWord) {
    RawClient client(server.port());
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 200);
    EXPECT_TRUE(client.closed_without_a_word());
}

TEST_F(HttpServerLimitsTest, SecondHeaderMayNotDawdleEither) {
    RawClient client(server.port());
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\n\r\n").status, 200);
    client.send("GET / HT");
    EXPECT_EQ(client.read().status, 408);
}

TEST_F(HttpServerLimitsTest, ReaderThatDoesNotReadIsCutOff) {
    RawClient client(server.port());
    client.send("GET /long HTTP/1.1\r\n\r\n");
    const auto read = [&] { return loop.run([] { return 0; }); };
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < 900ms) read(); // the write limit passes
    EXPECT_LT(client.rest().size(), 64u * 1024 * 1024);
}

/// Bodies of 1000 bytes, 100 of them for nothing: two of 900 are more than all connections together may hold.
struct HttpServerBodiesTest : testing::Test {
    Loop loop;
    boost::asio::steady_timer answered{loop.executor(), boost::asio::steady_timer::time_point::max()};
    LoopbackServer server{loop,
                          {.max_body = 1000, .max_bodies = 1500, .own_body = 100},
                          [this](Request request) -> boost::asio::awaitable<Response> {
                              if (request.path == "/slow") {
                                  boost::system::error_code ignored;
                                  co_await answered.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
                              }
                              co_return co_await answer_length(std::move(request));
                          }};

    static std::string post(const std::string& path, std::size_t length, std::size_t sent) {
        return "POST " + path + " HTTP/1.1\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" + std::string(sent, 'x');
    }
    /// Until a long body is refused: the others' have arrived.
    void await_full() { await_answer(503); }
    void await_room() { await_answer(200); }
    void await_answer(int status) {
        const auto begin = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - begin < 10s) {
            RawClient client(server.port());
            if (client.ask(post("/", 900, 900)).status == status) return;
        }
        FAIL() << "a long body was never answered " << status;
    }
};

TEST_F(HttpServerBodiesTest, LongBodiesBeyondWhatAllMayHoldAreToldToComeBack) {
    RawClient dawdler(server.port()), next(server.port()), short_one(server.port());
    dawdler.send(post("/", 1000, 900));
    await_full();
    next.send(post("/", 1000, 900));
    const Answer refusal = next.read();
    EXPECT_EQ(refusal.status, 503);
    EXPECT_EQ(refusal.header("Retry-After"), "5");
    EXPECT_THAT(refusal.body, testing::HasSubstr("\"code\":\"overloaded\""));
    EXPECT_EQ(short_one.ask(post("/", 100, 100)).status, 200) << "a short one always has its place";
    dawdler.send(std::string(100, 'x'));
    EXPECT_EQ(dawdler.read().status, 200);
    RawClient after(server.port());
    EXPECT_EQ(after.ask(post("/", 900, 900)).status, 200);
}

TEST_F(HttpServerBodiesTest, BodyCountsUntilItsAnswerIsKnownAndAlsoWhereTheClientLeaves) {
    RawClient slow(server.port());
    slow.send(post("/slow", 900, 900));
    await_full();
    loop.run([&] { answered.cancel(); });
    EXPECT_EQ(slow.read().status, 200);
    {
        RawClient leaver(server.port());
        leaver.send(post("/", 1000, 900));
        await_full();
    }
    await_room();
}

TEST_F(HttpServerLimitsTest, MoreConnectionsWaitForTheirTurn) {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<RawClient>(server.port()));
        EXPECT_EQ(clients.back()->ask("GET / HTTP/1.1\r\n\r\n").status, 200);
    }
    RawClient fifth(server.port());
    fifth.send("GET / HTTP/1.1\r\n\r\n");
    clients.clear();
    EXPECT_EQ(fifth.read().status, 200);
}

} // namespace
} // namespace appointd::net
