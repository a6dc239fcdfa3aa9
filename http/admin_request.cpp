#include "http/admin_request.hpp"

#include "http/reply.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace appointd::http {
namespace {

constexpr std::size_t max_text = 500;
constexpr std::string_view nobody = "operator"; // an actor who does not say who they are

void fault(json::array& faults, std::string_view field, std::string_view message) {
    json::object entry;
    entry["field"] = json::string(field.data(), field.size());
    entry["message"] = json::string(message.data(), message.size());
    faults.push_back(std::move(entry));
}

std::string optional_text(const json::object& object, std::string_view name, json::array& faults) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return {};
    const auto text = text_field(object, name);
    if (!text || text->size() > max_text) {
        fault(faults, name, "is not text of at most " + std::to_string(max_text) + " bytes");
        return {};
    }
    return *text;
}

bool optional_truth(const json::object& object, std::string_view name, json::array& faults) {
    const auto* value = object.if_contains(name);
    if (!value || value->is_null()) return false;
    if (!value->is_bool()) fault(faults, name, "is neither true nor false");
    return value->is_bool() && value->get_bool();
}

void refuse_unknown(const json::object& object, std::initializer_list<std::string_view> known, json::array& faults) {
    for (const auto& field : object) {
        const std::string_view name(field.key().data(), field.key().size());
        if (std::find(known.begin(), known.end(), name) == known.end())
            fault(faults, name.substr(0, max_text), "is not a field of this request");
    }
}

net::Response malformed() { return problem(400, "malformed", "The body is not a JSON object in UTF-8."); }

/// What a field of an operator's event may hold.
enum class Shape { amount, text, refund_choice, person };
struct Field {
    std::string_view type, name;
    Shape shape;
    bool required;
};
constexpr std::array fields{
    Field{"operator.cancel", "refund", Shape::refund_choice, false},
    Field{"operator.refund", "amount", Shape::amount, true},
    Field{"operator.refund", "payment", Shape::text, false},
    Field{"operator.mark_paid", "amount", Shape::amount, true},
    Field{"operator.mark_paid", "reference", Shape::text, true},
    Field{"operator.mark_paid", "payment", Shape::text, false},
    Field{"operator.refunded_elsewhere", "amount", Shape::amount, true},
    Field{"operator.refunded_elsewhere", "reference", Shape::text, true},
    Field{"operator.refunded_elsewhere", "payment", Shape::text, false},
    Field{"operator.no_show", "who", Shape::person, true},
    Field{"operator.resolve", "reason", Shape::text, true},
    Field{"operator.resolve", "note", Shape::text, false},
    Field{"operator.note", "text", Shape::text, true},
    Field{"operator.retry", "activity", Shape::text, true},
    Field{"operator.skip", "activity", Shape::text, true},
};

bool is_amount(const json::value& value) { return value.is_int64() && value.get_int64() > 0; }
bool is_one_of(const json::value& value, std::initializer_list<std::string_view> words) {
    if (!value.is_string()) return false;
    const std::string_view text(value.get_string().data(), value.get_string().size());
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view complaint(Shape shape, const json::value& value) {
    switch (shape) {
    case Shape::amount: return is_amount(value) ? "" : "is no amount: a whole number of minor units above 0";
    case Shape::text: return value.is_string() && !value.get_string().empty() ? "" : "is not text";
    case Shape::refund_choice:
        return is_amount(value) || is_one_of(value, {"full", "policy", "none"})
                   ? ""
                   : "is none of full, policy, none, or an amount in minor units";
    case Shape::person: return is_one_of(value, {"guest", "host"}) ? "" : "is neither guest nor host";
    }
    return "";
}

/// {"refund":"amount","amount":500} says the same as {"refund":500}.
void name_the_amount(json::object& payload) {
    const auto* choice = payload.if_contains("refund");
    const auto* amount = payload.if_contains("amount");
    if (!choice || !amount || !is_one_of(*choice, {"amount"})) return;
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
    if (request.type.empty()) fault(faults, "type", "is required: the name of an event");
    request.actor = optional_text(*object, "actor", faults);
    request.reason = optional_text(*object, "reason", faults);
    if (const auto* payload = object->if_contains("payload"); payload && !payload->is_null()) {
        if (const auto* fields_of_payload = payload->if_object())
            request.payload = *fields_of_payload;
        else
            fault(faults, "payload", "is not an object");
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
    if (!time) fault(faults, name, "is no time like 2026-12-01T09:00:00Z or 2026-12-01");
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
        if (request.since && *request.since >= request.until.value_or(now)) fault(faults, "since", "is not before until");
        if (!request.cursor.empty() && (request.provider.empty() || !request.until))
            fault(faults, "cursor", "goes on in one provider's window: give provider, since and until as they were answered");
        if (!faults.empty()) return invalid(std::move(faults));
    }
    if (request.actor.empty()) request.actor = nobody;
    return request;
}

json::array faults_of_operator(std::string_view type, const json::object& payload) {
    json::array faults;
    for (const Field& field : fields) {
        if (field.type != type) continue;
        const auto* value = payload.if_contains(field.name);
        const std::string name = "payload." + std::string(field.name);
        if (!value || value->is_null()) {
            if (field.required) fault(faults, name, "is required");
        } else if (const auto words = complaint(field.shape, *value); !words.empty()) {
            fault(faults, name, words);
        }
    }
    return faults;
}

} // namespace appointd::http
