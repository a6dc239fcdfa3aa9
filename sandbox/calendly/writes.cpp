#include "sandbox/calendly/machine.hpp"
#include "sandbox/calendly/paging.hpp"
#include "sandbox/calendly/render.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace appointd::sandbox::calendly {
namespace {

json::array detail(std::string_view parameter, std::string_view message, std::string_view code = "") {
    json::object one{{"parameter", parameter}, {"message", message}};
    if (!code.empty()) one["code"] = code;
    json::array all;
    all.push_back(std::move(one));
    return all;
}

constexpr std::string_view invalid_title = "Invalid Argument";
constexpr std::string_view invalid_message = "The supplied parameters are invalid.";
constexpr std::string_view upgrade = "Please upgrade your Calendly account to Standard";

} // namespace

net::Response Machine::cancel_event(const Call& call, ScheduledEvent& event, Time now) {
    if (event.cancellation) return error(403, "Permission Denied", "Event is already canceled");
    if (event.start <= now) return error(403, "Permission Denied", "Event in the past");
    const auto body = call.body.empty() ? json::object{} : parse_object(call.body);
    if (!body) return error(400, invalid_title, invalid_message);
    const Cancellation cancellation{.canceled_by = settings_.host_name,
                                    .reason = text_field(*body, "reason").value_or(""),
                                    .canceler_type = "host",
                                    .created_at = now};
    for (const std::string& id : event.invitees)
        if (const Invitee& invitee = *state_.invitees.find(id); !invitee.cancellation) note("slot.cancel", invitee, true, now);
    cancel_whole(event, cancellation, now);
    return json_response(201, json::object{{"resource", cancellation_json(cancellation)}});
}

net::Response Machine::create_link(const Call& call) {
    const auto body = parse_object(call.body);
    if (!body) return error(400, invalid_title, invalid_message);
    if (int_field(*body, "max_event_count") != 1)
        return error(400, invalid_title, invalid_message, detail("max_event_count", "must be equal to 1"));
    if (text_field(*body, "owner_type") != "EventType")
        return error(400, invalid_title, invalid_message, detail("owner_type", "must be EventType"));
    const auto owner = text_field(*body, "owner");
    if (!owner || !owner->starts_with(uri_root))
        return error(400, invalid_title, invalid_message, detail("owner", "is not a valid URI"));
    const EventType* type = state_.types.find(id_of(*owner));
    if (!type) return error(404, "Resource Not Found", "The server could not find the requested resource.");
    const Link& link = state_.links.add({.id = ids_.token(12), .type = type->id});
    return json_response(201, json::object{{"resource",
                                            {{"booking_url", settings_.pages_base + "/d/" + link.id},
                                             {"owner", uri_of("event_types", type->id)},
                                             {"owner_type", "EventType"}}}});
}

net::Response Machine::create_invitee(const Call& call, Time now) {
    if (!settings_.paid_plan) return error(403, "Permission Denied", upgrade);
    if (!spend(bookings_, settings_.bookings_per_minute, now))
        return error(429, "Too Many Requests", "You have exceeded the rate limit.");
    const auto body = parse_object(call.body);
    if (!body) return error(400, invalid_title, invalid_message);
    const json::object* person = object_field(*body, "invitee");
    BookingForm form{.event_type = text_field(*body, "event_type").value_or(""), .scheduling_method = "api"};
    form.start = time_field(*body, "start_time");
    if (form.event_type.empty()) return error(400, invalid_title, invalid_message, detail("event_type", "is missing"));
    if (!form.start) return error(400, invalid_title, invalid_message, detail("start_time", "is missing"));
    if (*form.start <= now) return error(400, invalid_title, invalid_message, detail("start_time", "must be in the future"));
    const auto email = person ? text_field(*person, "email") : std::nullopt;
    if (!email || email->find('@') == std::string::npos)
        return error(400, invalid_title, invalid_message, detail("invitee.email", "is invalid"));
    auto name = text_field(*person, "name");
    if (!name) {
        name = text_field(*person, "first_name");
        if (name) name = *name + (text_field(*person, "last_name") ? " " + *text_field(*person, "last_name") : "");
    }
    if (!name) return error(400, invalid_title, invalid_message, detail("invitee.name", "is missing"));
    if (!text_field(*person, "timezone"))
        return error(400, invalid_title, invalid_message, detail("invitee.timezone", "is missing"));
    form.email = *email;
    form.name = *name;
    form.timezone = *text_field(*person, "timezone");
    if (const json::object* tracking = object_field(*body, "tracking"))
        for (const auto& [key, value] : *tracking)
            if (value.is_string()) form.tracking.emplace_back(std::string(key), std::string(value.get_string()));
    if (const json::array* answers = array_field(*body, "questions_and_answers")) form.answers = *answers;
    const auto made = book(form, now);
    if (!made && made.error().code == "not_found")
        return error(404, "Resource Not Found", "The server could not find the requested resource.");
    if (!made)
        return error(400, invalid_title, invalid_message,
                     detail("start_time", "The event can't be booked at this time", "already_filled"));
    return json_response(201, json::object{{"resource", invitee_json(*invitee_named(*made), settings_)}});
}

net::Response Machine::create_no_show(const Call& call, Time now) {
    const auto body = parse_object(call.body);
    const auto uri = body ? text_field(*body, "invitee") : std::nullopt;
    Invitee* invitee = uri ? invitee_named(*uri) : nullptr;
    if (!invitee) return error(404, "Resource Not Found", "The server could not find the requested resource.");
    if (invitee->no_show) return error(400, invalid_title, "The invitee is already marked as no show.");
    if (state_.events.find(invitee->event)->start > now) return error(400, invalid_title, "The event has not started yet.");
    (void)set_no_show(*uri, true, now);
    json::object out = no_show_json(*invitee);
    out["invitee"] = *uri;
    return json_response(201, json::object{{"resource", std::move(out)}});
}

net::Response Machine::no_show_by_id(const Call& call, Time now) {
    const auto place = state_.no_shows.find(call.segments[1]);
    if (place == state_.no_shows.end())
        return error(404, "Resource Not Found", "The server could not find the requested resource.");
    const std::string invitee = place->second;
    if (call.method == "GET") {
        json::object out = no_show_json(*state_.invitees.find(invitee));
        out["invitee"] = invitee_json(*state_.invitees.find(invitee), settings_)["uri"];
        return json_response(200, json::object{{"resource", std::move(out)}});
    }
    if (call.method != "DELETE") return error(404, "Resource Not Found", "The server could not find the requested resource.");
    (void)set_no_show(invitee, false, now);
    return {.status = 204};
}

net::Response Machine::subscriptions(const Call& call, Time now) {
    if (!settings_.paid_plan) return error(403, "Permission Denied", upgrade);
    if (call.is("POST", {"webhook_subscriptions"})) return create_subscription(call, now);
    if (call.is("GET", {"webhook_subscriptions"})) {
        const auto organization = call.parameter("organization"), scope = call.parameter("scope");
        if (!organization || !scope || (*scope == "user" && !call.parameter("user")))
            return error(400, invalid_title, invalid_message, detail(organization ? "scope" : "organization", "is missing"));
        if (id_of(*organization) != settings_.organization_id)
            return error(403, "Permission Denied", "You do not have permission to access this resource.");
        json::array all;
        for (const Subscription& subscription : state_.subscriptions)
            if (!subscription.deleted && subscription.scope == *scope) all.push_back(subscription_json(subscription, settings_));
        auto page = page_of(call, std::move(all));
        return page ? json_response(200, *page) : error(400, invalid_title, invalid_message);
    }
    Subscription* subscription = call.segments.size() == 2 ? state_.subscriptions.find(call.segments[1]) : nullptr;
    if (!subscription || subscription->deleted)
        return error(404, "Resource Not Found", "The server could not find the requested resource.");
    if (call.method == "GET") return json_response(200, json::object{{"resource", subscription_json(*subscription, settings_)}});
    if (call.method != "DELETE") return error(404, "Resource Not Found", "The server could not find the requested resource.");
    subscription->deleted = true;
    return {.status = 204};
}

net::Response Machine::create_subscription(const Call& call, Time now) {
    static const std::set<std::string> known = {
        "invitee.created",    "invitee.canceled",   "invitee_no_show.created", "invitee_no_show.deleted",
        "event_type.created", "event_type.updated", "event_type.deleted",      "routing_form_submission.created"};
    const auto body = parse_object(call.body);
    if (!body) return error(400, invalid_title, invalid_message);
    const auto url = text_field(*body, "url");
    if (!url || !url->starts_with("http")) return error(400, invalid_title, invalid_message, detail("url", "is invalid"));
    const auto organization = text_field(*body, "organization");
    if (!organization) return error(400, invalid_title, invalid_message, detail("organization", "is missing"));
    if (id_of(*organization) != settings_.organization_id)
        return error(403, "Permission Denied", "You do not have permission to access this resource.");
    const std::string scope = text_field(*body, "scope").value_or("");
    if (scope != "organization" && scope != "user")
        return error(400, invalid_title, invalid_message, detail("scope", "is invalid"));
    if (scope == "user" && id_of(text_field(*body, "user").value_or("")) != settings_.user_id)
        return error(400, invalid_title, invalid_message, detail("user", "is missing"));
    Subscription fresh{.id = ids_.uuid(), .url = *url, .scope = scope};
    fresh.signing_key = text_field(*body, "signing_key").value_or("");
    fresh.created_at = fresh.updated_at = now;
    const json::array* events = array_field(*body, "events");
    if (!events || events->empty()) return error(400, invalid_title, invalid_message, detail("events", "is missing"));
    for (const json::value& event : *events) {
        const std::string name = event.is_string() ? std::string(event.get_string()) : "";
        if (!known.contains(name)) return error(400, invalid_title, invalid_message, detail("events", "is invalid"));
        fresh.events.insert(name);
    }
    for (const Subscription& other : state_.subscriptions)
        if (!other.deleted && other.url == *url && other.scope == scope)
            return error(409, "Already Exists", "Hook with this url already exists");
    const Subscription& made = state_.subscriptions.add(std::move(fresh));
    return json_response(201, json::object{{"resource", subscription_json(made, settings_)}});
}

void Machine::delivery_failed(std::string_view id, bool for_good, Time now) {
    Subscription* subscription = state_.subscriptions.find(id);
    if (!subscription || subscription->deleted) return;
    if (!subscription->retry_started_at) subscription->retry_started_at = now;
    if (for_good) subscription->disabled = true; // and nobody is told
    subscription->updated_at = now;
}

void Machine::delivery_succeeded(std::string_view id, Time now) {
    Subscription* subscription = state_.subscriptions.find(id);
    if (!subscription || !subscription->retry_started_at) return;
    subscription->retry_started_at.reset();
    subscription->updated_at = now;
}

} // namespace appointd::sandbox::calendly
