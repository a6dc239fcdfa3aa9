#include "http/webhooks.hpp"

#include "http/reply.hpp"

namespace appointd::http {
namespace asio = boost::asio;
using engine::Answer;

namespace {

constexpr std::string_view prefix = "/webhooks/";

void count(const Services& services, std::string_view provider, std::string_view disposition,
           std::chrono::steady_clock::time_point received) {
    const auto& tell = services.given.telemetry.webhook_answered;
    if (tell) tell(provider, disposition, std::chrono::steady_clock::now() - received);
}

/// By hand: this is the answer that is given most often.
net::Response decided(const Answer& answer) {
    std::string data = R"({"disposition":")";
    data += to_string(answer.disposition);
    data += R"(","workflow_id":)";
    if (answer.workflow) {
        data += '"';
        data += engine::to_string(*answer.workflow);
        data += '"';
    } else {
        data += "null";
    }
    data += '}';
    return reply_text(data);
}

net::Response rejected(const Services& services, std::string_view provider, const net::Request& request, const Error& error) {
    const bool signature = error.code == "bad_signature" || error.code == "stale_timestamp";
    services.given.log.warn("a webhook was rejected", {{"provider", provider},
                                                       {"code", error.code},
                                                       {"why", error.message},
                                                       {"remote", request.remote},
                                                       {"bytes", static_cast<std::uint64_t>(request.body.size())}});
    return problem(signature ? 401 : 400, error.code, error.message);
}

asio::awaitable<net::Response> take_webhook(Services& services, Call& call, const std::string& provider,
                                            const Translator& translate) {
    auto translation = translate(call.request, services.given.clock.now());
    if (!translation) {
        count(services, provider, "rejected", call.received);
        co_return rejected(services, provider, call.request, translation.error());
    }
    if (auto* bare = std::get_if<std::string>(&*translation)) {
        net::Response response;
        response.headers.emplace_back("Content-Type", "application/json");
        response.body = std::move(*bare);
        co_return response;
    }
    const Answer answer = co_await services.given.engine.submit(std::get<engine::Incoming>(*std::move(translation)));
    switch (answer.kind) {
    case Answer::Kind::decided: {
        count(services, provider, to_string(answer.disposition), call.received);
        co_return decided(answer);
    }
    case Answer::Kind::overloaded:
        count(services, provider, "unavailable", call.received);
        co_return try_again("overloaded", "Too many events are waiting; send this one again.");
    case Answer::Kind::refused:
    case Answer::Kind::not_found:
    case Answer::Kind::unavailable: break;
    }
    count(services, provider, "unavailable", call.received);
    co_return try_again("unavailable", "The event could not be stored now; send it again.");
}

} // namespace

Route webhook_route(const std::string& provider, const Translator& translator) {
    return {"POST", std::string(prefix) + provider, Access::open, [provider, translator](Services& services, Call& call) {
                return take_webhook(services, call, provider, translator);
            }};
}

void count_refused_webhook(const Services& services, std::string_view path, int status) {
    if (!path.starts_with(prefix)) return;
    const auto disposition = status == 503 ? "unavailable" : "rejected";
    count(services, path.substr(prefix.size()), disposition, std::chrono::steady_clock::now());
}

} // namespace appointd::http
