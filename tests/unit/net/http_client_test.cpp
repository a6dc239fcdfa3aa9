#include "net/http_client.hpp"
#include "tests/support/loopback.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace appointd::net {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Failure = ClientResponse::Failure;
using testing_support::Loop;
using testing_support::LoopbackServer;

struct HttpClientTest : testing::Test {
    Loop loop;
    LoopbackServer server{loop, {}, [this](Request request) { return answer(std::move(request)); }};
    std::unique_ptr<HttpClient> client = HttpClient::make(loop.executor(), {.connect = 60'000ms, .max_body = 100'000});
    asio::steady_timer never{loop.executor(), asio::steady_timer::time_point::max()};
    int served = 0;

    ~HttpClientTest() override {
        loop.run([&] {
            never.cancel();
            client.reset();
        });
    }

    asio::awaitable<Response> answer(Request request) {
        ++served;
        Response response;
        if (request.path == "/never") {
            boost::system::error_code ignored;
            co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        } else if (request.path == "/redirect") {
            response.status = 302;
            response.headers.emplace_back("Location", "/");
        } else if (request.path == "/long") {
            response.body.assign(200'000, 'x');
        } else {
            response.headers.emplace_back("X-Seen", request.method + " " + request.target);
            response.headers.emplace_back("X-Type", std::string(find_header(request.headers, "Content-Type").value_or("none")));
            response.headers.emplace_back("X-Key", std::string(find_header(request.headers, "Idempotency-Key").value_or("none")));
            response.body = request.body;
        }
        co_return response;
    }

    ClientResponse send(ClientRequest request) { return loop.await(client->send(std::move(request))); }
    ClientResponse get(const std::string& path, std::chrono::milliseconds timeout = 5s) {
        return send({.url = server.url() + path, .timeout = timeout});
    }
};

TEST_F(HttpClientTest, MethodHeadersAndBodyGoAsGiven) {
    const auto response = send({.method = "POST",
                                .url = server.url() + "/v1/x?a=b",
                                .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k1"}},
                                .body = "{}"});
    EXPECT_EQ(response.failure, Failure::none);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(find_header(response.headers, "x-seen"), "POST /v1/x?a=b");
    EXPECT_EQ(find_header(response.headers, "x-type"), "application/json");
    EXPECT_EQ(find_header(response.headers, "x-key"), "k1");
    EXPECT_EQ(response.body, "{}");
}

TEST_F(HttpClientTest, OtherMethodsAreSentWithAndWithoutBody) {
    for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        const auto bare = send({.method = method, .url = server.url() + "/x"});
        EXPECT_EQ(find_header(bare.headers, "x-seen"), method + " /x");
        EXPECT_EQ(bare.body, "");
        EXPECT_EQ(find_header(bare.headers, "x-type"), "none");
        const auto full = send({.method = method, .url = server.url() + "/x", .body = "body"});
        EXPECT_EQ(find_header(full.headers, "x-seen"), method + " /x");
        EXPECT_EQ(full.body, "body");
    }
}

TEST_F(HttpClientTest, RedirectsAreNotFollowed) {
    EXPECT_EQ(get("/redirect").status, 302);
    EXPECT_EQ(served, 1);
}

TEST_F(HttpClientTest, RefusedConnectionWasNotSent) {
    const auto response = send({.method = "POST", .url = "http://127.0.0.1:1/", .body = "x"});
    EXPECT_EQ(response.failure, Failure::not_sent);
    EXPECT_FALSE(response.error.empty());
}

TEST_F(HttpClientTest, BadUrlsWereNotSent) {
    for (const auto* url : {"", "nonsense://x/", "file:///etc/passwd", "http://"})
        EXPECT_EQ(send({.url = url}).failure, Failure::not_sent) << url;
}

TEST_F(HttpClientTest, SilentServerIsUnknownAfterTheTimeout) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(get("/never", 200ms).failure, Failure::unknown);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST_F(HttpClientTest, AnswerTooLongIsUnknown) {
    const auto response = get("/long");
    EXPECT_EQ(response.failure, Failure::unknown);
    EXPECT_THAT(response.error, testing::HasSubstr("longer"));
    EXPECT_EQ(get("/x").status, 200);
}

/// A server of one connection that reads what comes and closes after `answer`.
void cut_off(asio::ip::tcp::acceptor& acceptor, std::string_view answer) {
    asio::ip::tcp::socket socket(acceptor.get_executor());
    acceptor.accept(socket);
    char bytes[1024];
    socket.read_some(asio::buffer(bytes));
    asio::write(socket, asio::buffer(answer));
}

TEST_F(HttpClientTest, CutOffAnswerIsUnknown) {
    for (const std::string_view answer : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}) {
        asio::io_context context;
        asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
        const auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
        auto response = loop.begin(client->send({.method = "POST", .url = url, .body = "x"}));
        cut_off(acceptor, answer);
        EXPECT_EQ(response.get().failure, Failure::unknown) << answer;
    }
}

TEST_F(HttpClientTest, ManyCallsAreInFlightAtOnceOnFewConnections) {
    std::vector<std::future<ClientResponse>> calls;
    for (int i = 0; i < 500; ++i)
        calls.push_back(
            loop.begin(client->send({.method = "POST", .url = server.url() + "/x", .body = std::to_string(i), .timeout = 60s})));
    for (int i = 0; i < 500; ++i) EXPECT_EQ(calls[static_cast<std::size_t>(i)].get().body, std::to_string(i));
}

void connect_and_leave(const asio::ip::tcp::endpoint& server) {
    asio::io_context context;
    asio::ip::tcp::socket(context).connect(server);
}

/// A server of one kept connection: answers the first request, reads the second and hangs up without a word, and answers what
/// comes on a new connection. Returns how many requests it read.
int hang_up_on_the_second(asio::ip::tcp::acceptor& acceptor) {
    constexpr std::string_view fine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    char bytes[4096];
    boost::system::error_code quiet;
    {
        asio::ip::tcp::socket kept(acceptor.get_executor());
        acceptor.accept(kept);
        kept.read_some(asio::buffer(bytes));
        asio::write(kept, asio::buffer(fine));
        kept.read_some(asio::buffer(bytes));
    }
    asio::ip::tcp::socket fresh(acceptor.get_executor());
    acceptor.accept(fresh);
    if (fresh.read_some(asio::buffer(bytes), quiet) == 0) return 2;
    asio::write(fresh, asio::buffer(fine), quiet);
    return 3;
}

/// curl by itself sends a request again when a kept connection dies under it, and the first may have been carried out.
TEST_F(HttpClientTest, PostWithoutAKeyIsNotSentAgainWhenAKeptConnectionDies) {
    struct Case {
        std::string method;
        Headers headers;
        int read;
    };
    for (const auto& [method, headers, read] :
         {Case{"POST", {}, 2}, Case{"POST", {{"Idempotency-Key", "k1"}}, 3}, Case{"PATCH", {}, 3}}) {
        asio::io_context context;
        asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
        const auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/";
        auto seen = std::async(std::launch::async, [&] { return hang_up_on_the_second(acceptor); });
        EXPECT_EQ(send({.method = "POST", .url = url, .body = "x"}).status, 200);
        const auto second = send({.method = method, .url = url, .headers = headers, .body = "x"});
        EXPECT_EQ(second.failure, read == 2 ? Failure::unknown : Failure::none) << method;
        loop.run([&] { client = HttpClient::make(loop.executor(), {}); }); // hangs up, so the server ends
        if (read == 2) connect_and_leave(acceptor.local_endpoint());
        EXPECT_EQ(seen.get(), read) << method;
    }
}

TEST_F(HttpClientTest, KeptConnectionThatTheServerClosedIsReplaced) {
    EXPECT_EQ(get("/x").status, 200);
    server.stop(1s); // closes the kept connection
    const auto response = get("/x");
    EXPECT_EQ(response.failure, Failure::not_sent); // nobody listens any more, and nothing was sent
}

TEST_F(HttpClientTest, DestroyingTheClientAnswersWhatIsInFlight) {
    auto call = loop.begin(client->send({.url = server.url() + "/never", .timeout = 30s}));
    while (loop.run([&] { return served; }) == 0) {
    }
    loop.run([&] { client.reset(); });
    EXPECT_EQ(call.get().failure, Failure::unknown);
}

} // namespace
} // namespace appointd::net
