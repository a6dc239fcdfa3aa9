#include "adapters/fields.hpp"
#include "adapters/stripe/client.hpp"
#include "adapters/stripe/event.hpp"
#include "adapters/stripe/translation.hpp"
#include "adapters/window.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::adapters::stripe {
namespace {

constexpr std::size_t page_size = 50;

Fields query_of(const Window& window) {
    Fields query{{"limit", std::to_string(page_size)},
                 {"created[gte]", seconds_text(window.since)},
                 {"created[lte]", seconds_text(window.until + std::chrono::seconds(1))}};
    const auto types = known_event_types();
    for (std::size_t i = 0; i < types.size(); ++i) query.emplace_back("types[" + std::to_string(i) + "]", types[i]);
    if (!window.cursor.empty()) query.emplace_back("starting_after", window.cursor);
    return query;
}

/// Nobody could ever claim it: kept where a webhook brings it, not worth a row where we asked.
bool for_nobody(const engine::Incoming& incoming) {
    return incoming.address.targets.empty() && incoming.address.unclaimed == engine::Unclaimed::ignore;
}

} // namespace

/// Stripe lists newest first. A window is fixed, so new events do not move its pages; they belong to the next window.
asio::awaitable<engine::AttemptResult> Client::sweep_events(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange) {
    const auto window = window_of(request);
    if (!window) co_return failed("bad_request", "the stored request lacks since or until");
    const auto query = query_of(*window);
    const auto answer = co_await get(exchange, "/v1/events?" + form_encode(query));
    const auto* data = answer.ok() ? array_field(answer.object(), "data") : nullptr;
    if (!data) {
        auto trouble = answer.ok() ? bad_answer("stripe", "data") : refusal(attempt, exchange, answer);
        co_return left_to_the_next_turn(std::move(trouble));
    }
    std::vector<engine::Incoming> learned;
    std::string last;
    const Ours ours{livemode_of(config_.secret_key), config_.installation};
    for (const auto& entry : *data) {
        if (!entry.is_object() || learned.size() >= 2 * page_size) continue; // more than was asked for
        const auto bytes = json::serialize(entry);
        auto body = read_body(bytes);
        if (!body) continue;
        last = identifier(body->parsed, "id").value_or("");
        auto incoming = to_incoming(Told{std::move(*body), bytes, "reconcile", world_.clock.now()}, ours);
        if (!for_nobody(incoming)) learned.push_back(std::move(incoming));
    }
    std::reverse(learned.begin(), learned.end());
    const bool more = lenient_bool(answer.object(), "has_more").value_or(false);
    auto result = succeeded(page_facts(*window, static_cast<std::int64_t>(data->size()), more ? last : ""));
    result.learned = std::move(learned);
    co_return result;
}

} // namespace appointd::adapters::stripe
