#pragma once

#include "adapters/webhook.hpp"

#include <span>
#include <string>
#include <string_view>

namespace appointd::adapters::stripe {

/// A Stripe event without its object.
struct Notice {
    std::string type;
    engine::EventId id;
    Time occurred_at;
    std::string raw;
    std::string source = "stripe";
};

/// The event types that mean something to a booking; at most 20, which is what Stripe lets one ask for at once.
std::span<const char* const> known_event_types();
bool is_known(std::string_view type);

/// `object` is data.object, `previous` data.previous_attributes or null, `installation` our public URL.
engine::Incoming to_incoming(const Notice& notice, const json::object& object, const json::object* previous,
                             std::string_view installation);

engine::Incoming give_up(const Notice& notice, std::string reason);

engine::CorrelationKey payment_key(std::string_view payment);

} // namespace appointd::adapters::stripe
