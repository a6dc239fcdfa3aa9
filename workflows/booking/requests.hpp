#pragma once

#include "engine/core/ids.hpp"
#include "workflows/booking/kind.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// The facts of an e-mail; adapters/notify writes it by its template.
struct Mail {
    std::string_view about;        ///< the template: "confirmed"
    bool to_operator = false;      ///< else to the invitee
    std::optional<Time> until{};   ///< from then on it would mislead, and is not sent
    std::string_view calendar{};   ///< "REQUEST", "CANCEL", or empty: no calendar file
    std::int64_t sequence = 0;     ///< of the calendar file
    std::int64_t amount = 0;       ///< refunded: what came back now
    std::vector<Flag> attention{}; ///< what the operator does not know of
};
std::string mail_send(engine::WorkflowId self, State state, const Data& data, const Mail& mail);

/// One event for one listener; `body` is sent byte by byte as it is stored.
std::string webhook_send(engine::WorkflowId self, std::string_view listener, std::string_view type, std::string_view body);
/// {"type", "timestamp", "data"} of docs/webhooks.md.
struct News {
    std::string type;
    const Flag* attention = nullptr; ///< attention.*: which
};
std::string webhook_body(const Step& step, const News& news, std::string_view reason);
/// Where the customer reads how the booking stands.
std::string page_url(engine::WorkflowId self, const Data& data);

} // namespace appointd::booking::requests
