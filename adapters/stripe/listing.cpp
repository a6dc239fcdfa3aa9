#include "adapters/fields.hpp"
#include "adapters/stripe/client.hpp"

#include <algorithm>

namespace appointd::adapters::stripe {
namespace {

constexpr int most_pages = 10;
constexpr std::chrono::minutes slack{2}; // between Stripe's clock and ours

std::string metadata_field(const json::object& object, std::string_view name) {
    const auto* metadata = object_field(object, "metadata");
    return metadata ? lenient_text(*metadata, name).value_or("") : "";
}

/// "booking_id" of "metadata[booking_id]"; empty for any other parameter.
std::string_view metadata_name(std::string_view parameter) {
    constexpr std::string_view prefix = "metadata[";
    if (!parameter.starts_with(prefix) || !parameter.ends_with(']')) return {};
    return parameter.substr(prefix.size(), parameter.size() - prefix.size() - 1);
}

} // namespace

std::string seconds_text(Time time) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

asio::awaitable<Client::Listing> Client::list(const engine::Attempt& attempt, Exchange& exchange, std::string path, Fields query,
                                              Pick pick) {
    Listing listing;
    query.emplace_back("limit", "100");
    std::string last;
    for (int page = 0; page < most_pages; ++page) {
        auto parameters = query;
        if (!last.empty()) parameters.emplace_back("starting_after", last);
        const auto answer = co_await get(exchange, path + "?" + form_encode(parameters));
        const auto* data = answer.ok() ? array_field(answer.object(), "data") : nullptr;
        if (!data) {
            listing.trouble = answer.ok() ? bad_answer("stripe", "data") : refusal(attempt, exchange, answer);
            co_return listing;
        }
        for (const auto& entry : *data) {
            const auto* object = entry.if_object();
            if (!object) continue;
            last = identifier(*object, "id").value_or("");
            if (pick(*object)) listing.objects.push_back(*object);
        }
        if (!lenient_bool(answer.object(), "has_more").value_or(false) || last.empty()) co_return listing;
    }
    listing.whole = false;
    co_return listing;
}

/// Sessions that this very form can have made: all its metadata and its reference, and not older than its first sending.
asio::awaitable<Client::Listing> Client::sessions_like(const engine::Attempt& attempt, const Fields& form, Exchange& exchange) {
    const Time since = attempt.first_sent_at.value_or(attempt.now) - slack;
    Pick pick = [form, since](const json::object& session) {
        if (unix_seconds(session, "created").value_or(since) < since) return false;
        bool marked = false;
        for (const auto& [name, value] : form) {
            const auto metadata = metadata_name(name);
            // The booking's id is what the contract promises back; which installation it was may be missing, not another.
            if (metadata == installation_field && metadata_field(session, metadata).empty()) continue;
            if (!metadata.empty() && metadata_field(session, metadata) != value) return false;
            if (name == "client_reference_id" && lenient_text(session, name).value_or("") != value) return false;
            marked = marked || !metadata.empty() || name == "client_reference_id";
        }
        return marked;
    };
    Fields query{{"created[gte]", seconds_text(since)}};
    auto listing = co_await list(attempt, exchange, "/v1/checkout/sessions", std::move(query), std::move(pick));
    co_return listing;
}

/// All sessions that carry the booking's id, which says itself when the booking began.
asio::awaitable<Client::Listing> Client::sessions_of(const engine::Attempt& attempt, const std::string& booking,
                                                     Exchange& exchange) {
    Fields query;
    if (const auto id = engine::parse_workflow_id(booking)) {
        std::int64_t millis = 0;
        for (int byte = 0; byte < 6; ++byte) millis = millis * 256 + id->get().data[byte];
        const Time begin{std::chrono::milliseconds(millis)};
        if (begin > Time{slack}) query.emplace_back("created[gte]", seconds_text(begin - slack));
    }
    Pick pick = [booking](const json::object& session) {
        return lenient_text(session, "client_reference_id") == booking || metadata_field(session, "booking_id") == booking;
    };
    auto listing = co_await list(attempt, exchange, "/v1/checkout/sessions", std::move(query), std::move(pick));
    co_return listing;
}

asio::awaitable<Client::Listing> Client::refunds_of(const engine::Attempt& attempt, const std::string& payment,
                                                    Exchange& exchange) {
    Fields query{{"payment_intent", payment}};
    Pick pick = [](const json::object&) { return true; };
    auto listing = co_await list(attempt, exchange, "/v1/refunds", std::move(query), std::move(pick));
    co_return listing;
}

} // namespace appointd::adapters::stripe
