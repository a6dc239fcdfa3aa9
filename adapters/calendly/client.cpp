#include "adapters/calendly/client.hpp"

#include "adapters/fields.hpp"
#include "adapters/retry_after.hpp"

#include <algorithm>

namespace appointd::adapters::calendly {

net::ClientRequest api_request(const ApiConfig& config, std::string method, std::string_view path, std::string body) {
    net::ClientRequest request;
    request.method = std::move(method);
    request.url = join_url(config.base, path);
    request.headers.emplace_back("Authorization", "Bearer " + config.token);
    request.headers.emplace_back("Accept", "application/json");
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

Complaint complaint_of(const Answer& answer) {
    const auto& body = answer.object();
    auto message = lenient_text(body, "title").value_or("");
    const auto add = [&](std::string_view words) {
        if (!words.empty()) message.append(message.empty() ? "" : ": ").append(words);
    };
    add(lenient_text(body, "message").value_or(""));
    if (const auto* details = array_field(body, "details"))
        for (const auto& detail : *details)
            if (const auto* object = detail.if_object()) add(lenient_text(*object, "message").value_or(""));
    return {"calendly", "", std::move(message), "", "CALENDLY_PERSONAL_ACCESS_TOKEN"};
}

const json::object& resource_of(const Answer& answer) { return object_or_empty(answer.object(), "resource"); }

std::optional<std::string> path_of(std::string_view uri, std::string_view base) {
    while (base.ends_with('/')) base.remove_suffix(1);
    if (!base.empty() && uri.starts_with(base)) {
        uri.remove_prefix(base.size());
    } else {
        const auto scheme = uri.find("://");
        if (scheme == uri.npos) return std::nullopt;
        const auto slash = uri.find('/', scheme + 3);
        if (slash == uri.npos) return std::nullopt;
        uri.remove_prefix(slash);
    }
    const bool plain =
        uri.starts_with('/') && uri.size() > 1 && uri.find("..") == uri.npos && std::all_of(uri.begin(), uri.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '-' ||
                   c == '_' || c == '.' || c == '~';
        });
    if (!plain) return std::nullopt;
    return std::string(uri);
}

Client::Client(World world, ApiConfig config, SessionTypes session_types, FreshId fresh)
    : world_(std::move(world)), config_(std::move(config)), session_types_(std::move(session_types)), fresh_(std::move(fresh)) {}

engine::AttemptResult Client::refusal(const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer) const {
    auto result = refused(world_, attempt, exchange, answer, complaint_of(answer));
    if (result.throttled && !answer.header("Retry-After"))
        if (const auto reset = answer.header("X-RateLimit-Reset")) // seconds until the reset, no moment
            if (const auto pause = parse_retry_after(*reset, world_.clock.now()))
                result.retry_after = *pause + jitter(world_.random, std::chrono::seconds(1));
    return result;
}

asio::awaitable<Answer> Client::get(Exchange& exchange, std::string path) {
    auto request = api_request(config_, "GET", path);
    auto answer = co_await exchange.send(std::move(request));
    co_return answer;
}

} // namespace appointd::adapters::calendly
