#include "daemon/demo_web.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_shown = 200;

net::ClientRequest request_for(std::string method, std::string url, std::string body, std::string type) {
    net::ClientRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.body = std::move(body);
    if (!type.empty()) request.headers.emplace_back("Content-Type", std::move(type));
    request.timeout = std::chrono::seconds(20);
    return request;
}

} // namespace

Web::Web(asio::any_io_executor executor) : executor_(executor), client_(net::HttpClient::make(executor, {})) {}

asio::awaitable<net::ClientResponse> Web::get(std::string url) {
    net::ClientRequest request = request_for("GET", std::move(url), "", "");
    co_return co_await client_->send(std::move(request));
}

asio::awaitable<net::ClientResponse> Web::post_form(std::string url, Fields form) {
    net::ClientRequest request = request_for("POST", std::move(url), form_encode(form), "application/x-www-form-urlencoded");
    co_return co_await client_->send(std::move(request));
}

asio::awaitable<net::ClientResponse> Web::post_json(std::string url, json::object body, net::Headers headers) {
    net::ClientRequest request = request_for("POST", std::move(url), json::serialize(body), "application/json");
    for (auto& header : headers) request.headers.push_back(std::move(header));
    co_return co_await client_->send(std::move(request));
}

asio::awaitable<net::ClientResponse> Web::send(net::ClientRequest request) {
    co_return co_await client_->send(std::move(request));
}

asio::awaitable<void> Web::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(asio::use_awaitable);
}

std::optional<json::object> data_of(const net::ClientResponse& response) {
    if (response.status < 200 || response.status > 299) return std::nullopt;
    const auto whole = parse_object(response.body);
    const json::object* data = whole ? object_field(*whole, "data") : nullptr;
    return data ? std::optional<json::object>(*data) : std::nullopt;
}

std::string words_for(const net::ClientResponse& response) {
    if (response.failure != net::ClientResponse::Failure::none) return "not answered: " + response.error;
    std::string text = std::to_string(response.status) + " " + response.body.substr(0, most_shown);
    for (char& c : text)
        if (c == '\n' || c == '\r') c = ' ';
    return text;
}

} // namespace appointd::demo
