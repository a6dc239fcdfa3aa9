#include "http/operations.hpp"

#include "http/reply.hpp"

namespace appointd::http {
namespace asio = boost::asio;

namespace {

// Whoever asks for these waits a few seconds only; a database that takes longer is the answer.
constexpr std::chrono::milliseconds scrape_limit{4'000}, readiness_limit{2'000};

net::Response exposition(std::string text) {
    net::Response response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = std::move(text);
    return response;
}

net::Response not_ready(const Error& error) {
    net::Response response = problem(503, error.code, error.message);
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

} // namespace

asio::awaitable<net::Response> show_metrics(Services& services, Call&) {
    const auto& render = services.given.metrics;
    std::function<Result<std::string>(engine::Reader&)> question = [render](engine::Reader& reader) -> Result<std::string> {
        auto census = reader.census();
        if (!census) return census.error(); // so that the pool opens a fresh session; rendered below
        return Result<std::string>(boost::system::in_place_value, render(std::move(census)));
    };
    auto text = co_await services.readers.ask(std::move(question), scrape_limit);
    if (text) co_return exposition(*std::move(text));
    // The store is away: that is when the other numbers matter most.
    co_return exposition(render(text.error()));
}

asio::awaitable<net::Response> show_health(Services&, Call&) {
    json::object data;
    data["status"] = "ok";
    co_return reply(std::move(data));
}

asio::awaitable<net::Response> show_readiness(Services& services, Call&) {
    if (const auto ready = services.given.engine.ready(); !ready) co_return not_ready(ready.error());
    std::function<Result<void>(engine::Reader&)> question = [](engine::Reader& reader) { return reader.ping(); };
    const auto answered = co_await services.pings.ask(std::move(question), readiness_limit);
    if (!answered) co_return not_ready(answered.error());
    json::object data;
    data["status"] = "ready";
    co_return reply(std::move(data));
}

} // namespace appointd::http
