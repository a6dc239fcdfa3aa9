#pragma once

#include "foundation/json.hpp"
#include "net/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace appointd::http {

/// The body of POST /admin/v1/workflows/{id}/events, checked.
struct EventRequest {
    std::string type, actor, reason;
    json::object payload;
    bool dry_run = false;
};
std::variant<EventRequest, net::Response> read_event_request(std::string_view body);

/// The body of a requeue: {"actor"?, "reason"?}, or nothing; of a retry or skip also {"dry_run"?}.
struct PersonRequest {
    std::string actor, reason;
    bool dry_run = false;
};
std::variant<PersonRequest, net::Response> read_person_request(std::string_view body, bool may_be_dry = false);

/// The body of POST /admin/v1/reconcile: {"provider"?, "since"?, "until"?, "cursor"?, "dry_run"?, "actor"?, "reason"?}, or
/// nothing.
struct ReconcileRequest {
    std::string provider, cursor, actor, reason; ///< empty provider: of every account
    std::optional<Time> since, until;
    bool dry_run = false;
};
std::variant<ReconcileRequest, net::Response> read_reconcile_request(std::string_view body, Time now);

/// What is wrong with an operator's event of a booking (docs/events.md), field by field; nothing for types it does not know.
json::array faults_of_operator(std::string_view type, const json::object& payload);

} // namespace appointd::http
