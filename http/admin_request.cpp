#include "http/admin_request.hpp"

#include "http/reply.hpp"
#include "workflows/booking/operator_fields.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace appointd::http {
namespace {

constexpr std::size_t max_text = 500;
constexpr std::string_view nobody = "operator"; // an actor who does not say who they are

std::string optional_text(const json::object& object, std::string_view name, json::array& faults) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return {};
    const auto text = text_field(object, name);
    if (!text || text->size() > max_text) {
        add_fault(faults, name, "is not text of at most " + std::to_string(max_text) + " bytes");
        return {};
    }
    return *text;
}

bool optional_truth(const json::object& object, std::string_view name, json::array& faults) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return false;
    if (!value->is_bool()) add_fault(faults, name, "is neither true nor false");
    return value->is_bool() && value->get_bool();
}

void refuse_unknown(const json::object& object, std::initializer_list<std::string_view> known, json::array& faults) {
    for (const auto& field : object) {
        const std::string_view name(field.key().data(), field.key().size());
        if (std::find(known.begin(), known.end(), name) == known.end())
            add_fault(faults, name.substr(0, max_text), "is not a field of this request");
    }
}

net::Response malformed() { return problem(400, "malformed", "The body is not a JSON object in UTF-8."); }

/// {"refund":"amount","amount":500} says the same as {"refund":500}.
void name_the_amount(json::object& payload) {
    const auto* choice = payload.if_contains("refund");
    const auto* amount = payload.if_contains("amount");
    if (!choice || !amount || *choice != "amount") return;
    payload["refund"] = json::value(*amount);
    payload.erase("amount");
}

} // namespace

std::variant<EventRequest, net::Response> read_event_request(std::string_view body) {
    const auto object = parse_object(body);
    if (!object) return malformed();
    EventRequest request;
    json::array faults;
    refuse_unknown(*object, {"type", "payload", "actor", "reason", "dry_run"}, faults);
    request.type = optional_text(*object, "type", faults);
    if (request.type.empty()) add_fault(faults, "type", "is required: the name of an event");
    request.actor = optional_text(*object, "actor", faults);
    request.reason = optional_text(*object, "reason", faults);
    if (const auto* payload = object->if_contains("payload"); payload && !payload->is_null()) {
        if (const auto* fields_of_payload = payload->if_object())
            request.payload = *fields_of_payload;
        else
            add_fault(faults, "payload", "is not an object");
    }
    if (request.actor.empty()) request.actor = optional_text(request.payload, "actor", faults);
    if (request.actor.empty()) request.actor = nobody;
    name_the_amount(request.payload);
    request.dry_run = optional_truth(*object, "dry_run", faults);
    if (!faults.empty()) return invalid(std::move(faults));
    return request;
}

std::variant<PersonRequest, net::Response> read_person_request(std::string_view body, bool may_be_dry) {
    PersonRequest request;
    if (body.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        const auto object = parse_object(body);
        if (!object) return malformed();
        json::array faults;
        if (may_be_dry)
            refuse_unknown(*object, {"actor", "reason", "dry_run"}, faults);
        else
            refuse_unknown(*object, {"actor", "reason"}, faults);
        request.dry_run = may_be_dry && optional_truth(*object, "dry_run", faults);
        request.actor = optional_text(*object, "actor", faults);
        request.reason = optional_text(*object, "reason", faults);
        if (!faults.empty()) return invalid(std::move(faults));
    }
    if (request.actor.empty()) request.actor = nobody;
    return request;
}

namespace {

std::optional<Time> optional_time(const json::object& object, std::string_view name, json::array& faults) {
    const auto text = optional_text(object, name, faults);
    if (text.empty()) return std::nullopt;
    auto time = parse_iso(text);
    if (!time) time = parse_iso(text + "T00:00:00Z"); // a day
    if (!time) add_fault(faults, name, "is no time like 2026-12-01T09:00:00Z or 2026-12-01");
    return time;
}

} // namespace

std::variant<ReconcileRequest, net::Response> read_reconcile_request(std::string_view body, Time now) {
    ReconcileRequest request;
    if (body.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        const auto object = parse_object(body);
        if (!object) return malformed();
        json::array faults;
        refuse_unknown(*object, {"provider", "since", "until", "cursor", "dry_run", "actor", "reason"}, faults);
        request.provider = optional_text(*object, "provider", faults);
        request.cursor = optional_text(*object, "cursor", faults);
        request.actor = optional_text(*object, "actor", faults);
        request.reason = optional_text(*object, "reason", faults);
        request.since = optional_time(*object, "since", faults);
        request.until = optional_time(*object, "until", faults);
        request.dry_run = optional_truth(*object, "dry_run", faults);
        if (request.since && *request.since >= request.until.value_or(now)) add_fault(faults, "since", "is not before until");
        if (!request.cursor.empty() && (request.provider.empty() || !request.until))
            add_fault(faults, "cursor", "goes on in one provider's window: give provider, since and until as they were answered");
        if (!faults.empty()) return invalid(std::move(faults));
    }
    if (request.actor.empty()) request.actor = nobody;
    return request;
}

json::array faults_of_operator(std::string_view type, const json::object& payload) {
    json::array faults;
    for (const booking::OperatorField& field : booking::operator_fields()) {
        if (field.event != type) continue;
        const auto* value = payload.if_contains(field.name);
        const std::string name = "payload." + std::string(field.name);
        if (!value || value->is_null()) {
            if (field.required) add_fault(faults, name, "is required");
        } else if (const auto words = booking::complaint(field.shape, *value); !words.empty()) {
            add_fault(faults, name, words);
        }
    }
    return faults;
}

} // namespace appointd::http
