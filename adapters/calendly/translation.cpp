#include "adapters/calendly/translation.hpp"

#include "adapters/fields.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::calendly {
namespace {

constexpr std::string_view id_source = "calendly/default";
constexpr std::string_view no_session_type = "no session type for this event type";
constexpr std::string_view never_seen = "booked before appointd or never seen";

/// An invitee picked apart once.
struct Invitee {
    std::optional<std::string> uri, event, event_type, old_invitee, new_invitee, claim;
    std::optional<Time> created_at, start, end, canceled_at;
    const json::object& event_body;
    const json::object& cancellation;
    const json::object& no_show;
};

Invitee pick(const json::object& body) {
    const auto& event = object_or_empty(body, "scheduled_event");
    const auto& own = object_or_empty(body, "cancellation");
    const auto& cancellation = own.empty() ? object_or_empty(event, "cancellation") : own;
    auto event_uri = identifier(body, "event");
    return {.uri = identifier(body, "uri"),
            .event = event_uri ? event_uri : identifier(event, "uri"),
            .event_type = identifier(event, "event_type"),
            .old_invitee = identifier(body, "old_invitee"),
            .new_invitee = identifier(body, "new_invitee"),
            .claim = identifier(object_or_empty(body, "tracking"), "utm_content"),
            .created_at = time_field(body, "created_at"),
            .start = time_field(event, "start_time"),
            .end = time_field(event, "end_time"),
            .canceled_at = time_field(cancellation, "created_at"),
            .event_body = event,
            .cancellation = cancellation,
            .no_show = object_or_empty(body, "no_show")};
}

/// One name where forms differ: Calendly's wire says "zoom" where its documentation says "zoom_conference".
std::string location_type(const json::object& location) {
    const auto type = lenient_text(location, "type");
    if (!type) return "";
    return *type == "zoom_conference" ? "zoom" : *type;
}

bool takes_several(const json::object& event) {
    const auto& counter = object_or_empty(event, "invitees_counter");
    return lenient_int(counter, "limit").value_or(1) > 1 || lenient_int(counter, "total").value_or(1) > 1;
}

std::string full_name(const json::object& body) {
    auto name = lenient_text(body, "name").value_or("");
    if (!name.empty()) return name;
    const auto first = lenient_text(body, "first_name").value_or(""), last = lenient_text(body, "last_name").value_or("");
    return first.empty() || last.empty() ? first + last : first + " " + last;
}

json::value payment_of(const json::object& body) {
    const auto* payment = object_field(body, "payment");
    if (!payment) return nullptr;
    return json::object{{"amount_text", nullable(decimal_text(*payment, "amount"))},
                        {"currency", lower(lenient_text(*payment, "currency").value_or(""))},
                        {"provider", nullable(lenient_text(*payment, "provider"))}};
}

/// The booking whose link was taken, says the invitee's tracking: a claim, not a proof.
std::optional<engine::WorkflowId> claimed_booking(const Invitee& invitee) {
    return invitee.claim ? engine::parse_claimed_workflow_id(*invitee.claim) : std::nullopt;
}

json::object slot_payload(const json::object& body, const Invitee& invitee, const std::optional<SessionTerms>& terms) {
    const auto& location = object_or_empty(invitee.event_body, "location");
    const auto claim = claimed_booking(invitee);
    json::object payload{
        {"invitee", nullable(invitee.uri)},
        {"event", nullable(invitee.event)},
        {"name", full_name(body)},
        {"email", lenient_text(body, "email").value_or("")},
        {"timezone", nullable(lenient_text(body, "timezone"))},
        {"start", nullable(invitee.start)},
        {"end", nullable(invitee.end)},
        {"created_at", nullable(invitee.created_at)},
        {"group", takes_several(invitee.event_body)},
        {"location", json::object{{"type", location_type(location)}, {"join_url", nullable(lenient_text(location, "join_url"))}}},
        {"event_type", nullable(invitee.event_type)},
        {"session_type", terms ? json::value(terms->session_type) : json::value(nullptr)},
        {"terms", terms ? json::value(terms->terms) : json::value(nullptr)},
        {"claim", claim ? json::value(engine::to_string(*claim)) : json::value(nullptr)},
        {"payment", payment_of(body)},
        {"cancel_url", nullable(lenient_text(body, "cancel_url"))},
        {"reschedule_url", nullable(lenient_text(body, "reschedule_url"))}};
    if (invitee.old_invitee) payload["old_invitee"] = *invitee.old_invitee;
    return payload;
}

/// "host" where Calendly does not say: then the customer gets the benefit of the doubt.
std::string canceler(const json::object& cancellation) {
    return lenient_text(cancellation, "canceler_type") == "invitee" ? "invitee" : "host";
}

std::string_view created_lacks(const Invitee& invitee) {
    if (!invitee.uri) return "uri";
    if (!invitee.event) return "event";
    if (!invitee.event_type) return "scheduled_event.event_type";
    if (!invitee.start) return "scheduled_event.start_time";
    if (!invitee.end) return "scheduled_event.end_time";
    if (!invitee.created_at) return "created_at";
    return {};
}

/// Other people's events of an unnamed type are over at once; one that bears a booking's id, or is half of a reschedule, may be
/// of a booking that began before its session type left the configuration, and out of order.
bool may_be_ours(const Invitee& invitee) { return invitee.old_invitee || invitee.new_invitee || claimed_booking(invitee); }

/// Whom a taken or moved slot is for.
engine::Address slot_address(const Invitee& invitee, const std::optional<SessionTerms>& terms, const FreshId& fresh) {
    engine::Address address;
    const auto key = invitee_key(*invitee.uri);
    address.targets.emplace_back(key);
    address.binds.push_back(key);
    address.kind = workflow_kind;
    address.fresh = fresh();
    if (invitee.old_invitee) address.targets.emplace_back(invitee_key(*invitee.old_invitee));
    if (const auto claim = claimed_booking(invitee)) address.targets.emplace_back(*claim);
    if (invitee.old_invitee) {
        address.unclaimed = engine::Unclaimed::wait;
        address.waits_for = invitee_key(*invitee.old_invitee);
        address.reason = terms ? never_seen : no_session_type;
    } else if (!terms) { // none begins without terms
        address.unclaimed = engine::Unclaimed::ignore;
        address.reason = no_session_type;
    } else {
        address.unclaimed = engine::Unclaimed::start;
    }
    return address;
}

/// Whom a cancellation or a no-show is for.
engine::Address follow_up_address(const Invitee& invitee, const SessionTypes& session_types) {
    engine::Address address;
    address.targets.emplace_back(invitee_key(*invitee.uri));
    if (invitee.new_invitee) address.targets.emplace_back(invitee_key(*invitee.new_invitee));
    const bool named = !invitee.event_type || session_types(*invitee.event_type);
    address.reason = named ? never_seen : no_session_type;
    if (!named && !may_be_ours(invitee)) {
        address.unclaimed = engine::Unclaimed::ignore;
    } else {
        address.unclaimed = engine::Unclaimed::wait;
        address.waits_for = invitee_key(*invitee.uri);
    }
    return address;
}

/// Type and payload of what happened to a slot that is already known.
struct FollowUp {
    std::string type;
    json::object payload;
    Time at;
};

/// What it means, by the words that Calendly documents. `invitee.rescheduled` is documented nowhere: it counts as the half of the
/// pair that its invitee shows, with that half's id, so that the pair itself may come besides.
std::string_view meant_by(std::string_view type, const json::object& body, const Invitee& invitee) {
    if (type != "invitee.rescheduled") return type;
    return invitee.new_invitee || lenient_text(body, "status") == "canceled" ? "invitee.canceled" : "invitee.created";
}

FollowUp cancellation(std::string_view told, const json::object& body, const Invitee& invitee, Time at) {
    const bool moving = lenient_bool(body, "rescheduled").value_or(false) || invitee.new_invitee || told == "invitee.rescheduled";
    json::object payload{{"invitee", *invitee.uri}, {"event", nullable(invitee.event)}};
    if (moving) payload["new_invitee"] = nullable(invitee.new_invitee);
    payload["at"] = to_iso(at);
    payload["by"] = canceler(invitee.cancellation);
    if (!moving) {
        payload["canceled_by"] = nullable(lenient_text(invitee.cancellation, "canceled_by"));
        payload["reason"] = nullable(lenient_text(invitee.cancellation, "reason"));
    }
    return {moving ? "slot.moving" : "slot.canceled", std::move(payload), at};
}

/// The one part of the dedupe key that tells two happenings to one invitee apart.
std::string ordinal(std::string_view type, const json::object& body, const Invitee& invitee) {
    if (type == "invitee.canceled") return invitee.canceled_at ? to_iso(*invitee.canceled_at) : "";
    if (!type.starts_with("invitee_no_show.")) return "";
    if (auto uri = identifier(invitee.no_show, "uri")) return *uri;
    const auto changed = time_field(
        body, "updated_at"); // a no-show that was cleared is null in the body: without this, clearing twice would be one event
    return changed ? to_iso(*changed) : "";
}

} // namespace

engine::CorrelationKey invitee_key(std::string_view invitee) {
    return engine::correlation_key("", "calendly", account, "invitee", invitee);
}

engine::Incoming to_incoming(const Sighting& sighting, const SessionTypes& session_types, const FreshId& fresh) {
    const auto& body = sighting.invitee;
    auto invitee = pick(body);
    if (!invitee.created_at) invitee.created_at = sighting.sent_at;
    const auto type = meant_by(sighting.type, body, invitee);
    const bool created = type == "invitee.created";
    const auto moment = type == "invitee.canceled" && invitee.canceled_at ? invitee.canceled_at : invitee.created_at;
    const auto id =
        engine::make_event_id(moment.value_or(Time{}), id_source,
                              invitee.uri ? std::string(type) + "|" + *invitee.uri + "|" + ordinal(type, body, invitee)
                                          : key_of_body(type, sighting.raw));
    const auto occurred_at = moment.value_or(sighting.received_at);
    const auto give_up = [&](std::string reason) {
        return ignored(id, sighting.source, sighting.type, occurred_at, sighting.raw, std::move(reason));
    };

    engine::Incoming incoming;
    incoming.event = {id, std::string(sighting.source), "", occurred_at, "", sighting.raw};
    if (created) {
        if (const auto missing = created_lacks(invitee); !missing.empty()) return give_up("lacks " + std::string(missing));
        const auto terms = session_types(*invitee.event_type);
        incoming.event.type = invitee.old_invitee ? "slot.moved" : "slot.taken";
        incoming.event.payload = json::serialize(slot_payload(body, invitee, terms));
        incoming.address = slot_address(invitee, terms, fresh);
        return incoming;
    }
    if (!invitee.uri) return give_up("lacks uri");
    FollowUp follow_up;
    if (type == "invitee.canceled") {
        const auto at = invitee.canceled_at ? invitee.canceled_at : time_field(body, "updated_at");
        if (!at && !sighting.sent_at) return give_up("lacks cancellation.created_at");
        follow_up = cancellation(sighting.type, body, invitee, at ? *at : *sighting.sent_at);
    } else {
        const bool set = type == "invitee_no_show.created";
        const auto marked = set ? time_field(invitee.no_show, "created_at") : time_field(body, "updated_at");
        const auto at = marked ? *marked : sighting.sent_at.value_or(sighting.received_at);
        follow_up = {set ? "no_show.set" : "no_show.cleared", {{"invitee", *invitee.uri}, {"at", to_iso(at)}}, at};
    }
    incoming.event.type = std::move(follow_up.type);
    incoming.event.occurred_at = follow_up.at;
    incoming.event.payload = json::serialize(follow_up.payload);
    incoming.address = follow_up_address(invitee, session_types);
    return incoming;
}

} // namespace appointd::adapters::calendly
