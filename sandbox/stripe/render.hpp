#pragma once

#include "sandbox/stripe/state.hpp"

namespace appointd::sandbox::stripe {

json::object session_json(const Session& session, const Settings& settings);
json::object intent_json(const PaymentIntent& intent);
json::object charge_json(const Charge& charge);
json::object refund_json(const Refund& refund);
json::object dispute_json(const Dispute& dispute);

/// Any object by its id's prefix, or null.
json::value object_named(std::string_view id, const State& state, const Settings& settings);

/// Turns the ids on the dotted path ("payment_intent.latest_charge", "data.charge") into objects. False: cannot be expanded.
bool expand(json::value& value, std::string_view path, const State& state, const Settings& settings);

} // namespace appointd::sandbox::stripe
