// A resolver that hangs: calls still end in their time, and nobody waits for it.
#include "net/http_client.hpp"
#include "net/smtp_client.hpp"
#include "tests/support/loopback.hpp"
#include "tests/unit/net/hanging_resolver.hpp"

#include <gtest/gtest.h>

#include <future>

namespace appointd::net {

using namespace std::chrono_literals;

namespace {

constexpr auto soon = 10s; // the resolver hangs for as long as the test

SmtpMessage message(std::chrono::milliseconds timeout) {
    return {.from = "desk@example.org", .to = {"ann@example.net"}, .content = "Subject: x\r\n\r\nx\r\n", .timeout = timeout};
}

class HangingName : public testing::Test {
protected:
    testing_support::Loop loop;
    HangingResolver resolver;
};

} // namespace

TEST_F(HangingName, AMailsTimeIsOverThenItIsNotSent) {
    auto client = SmtpClient::make({.url = "smtp://mail.hangs.example.org:587", .user = {}, .password = {}, .ca_file = {}});
    auto reply = loop.begin(client->send(message(200ms)));
    ASSERT_TRUE(resolver.was_asked());
    const bool in_time = reply.wait_for(soon) == std::future_status::ready;
    resolver.release();
    EXPECT_TRUE(in_time);
    EXPECT_EQ(reply.get().failure, SmtpReply::Failure::not_sent);
}

TEST_F(HangingName, AStopThenTheMailClientEnds) {
    auto client = SmtpClient::make({.url = "smtp://mail.hangs.example.org:587", .user = {}, .password = {}, .ca_file = {}});
    auto reply = loop.begin(client->send(message(60s)));
    ASSERT_TRUE(resolver.was_asked());
    auto end = std::async(std::launch::async, [&] { client.reset(); });
    const bool in_time = end.wait_for(4s) == std::future_status::ready; // before the connection's own limit of 5 s
    resolver.release();
    EXPECT_TRUE(in_time);
    EXPECT_EQ(reply.get().failure, SmtpReply::Failure::not_sent);
}

TEST_F(HangingName, ACallsTimeIsOverThenItsThreadIsFree) {
    std::unique_ptr<HttpClient> client;
    loop.run([&] { client = HttpClient::make(loop.executor(), {}); });
    ClientRequest request;
    request.url = "http://api.hangs.example.org/";
    request.timeout = 200ms;
    auto response = loop.begin(client->send(std::move(request)));
    ASSERT_TRUE(resolver.was_asked());
    const bool in_time = response.wait_for(soon) == std::future_status::ready;
    resolver.release();
    EXPECT_TRUE(in_time);
    EXPECT_EQ(response.get().failure, ClientResponse::Failure::not_sent);
    loop.run([&] { client.reset(); });
}

TEST_F(HangingName, AStopThenTheClientEnds) {
    std::unique_ptr<HttpClient> client;
    loop.run([&] { client = HttpClient::make(loop.executor(), {}); });
    ClientRequest request;
    request.url = "http://api.hangs.example.org/";
    request.timeout = 60s;
    auto response = loop.begin(client->send(std::move(request)));
    ASSERT_TRUE(resolver.was_asked());
    auto end = std::async(std::launch::async, [&] { loop.run([&] { client.reset(); }); });
    const bool in_time = end.wait_for(4s) == std::future_status::ready;
    resolver.release();
    EXPECT_TRUE(in_time);
    EXPECT_EQ(response.get().failure, ClientResponse::Failure::not_sent);
}

} // namespace appointd::net
