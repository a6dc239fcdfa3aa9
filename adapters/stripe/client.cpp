#include "adapters/stripe/client.hpp"

#include "adapters/fields.hpp"

#include <algorithm>
#include <array>

namespace appointd::adapters::stripe {
namespace {

constexpr std::string_view credentials = "STRIPE_SECRET_KEY";
constexpr std::chrono::hours key_lifetime{23}; // Stripe keeps a key for 24 hours at least

net::ClientRequest api_request(const ApiConfig& config, std::string method, std::string_view path) {
    net::ClientRequest request;
    request.method = std::move(method);
    request.url = join_url(config.base, path);
    request.headers.emplace_back("Authorization", "Bearer " + config.secret_key);
    request.headers.emplace_back("Stripe-Version", config.version);
    return request;
}

std::optional<bool> should_retry(const Answer& answer) {
    const auto header = answer.header("Stripe-Should-Retry");
    if (header == "true") return true;
    if (header == "false") return false;
    return std::nullopt;
}

} // namespace

Complaint complaint_of(const Answer& answer) {
    const auto* error = object_field(answer.object(), "error");
    const std::string reference(answer.header("Request-Id").value_or(""));
    if (!error) return {"stripe", "", "Stripe gave no reason", reference, credentials};
    auto code = lenient_text(*error, "code");
    if (!code || code->empty()) code = lenient_text(*error, "type");
    return {"stripe", code.value_or(""), lenient_text(*error, "message").value_or(""), reference, credentials};
}

bool is_old(const engine::Attempt& attempt) {
    return attempt.repeated && attempt.first_sent_at && attempt.now - *attempt.first_sent_at > key_lifetime;
}

bool is_spent(const engine::Attempt& attempt, const Answer& answer) {
    if (!answer.arrived() || answer.response.status < 400) return false;
    const bool replayed = answer.header("Idempotent-Replayed") == "true";
    if (answer.response.status >= 500) return replayed || should_retry(answer) == false;
    constexpr std::array never_stored{401, 403, 409, 429}; // answered before anything is executed
    if (std::ranges::find(never_stored, answer.response.status) != never_stored.end()) return false;
    return replayed || (attempt.round > 1 && attempt.number == 1);
}

std::optional<Fields> form_of(const json::object& request) {
    const auto* form = array_field(request, "form");
    if (!form) return std::nullopt;
    Fields fields;
    for (const auto& entry : *form) {
        const auto* pair = entry.if_array();
        if (!pair || pair->size() != 2 || !pair->at(0).is_string() || !pair->at(1).is_string()) return std::nullopt;
        fields.emplace_back(std::string(pair->at(0).get_string()), std::string(pair->at(1).get_string()));
    }
    return fields;
}

asio::awaitable<Answer> Client::get(Exchange& exchange, std::string path) {
    auto request = api_request(config_, "GET", path);
    auto answer = co_await exchange.send(std::move(request));
    co_return answer;
}

asio::awaitable<Answer> Client::post(Exchange& exchange, const engine::Attempt& attempt, std::string path, std::string body) {
    auto request = api_request(config_, "POST", path);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Idempotency-Key", attempt.idempotency_key);
    request.body = std::move(body);
    auto answer = co_await exchange.send(std::move(request));
    co_return answer;
}

/// Stripe's own word on whether to try again goes before the status; a 429 only ever means to wait, and a 409 that the first call
/// still runs.
engine::AttemptResult Client::refusal(const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer) const {
    using Kind = engine::AttemptResult::Kind;
    auto result = refused(world_, attempt, exchange, answer, complaint_of(answer));
    if (!answer.arrived()) return result;
    const int status = answer.response.status;
    const auto word = should_retry(answer);
    const bool in_use = status == 409 && complaint_of(answer).code == "idempotency_key_in_use";
    if (word == true && result.kind == Kind::failed) result.kind = Kind::retry;
    if (word == false && result.kind == Kind::retry && status < 500 && !in_use) result.kind = Kind::failed;
    return result;
}

engine::AttemptResult Client::absent(const Listing& listing) {
    if (!listing.whole) return retry("stripe_not_proven", "the list is too long to prove that the effect is absent");
    auto next = retry("stripe_key_spent", "the effect is absent; the next attempt uses a new key");
    next.next_generation = true;
    return next;
}

} // namespace appointd::adapters::stripe
