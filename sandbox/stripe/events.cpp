#include "sandbox/stripe/machine.hpp"
#include "sandbox/stripe/render.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::sandbox::stripe {
namespace {

bool within(const Form& form, Time created) {
    const std::int64_t at = unix_seconds(created);
    const auto bound = [&](std::string_view name) { return form.integer("created[" + std::string(name) + "]"); };
    if (const auto exact = form.integer("created"); exact && at != *exact) return false;
    if (const auto least = bound("gte"); least && at < *least) return false;
    if (const auto below = bound("gt"); below && at <= *below) return false;
    if (const auto most = bound("lte"); most && at > *most) return false;
    if (const auto above = bound("lt"); above && at >= *above) return false;
    return true;
}

bool equals(const Form& form, std::string_view name, const std::string& value) {
    const auto wanted = form.get(name);
    return !wanted || *wanted == value;
}

} // namespace

void Machine::emit(std::string_view type, json::object object, Time now, json::object previous) {
    const std::string id = "evt_" + ids_.token(24);
    const std::string object_id(object["id"].as_string());
    json::object data{{"object", std::move(object)}};
    // Only events of a change say what was there before.
    if (!previous.empty() && (type.ends_with(".updated") || type == "charge.refunded" || type == "refund.failed"))
        data["previous_attributes"] = std::move(previous);
    const auto text_or_null = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
    json::object body{{"id", id},
                      {"object", "event"},
                      {"api_version", settings_.api_version},
                      {"created", unix_seconds(now)},
                      {"data", std::move(data)},
                      {"livemode", false},
                      {"pending_webhooks", settings_.webhook_url.empty() ? 0 : 1},
                      {"request", {{"id", text_or_null(request_id_)}, {"idempotency_key", text_or_null(request_key_)}}},
                      {"type", type}};
    const Event& event = state_.events.add({.id = id, .type = std::string(type), .body = std::move(body), .created_at = now});
    const bool enabled = settings_.enabled_events.empty() || settings_.enabled_events.contains(event.type);
    if (!settings_.webhook_url.empty() && enabled) journal_.send(webhook_for(event, object_id));
}

Webhook Machine::webhook_for(const Event& event, std::string_view object) const {
    return {.provider = Provider::stripe,
            .type = event.type,
            .object = std::string(object),
            .id = event.id,
            .body = json::serialize(event.body),
            .url = settings_.webhook_url,
            .secrets = settings_.webhook_secrets};
}

std::optional<Webhook> Machine::twin_of(std::string_view id, Time now) {
    const Event* event = state_.events.find(id);
    if (!event) return std::nullopt;
    Event twin = *event;
    twin.id = "evt_" + ids_.token(24);
    twin.body["id"] = twin.id;
    twin.created_at = now;
    const Event& made = state_.events.add(std::move(twin));
    return webhook_for(made, text_field(*object_field(*object_field(made.body, "data"), "object"), "id").value_or(""));
}

void Machine::delivered(std::string_view id) {
    Event* event = state_.events.find(id);
    if (!event) return;
    event->delivered = true;
    event->body["pending_webhooks"] = 0;
}

Machine::Outcome Machine::list(std::string_view url, const Form& form, std::vector<Row> rows) const {
    const std::int64_t limit = form.get("limit") ? form.integer("limit").value_or(0) : 10;
    if (limit < 1 || limit > 100)
        return refuse(400, "parameter_invalid_integer", "This value must be between 1 and 100.", "limit");
    std::erase_if(rows, [&](const Row& row) { return !within(form, row.created_at); });
    const auto place = [&](std::string_view parameter) -> std::optional<std::ptrdiff_t> {
        const auto id = form.get(parameter);
        if (!id) return std::nullopt;
        const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == *id; });
        return found == rows.end() ? -1 : found - rows.begin();
    };
    auto from = rows.begin(), to = rows.end();
    bool more = false;
    const auto most = static_cast<std::ptrdiff_t>(limit);
    const auto after = place("starting_after"), before = place("ending_before");
    if (after == -1 || before == -1)
        return refuse(400, "resource_missing", "No such object", after == -1 ? "starting_after" : "ending_before");
    if (before) { // the page just before it in the list, newest first as ever
        to = rows.begin() + *before;
        more = *before > most;
        if (more) from = to - most;
    } else {
        if (after) from = rows.begin() + *after + 1;
        more = to - from > most;
        if (more) to = from + most;
    }
    json::array data;
    for (; from != to; ++from) data.push_back(from->render());
    return {.body = json::object{{"object", "list"}, {"url", url}, {"has_more", more}, {"data", std::move(data)}}};
}

Machine::Outcome Machine::list_sessions(const Form& form) const {
    std::vector<Row> rows;
    for (auto row = state_.sessions.rbegin(); row != state_.sessions.rend(); ++row) {
        const Session& session = *row;
        if (!equals(form, "payment_intent", session.payment_intent) || !equals(form, "status", session.status) ||
            !equals(form, "customer", session.customer) || !equals(form, "customer_details[email]", session.paid_by_email))
            continue;
        rows.push_back({session.id, session.created_at, [this, &session] { return session_json(session, settings_); }});
    }
    return list("/v1/checkout/sessions", form, std::move(rows));
}

Machine::Outcome Machine::list_refunds(const Form& form) const {
    std::vector<Row> rows;
    for (auto row = state_.refunds.rbegin(); row != state_.refunds.rend(); ++row) {
        const Refund& refund_row = *row;
        if (!equals(form, "payment_intent", refund_row.payment_intent) || !equals(form, "charge", refund_row.charge)) continue;
        rows.push_back({refund_row.id, refund_row.created_at, [&refund_row] { return refund_json(refund_row); }});
    }
    return list("/v1/refunds", form, std::move(rows));
}

Machine::Outcome Machine::list_payments(const Form& form, bool charges) const {
    std::vector<Row> rows;
    if (charges) {
        for (auto row = state_.charges.rbegin(); row != state_.charges.rend(); ++row)
            if (const Charge& charge = *row; equals(form, "payment_intent", charge.payment_intent))
                rows.push_back({charge.id, charge.created_at, [&charge] { return charge_json(charge); }});
    } else {
        for (auto row = state_.intents.rbegin(); row != state_.intents.rend(); ++row)
            if (const PaymentIntent& intent = *row; equals(form, "customer", intent.customer))
                rows.push_back({intent.id, intent.created_at, [&intent] { return intent_json(intent); }});
    }
    return list(charges ? "/v1/charges" : "/v1/payment_intents", form, std::move(rows));
}

Machine::Outcome Machine::list_disputes(const Form& form) const {
    std::vector<Row> rows;
    for (auto row = state_.disputes.rbegin(); row != state_.disputes.rend(); ++row)
        if (const Dispute& dispute = *row;
            equals(form, "payment_intent", dispute.payment_intent) && equals(form, "charge", dispute.charge))
            rows.push_back({dispute.id, dispute.created_at, [&dispute] { return dispute_json(dispute); }});
    return list("/v1/disputes", form, std::move(rows));
}

Machine::Outcome Machine::list_events(const Form& form) const {
    std::set<std::string> types;
    for (std::size_t i = 0; i < form.size_of("types"); ++i)
        types.insert(form.get("types[" + std::to_string(i) + "]").value_or(""));
    if (types.size() > 20) return refuse(400, "", "You may pass at most 20 types.", "types");
    const auto type = form.get("type");
    const auto success = form.get("delivery_success");
    std::vector<Row> rows;
    for (auto row = state_.events.rbegin(); row != state_.events.rend(); ++row) {
        const Event& event = *row;
        if (!types.empty() && !types.contains(event.type)) continue;
        if (type && *type != event.type && !(type->ends_with(".*") && event.type.starts_with(type->substr(0, type->size() - 1))))
            continue;
        if (success && (*success == "true") != event.delivered) continue;
        rows.push_back({event.id, event.created_at, [&event] { return event.body; }});
    }
    return list("/v1/events", form, std::move(rows));
}

} // namespace appointd::sandbox::stripe
