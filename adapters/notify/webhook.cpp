#include "adapters/notify/client.hpp"
#include "adapters/notify/webhook_signature.hpp"
#include "adapters/outcome.hpp"
#include "adapters/retry_after.hpp"

#include <algorithm>

namespace appointd::adapters::notify {
namespace {

using Failure = net::ClientResponse::Failure;

std::int64_t unix_time(Time time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

Duration pause_after(const Config& config, int tries) {
    Duration pause = config.first_pause;
    for (int i = 0; i < tries && pause < config.longest_pause; ++i) pause *= 2;
    return std::min<Duration>(pause, config.longest_pause);
}

} // namespace

Client::Client(World world, Config config) : world_(std::move(world)), config_(std::move(config)) {
    if (config_.mail) smtp_ = net::SmtpClient::make(config_.mail->relay);
}

asio::awaitable<engine::AttemptResult> Client::send_webhook(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange) {
    const auto name = text_field(request, "endpoint").value_or("");
    const auto endpoint = std::ranges::find(config_.endpoints, name, &Endpoint::name);
    if (endpoint == config_.endpoints.end()) { // it was taken out of the configuration: nobody listens
        const json::object moot{{"delivered", false}, {"why", "no_such_endpoint"}};
        co_return succeeded(moot);
    }
    const std::string id = engine::to_string(attempt.id);
    const auto now = unix_time(world_.clock.now());
    net::ClientRequest call;
    call.method = "POST";
    call.url = endpoint->url;
    call.body = text_field(request, "body").value_or("");
    call.headers = {{"Content-Type", "application/json"},
                    {"User-Agent", "appointd"},
                    {"webhook-id", id},
                    {"webhook-timestamp", std::to_string(now)},
                    {"webhook-signature", webhook_signature(id, now, call.body, endpoint->keys)}};
    const Answer answer = co_await exchange.send(std::move(call));
    if (answer.ok()) {
        const json::object delivered{{"delivered", true}, {"status", answer.response.status}};
        co_return succeeded(delivered);
    }
    const std::string code = answer.arrived()                               ? "webhook_" + std::to_string(answer.response.status)
                             : answer.response.failure == Failure::not_sent ? "webhook_unreachable"
                                                                            : "webhook_no_answer";
    const std::string words =
        "endpoint " + name + ": " +
        (answer.arrived() ? "it answered " + std::to_string(answer.response.status) : answer.response.error);
    if (answer.arrived() && answer.response.status == 410)
        co_return failed(code, words + ", which ends it: take it out of the configuration");
    auto again = retry(code, words);
    again.retry_after = pause_after(config_, attempt.tries);
    if (const auto header = answer.header("Retry-After"))
        if (const auto asked = parse_retry_after(*header, world_.clock.now()))
            again.retry_after = std::max<Duration>(*again.retry_after, std::min<Duration>(*asked, config_.longest_pause));
    again.provider_ok = answer.arrived() && answer.response.status < 500;
    co_return again;
}

} // namespace appointd::adapters::notify
