#include "adapters/zoom/client.hpp"

#include "adapters/fields.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::zoom {
namespace {

constexpr std::string_view credentials = "ZOOM_CLIENT_ID and its app at Zoom";

Complaint complaint_of(const Answer& answer) {
    std::string reference(answer.header("x-zm-trackingid").value_or(""));
    if (!answer.body) // Zoom's gateways write HTML and XML
        return {"zoom", "", "the answer is not JSON", std::move(reference), credentials};
    const auto& body = answer.object();
    auto message = lenient_text(body, "message").value_or("");
    if (const auto* errors = array_field(body, "errors"))
        for (const auto& error : *errors)
            if (const auto* object = error.if_object())
                message +=
                    " " + lenient_text(*object, "field").value_or("") + ": " + lenient_text(*object, "message").value_or("");
    return {"zoom", lenient_text(body, "code").value_or(""), std::move(message), std::move(reference), credentials};
}

/// The limit of a day, per host or per account, and not that of a second: told by the header where there is one, else by the
/// words.
bool is_daily(const Answer& answer, std::string_view message) {
    if (lower(answer.header("X-RateLimit-Type").value_or("")).find("daily") != std::string::npos) return true;
    const auto words = lower(message);
    return words.find("daily") != words.npos || words.find("in one day") != words.npos;
}

Duration until_midnight(Time now) { return std::chrono::ceil<std::chrono::days>(now + Duration(1)) - now; }

bool token_refused(const Answer& answer) {
    if (!answer.arrived()) return false;
    return answer.response.status == 401 || (answer.response.status == 400 && lenient_int(answer.object(), "code") == 124);
}

} // namespace

std::optional<std::string> body_of(const json::object& request) {
    const auto* body = request.if_contains("body");
    if (!body) return std::nullopt;
    if (body->is_string()) return std::string(body->get_string());
    if (body->is_object()) return json::serialize(*body);
    return std::nullopt;
}

bool Client::Reply::is(int status, std::int64_t code) const {
    return !trouble && answer.arrived() && answer.response.status == status && lenient_int(answer.object(), "code") == code;
}

Client::Client(World world, ApiConfig config, asio::any_io_executor executor)
    : world_(std::move(world)), config_(std::move(config)),
      token_(std::make_unique<TokenSource>(world_, config_, std::move(executor))) {}

asio::awaitable<Answer> Client::send(Exchange& exchange, const Call& call, std::string token) {
    net::ClientRequest request;
    request.method = call.method;
    request.url = join_url(config_.api_base, call.path);
    request.headers.emplace_back("Authorization", "Bearer " + token);
    request.headers.emplace_back("Accept", "application/json");
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = call.body;
    auto answer = co_await exchange.send(std::move(request));
    co_return answer;
}

/// A token that Zoom refuses is renewed once: a call that was refused for it was not carried out.
asio::awaitable<Client::Reply> Client::call(const engine::Attempt& attempt, Exchange& exchange, Call call) {
    Reply reply;
    for (int round = 0; round < 2; ++round) {
        auto token = co_await token_->get(attempt, exchange);
        if (token.trouble) {
            reply.trouble = std::move(token.trouble);
            co_return reply;
        }
        reply.answer = co_await send(exchange, call, token.text);
        if (!token_refused(reply.answer)) break;
        token_->drop(token.text);
    }
    co_return reply;
}

engine::AttemptResult Client::refusal(const engine::Attempt& attempt, const Exchange& exchange, const Reply& reply) const {
    if (reply.trouble) return *reply.trouble;
    const auto& answer = reply.answer;
    const auto complaint = complaint_of(answer);
    auto result = refused(world_, attempt, exchange, answer, complaint);
    if (!answer.arrived()) return result;
    const int status = answer.response.status;
    const bool spent_in_400 = status == 400 && complaint.code == "300" && is_daily(answer, complaint.message);
    if (spent_in_400 || (result.throttled && is_daily(answer, complaint.message) && !answer.header("Retry-After"))) {
        const auto pause = until_midnight(world_.clock.now()) + jitter(world_.random, std::chrono::seconds(30));
        result.kind = engine::AttemptResult::Kind::wait;
        result.retry_after = pause;
        result.throttled = true;
    }
    return result;
}

} // namespace appointd::adapters::zoom
