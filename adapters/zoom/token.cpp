#include "adapters/zoom/token.hpp"

#include "adapters/fields.hpp"
#include "adapters/outcome.hpp"
#include "foundation/digest.hpp"
#include "foundation/encoding.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace appointd::adapters::zoom {
namespace {

constexpr std::chrono::seconds early{60}; // renewed so long before its end
constexpr std::int64_t usual_lifetime = 3600;

Complaint complaint_of(const Answer& answer) {
    const auto& body = answer.object();
    return {"zoom", lenient_text(body, "error").value_or("token"), lenient_text(body, "reason").value_or("Zoom gave no token"),
            std::string(answer.header("x-zm-trackingid").value_or("")), "ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET"};
}

} // namespace

asio::awaitable<TokenSource::Token> TokenSource::get(const engine::Attempt& attempt, Exchange& exchange) {
    if (in_flight_) {
        co_await wait_for_landing(exchange);
        if (in_flight_) co_return Token{{}, wait("deadline_passed", Exchange::too_late, Duration(0))};
        if (last_trouble_) co_return Token{{}, last_trouble_}; // one failed call is enough: nobody asks again at once
    }
    if (!token_.empty() && world_.clock.monotonic() < renew_at_) co_return Token{token_, std::nullopt};
    in_flight_ = true;
    Token token;
    try {
        token = co_await fetch(attempt, exchange);
    } catch (...) {
        land({{}, wait("zoom_no_token", "asking for a token threw", Duration(0))});
        throw;
    }
    land(token);
    co_return token;
}

void TokenSource::drop(std::string_view token) {
    if (token_ == token) token_.clear();
}

void TokenSource::land(const Token& token) {
    in_flight_ = false;
    last_trouble_ = token.trouble;
    for (auto* timer : waiting_) timer->cancel();
}

asio::awaitable<void> TokenSource::wait_for_landing(Exchange& exchange) {
    asio::steady_timer timer(executor_, std::max(exchange.time_left(), std::chrono::milliseconds(0)));
    const auto place = waiting_.insert(waiting_.end(), &timer);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    waiting_.erase(place);
}

/// No byte with an effect has left yet, so trouble is a wait and counts for nobody; refused credentials fail for good.
asio::awaitable<TokenSource::Token> TokenSource::fetch(const engine::Attempt& attempt, Exchange& exchange) {
    const Fields form{{"grant_type", "account_credentials"}, {"account_id", config_.account_id}};
    net::ClientRequest request;
    request.method = "POST";
    request.url = join_url(config_.auth_base, "/oauth/token");
    request.headers.emplace_back("Authorization", "Basic " + base64(config_.client_id + ":" + config_.client_secret));
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = form_encode(form);
    const auto answer = co_await exchange.send(std::move(request));

    Token token;
    const auto text = text_field(answer.object(), "access_token");
    if (answer.ok() && text && !text->empty()) {
        const std::chrono::seconds lifetime(lenient_int(answer.object(), "expires_in").value_or(usual_lifetime));
        token_ = *text;
        renew_at_ = world_.clock.monotonic() + (lifetime > 2 * early ? lifetime - early : lifetime / 2);
        token.text = *text;
        co_return token;
    }
    token.trouble =
        answer.ok() ? bad_answer("zoom", "access_token") : refused(world_, attempt, exchange, answer, complaint_of(answer));
    if (token.trouble->kind == engine::AttemptResult::Kind::retry) token.trouble->kind = engine::AttemptResult::Kind::wait;
    co_return token;
}

} // namespace appointd::adapters::zoom
