#pragma once

#include "adapters/webhook.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace appointd::adapters::zoom {

engine::Incoming to_incoming(const json::object& body, std::string raw, std::string_view raw_body, Time received_at);

engine::CorrelationKey meeting_key(std::string_view meeting);

/// "ref:BOOKING" as it stands first in the agenda of our meetings.
std::string marker_of(std::string_view booking);
/// The booking that a meeting's agenda, tracking fields or topic names, or nullopt.
std::optional<engine::WorkflowId> marked_booking(const json::object& meeting);

/// A meeting that carries a booking's mark, as meeting.created says it.
engine::Incoming found_meeting(const json::object& meeting, std::string_view source, engine::EventId id, Time occurred_at);

} // namespace appointd::adapters::zoom
