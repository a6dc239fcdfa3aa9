#pragma once

#include "adapters/webhook.hpp"

#include <string>
#include <string_view>

namespace appointd::adapters::calendly {

/// What Calendly says about an invitee, by webhook or because we asked: both make the same events with the same ids, so that
/// whichever comes second is a duplicate.
struct Sighting {
    std::string_view
        type; ///< Calendly's event type: invitee.created, invitee.rescheduled (an alias), invitee.canceled, invitee_no_show.*
    const json::object& invitee; ///< the invitee with `scheduled_event` inside, as webhooks carry it
    std::string_view source;     ///< "calendly" or "reconcile"
    Time received_at;
    std::optional<Time> sent_at; ///< the webhook's own created_at
    std::string raw{};
};

engine::Incoming to_incoming(const Sighting& sighting, const SessionTypes& session_types, const FreshId& fresh);

engine::CorrelationKey invitee_key(std::string_view invitee);

} // namespace appointd::adapters::calendly
