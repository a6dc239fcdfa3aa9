#include "adapters/fields.hpp"
#include "adapters/stripe/client.hpp"
#include "adapters/stripe/translation.hpp"

#include <algorithm>

namespace appointd::adapters::stripe {
namespace {

engine::AttemptResult made(const json::object& session) {
    const auto id = identifier(session, "id");
    if (!id) return bad_answer("stripe", "id");
    const json::object result{{"session", *id}, {"url", nullable(text_field(session, "url"))}};
    return succeeded(result);
}

/// The session that tells most of a booking: one that was paid, else one that can still be, else the newest.
const json::object& telling(const std::vector<json::object>& sessions) {
    for (const std::string_view status : {"complete", "open"})
        for (const auto& session : sessions)
            if (lenient_text(session, "status") == status) return session;
    return sessions.front();
}

/// The session that the attempt made: the open one, because a booking has at most one; else the oldest.
const json::object& attempted(const std::vector<json::object>& sessions) {
    for (const auto& session : sessions)
        if (lenient_text(session, "status") == "open") return session;
    return sessions.back();
}

json::object payment_facts(const json::object& session) {
    const auto& details = object_or_empty(session, "total_details");
    const auto status = lenient_text(session, "payment_status").value_or("");
    auto payment = identifier(session, "payment_intent");
    if (!payment && status == "no_payment_required") payment = identifier(session, "id");
    return {{"payment_status", status},
            {"payment", nullable(payment)},
            {"amount", nullable(lenient_int(session, "amount_total"))},
            {"subtotal", nullable(lenient_int(session, "amount_subtotal"))},
            {"discount", nullable(lenient_int(details, "amount_discount"))},
            {"tax", nullable(lenient_int(details, "amount_tax"))},
            {"currency", lower(lenient_text(session, "currency").value_or(""))}};
}

} // namespace

asio::awaitable<engine::AttemptResult> Client::create_checkout(const engine::Attempt& attempt, const json::object& request,
                                                               Exchange& exchange) {
    const auto form = form_of(request);
    if (!form) co_return failed("bad_request", "the stored request lacks its form");
    if (!is_old(attempt)) {
        const auto answer = co_await post(exchange, attempt, "/v1/checkout/sessions", form_encode(*form));
        if (answer.ok()) co_return made(answer.object());
        if (!is_spent(attempt, answer)) co_return refusal(attempt, exchange, answer);
    }
    const auto listing = co_await sessions_like(attempt, *form, exchange);
    if (listing.trouble) co_return *listing.trouble;
    if (!listing.objects.empty()) co_return made(attempted(listing.objects));
    co_return absent(listing);
}

/// Facts of a session as it is now. A completed one that is unpaid may be on its way or may have failed: only its payment knows.
asio::awaitable<engine::AttemptResult> Client::session_facts(const engine::Attempt& attempt, json::object session,
                                                             Exchange& exchange) {
    const auto id = identifier(session, "id");
    const auto status = lenient_text(session, "status").value_or("");
    if (!id || status.empty()) co_return bad_answer("stripe", "id or status");
    json::object facts{{"session", *id}, {"status", status}};
    if (status == "open") facts["url"] = nullable(text_field(session, "url"));
    if (status != "complete") co_return succeeded(facts);

    for (const auto& field : payment_facts(session)) facts[field.key()] = field.value();
    const auto payment = identifier(facts, "payment");
    std::vector<engine::Incoming> learned;
    if (payment && facts["payment_status"] == "unpaid") {
        const auto answer = co_await get(exchange, "/v1/payment_intents/" + percent_encode(*payment));
        if (!answer.ok()) co_return refusal(attempt, exchange, answer);
        const auto intent = lenient_text(answer.object(), "status").value_or("");
        if (intent == "succeeded") {
            facts["payment_status"] = "paid";
        } else if (intent == "canceled" || intent == "requires_payment_method") {
            Notice notice{.type = "checkout.session.async_payment_failed",
                          .id = engine::make_event_id(unix_seconds(session, "created").value_or(Time{}), "stripe/default",
                                                      "look|failed|" + *payment),
                          .occurred_at = world_.clock.now(),
                          .raw = {},
                          .source = "reconcile"};
            learned.push_back(to_incoming(notice, session, nullptr, config_.installation));
        }
    }
    auto result = succeeded(facts);
    if (payment) result.binds.push_back(payment_key(*payment));
    result.learned = std::move(learned);
    co_return result;
}

/// A refusal means that the session is no longer open; whatever its words are (they have changed before), the session itself says
/// what it is.
asio::awaitable<engine::AttemptResult> Client::expire_checkout(const engine::Attempt& attempt, const json::object& request,
                                                               Exchange& exchange) {
    const auto session = text_field(request, "session");
    if (!session || session->empty()) co_return failed("bad_request", "the stored request lacks its session");
    const auto path = "/v1/checkout/sessions/" + percent_encode(*session);
    const auto answer = co_await post(exchange, attempt, path + "/expire", "");
    if (answer.ok()) {
        auto result = co_await session_facts(attempt, answer.object(), exchange);
        co_return result;
    }
    const bool misused = complaint_of(answer).code == "idempotency_error";
    const bool refused = answer.arrived() && answer.response.status == 400 && !misused;
    const bool spent = is_spent(attempt, answer);
    if (!refused && !spent) co_return refusal(attempt, exchange, answer);

    const auto current = co_await get(exchange, path);
    if (!current.ok()) co_return refusal(attempt, exchange, current);
    if (lenient_text(current.object(), "status") == "open") {
        if (!spent) co_return refusal(attempt, exchange, answer);
        const Listing proven;
        co_return absent(proven); // the stored error is all that this key can answer, and the session is still open
    }
    auto result = co_await session_facts(attempt, current.object(), exchange);
    co_return result;
}

asio::awaitable<engine::AttemptResult> Client::look_at_checkout(const engine::Attempt& attempt, const json::object& request,
                                                                Exchange& exchange) {
    const auto session = text_field(request, "session");
    if (session && !session->empty()) {
        const auto answer = co_await get(exchange, "/v1/checkout/sessions/" + percent_encode(*session));
        if (answer.ok()) {
            auto result = co_await session_facts(attempt, answer.object(), exchange);
            co_return result;
        }
        if (!answer.arrived() || answer.response.status != 404) co_return refusal(attempt, exchange, answer);
    }
    const auto listing = co_await sessions_of(attempt, text_field(request, "booking").value_or(""), exchange);
    if (listing.trouble) co_return *listing.trouble;
    if (listing.objects.empty()) {
        const json::object nothing{{"session", nullptr}, {"status", "none"}};
        co_return succeeded(nothing);
    }
    auto result = co_await session_facts(attempt, telling(listing.objects), exchange);
    co_return result;
}

} // namespace appointd::adapters::stripe
