#include "adapters/calendly/client.hpp"
#include "adapters/fields.hpp"
#include "foundation/encoding.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::calendly {

/// Calendly knows no idempotency key, and a second link harms nobody: one that is never opened stays unused.
asio::awaitable<engine::AttemptResult> Client::create_link(const engine::Attempt& attempt, const json::object& request,
                                                           Exchange& exchange) {
    const auto booking = text_field(request, "booking"), event_type = text_field(request, "event_type");
    if (!booking || !event_type) co_return failed("bad_request", "the stored request lacks booking or event_type");
    const json::object body{{"max_event_count", 1}, {"owner", *event_type}, {"owner_type", "EventType"}};
    auto call = api_request(config_, "POST", "/scheduling_links", json::serialize(body));
    const auto answer = co_await exchange.send(std::move(call));
    if (!answer.ok()) co_return refusal(attempt, exchange, answer);
    const auto url = text_field(resource_of(answer), "booking_url");
    if (!url) co_return bad_answer("calendly", "resource.booking_url");

    Fields tracking{{"utm_source", "appointd"}, {"utm_content", *booking}};
    if (const auto name = text_field(request, "name"); name && !name->empty()) tracking.emplace_back("name", *name);
    if (const auto email = text_field(request, "email"); email && !email->empty()) tracking.emplace_back("email", *email);
    const json::object result{{"url", *url + (url->find('?') == url->npos ? "?" : "&") + form_encode(tracking)}};
    co_return succeeded(result);
}

} // namespace appointd::adapters::calendly
