#pragma once

#include "sandbox/calendly/state.hpp"

#include <string_view>

namespace appointd::sandbox::calendly {

/// Calendly's resources as JSON, as seen on the wire.
json::object user_json(const Settings& settings, Time now);
json::object type_json(const EventType& type, const Settings& settings);
json::object event_json(const ScheduledEvent& event, const State& state, const Settings& settings);
/// Without `scheduled_event`, as the REST replies have it.
json::object invitee_json(const Invitee& invitee, const Settings& settings);
json::object cancellation_json(const Cancellation& cancellation);
json::object subscription_json(const Subscription& subscription, const Settings& settings);
json::object no_show_json(const Invitee& invitee);

/// The exact bytes of a webhook.
std::string webhook_body(std::string_view type, const Invitee& invitee, const State& state, const Settings& settings, Time now);

} // namespace appointd::sandbox::calendly
