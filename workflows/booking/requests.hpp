#pragma once

#include "engine/core/ids.hpp"
#include "workflows/booking/data.hpp"

#include <string>
#include <string_view>

/// The exact requests of our calls, as JSON text: what is stored with the intent is what every attempt sends, so nothing in them
/// may age (no expires_at). Shapes: docs/events.md.
namespace appointd::booking::requests {

std::string link_create(engine::WorkflowId self, const Data& data);
std::string slot_cancel(engine::WorkflowId self, const Data& data, std::string_view event, std::string_view reason);
/// Without an invitee the booking is looked for by its id in the tracking fields.
std::string slot_look(engine::WorkflowId self, const Data& data);
std::string checkout_create(engine::WorkflowId self, const Data& data, std::int64_t n);
std::string checkout_expire(engine::WorkflowId self, std::string_view session);
std::string checkout_look(engine::WorkflowId self, std::string_view session);
std::string refund_create(engine::WorkflowId self, const Refund& refund);
std::string refund_list(engine::WorkflowId self, std::string_view payment);
std::string meeting_create(engine::WorkflowId self, const Data& data);
std::string meeting_update(engine::WorkflowId self, const Data& data);
std::string meeting_delete(engine::WorkflowId self, std::string_view meeting);
/// From the slot's start on also what sessions were held: before, there are none to ask for.
std::string meeting_look(engine::WorkflowId self, const Data& data, Time now);

} // namespace appointd::booking::requests
