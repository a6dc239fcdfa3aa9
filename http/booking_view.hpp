#pragma once

#include "engine/ports/reader.hpp"
#include "foundation/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::http {

/// What a customer may see of a booking, picked out of its data ("Names in data", docs/http-api.md). Absent texts are empty.
struct BookingView {
    std::string id, state;
    std::string session_name, place, page_key, email;
    std::int64_t price = 0;
    std::string scheduling, checkout, meeting; ///< links; empty until made, the checkout's also once it is no longer open
    std::string slot_phase, invitee, timezone, cancel_url, reschedule_url;
    std::optional<Time> start, end;
    std::vector<std::string> superseded; ///< invitees before the current one
    std::string currency;
    std::int64_t captured = 0, refunded = 0, refunding = 0, kept = 0, lost = 0;
    bool processing = false; ///< money is on its way and may take days
    std::string ended_why, ended_by;
    std::vector<std::string> attention; ///< reasons
    Time created_at;

    bool flagged(std::string_view reason) const;
    /// Whether this is the key of the customer's page.
    bool opens(std::string_view key) const;
    /// Whether the invitee is, or was before a reschedule, the one whose URI ends in this id.
    bool is_invitee(std::string_view uuid) const;
};

/// nullopt where the row is no booking, or its data no object.
std::optional<BookingView> view_booking(const engine::WorkflowRow& row);

/// Whom an answer is for. A booking's id is no secret (it stands in links and at the providers); its page's key is.
enum class Audience { anybody, trusted };

/// What GET /api/bookings/{id} answers: to anybody without the name and the address that the scheduling link is filled in with.
json::object to_json(const BookingView& view, Audience audience);

} // namespace appointd::http
