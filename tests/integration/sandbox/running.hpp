#pragma once

#include "foundation/json.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "sandbox/sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <vector>

namespace appointd::sandbox::testing {

/// A sandbox and an endpoint for its webhooks on one thread, driven until something has happened.
struct RunningSandbox : ::testing::Test {
    RunningSandbox() {
        auto listening = net::HttpServer::listen(
            io.get_executor(), "127.0.0.1:0", {},
            [this](net::Request request) -> boost::asio::awaitable<net::Response> {
                received.push_back(request);
                net::Response given = answer ? answer(request) : net::Response{};
                co_return given;
            },
            Log());
        endpoint = std::move(*listening);
        endpoint->start();
        client = net::HttpClient::make(io.get_executor(), {});
    }

    void run_sandbox(Options options = {}) {
        options.listen = {"127.0.0.1:0"};
        options.seed = 1;
        options.webhook_base = "http://127.0.0.1:" + std::to_string(endpoint->port());
        options.event_types = {{.id = "intro", .name = "Intro", .duration_minutes = 30}};
        sandbox = std::move(*Sandbox::listen(io.get_executor(), std::move(options), Log()));
        sandbox->start();
    }

    /// Runs until the condition holds; false after ten seconds.
    template <class Condition> bool until(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end) io.run_one_for(std::chrono::milliseconds(20));
        return condition();
    }
    /// Runs until no webhook waits any more.
    bool settle() {
        return until([&] { return sandbox->webhooks().pending() == 0; });
    }

    net::ClientResponse call(std::string method, std::string path, net::Headers headers, std::string body,
                             std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
        net::ClientRequest request;
        request.method = std::move(method);
        request.url = sandbox->base() + path;
        request.headers = std::move(headers);
        request.body = std::move(body);
        request.timeout = timeout;
        std::optional<net::ClientResponse> got;
        boost::asio::co_spawn(io, client->send(std::move(request)),
                              [&](std::exception_ptr, net::ClientResponse response) { got = std::move(response); });
        until([&] { return got.has_value(); });
        return got.value_or(net::ClientResponse{});
    }
    net::ClientResponse stripe(std::string path, std::string form, std::string key) {
        return call("POST", "/stripe" + path,
                    {{"Authorization", "Bearer sk_test_sandbox"},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Idempotency-Key", std::move(key)}},
                    std::move(form));
    }
    json::object control(std::string method, std::string path, const json::object& body = {}) {
        const auto response =
            call(std::move(method), "/control" + path, {{"Content-Type", "application/json"}}, json::serialize(body));
        const auto parsed = parse_object(response.body);
        const json::object* data = parsed ? object_field(*parsed, "data") : nullptr;
        return data ? *data : json::object{};
    }
    std::vector<std::string> received_types() const {
        std::vector<std::string> types;
        for (const net::Request& request : received) {
            const auto body = parse_object(request.body).value_or(json::object{});
            types.push_back(text_field(body, "type").value_or(text_field(body, "event").value_or("?")));
        }
        return types;
    }

    boost::asio::io_context io{1};
    std::vector<net::Request> received;
    std::function<net::Response(const net::Request&)> answer;
    std::unique_ptr<net::HttpServer> endpoint;
    std::unique_ptr<net::HttpClient> client;
    std::unique_ptr<Sandbox> sandbox;
};

} // namespace appointd::sandbox::testing
