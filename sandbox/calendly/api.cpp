#include "sandbox/calendly/machine.hpp"
#include "sandbox/calendly/paging.hpp"
#include "sandbox/calendly/render.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace appointd::sandbox::calendly {

using namespace std::chrono_literals;

net::Response Machine::error(int status, std::string_view title, std::string_view message, json::array details) const {
    json::object body{{"title", title}, {"message", message}};
    if (!details.empty()) body["details"] = std::move(details);
    return json_response(status, body);
}

net::Response Machine::rate_limited() const {
    net::Response response = error(429, "Too Many Requests", "You have exceeded the rate limit.");
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(std::max(settings_.requests_per_minute, 1)));
    response.headers.emplace_back("X-RateLimit-Remaining", "0");
    response.headers.emplace_back("X-RateLimit-Reset", "2"); // seconds until it is over
    return response;
}

net::Response Machine::failed(int status) const {
    return error(status, "Internal Server Error", "The server encountered an unexpected error.");
}

bool Machine::spend(Window& window, int limit, Time now) const {
    if (limit <= 0) return true;
    if (now - window.since >= 1min || now < window.since) window = {.since = now};
    return ++window.used <= limit;
}

bool Machine::authorized(const Call& call, Time now) const {
    const auto token = call.bearer();
    if (!token) return false;
    if (*token == settings_.personal_token) return true;
    const Grant* grant = state_.grants.find(*token);
    return grant && grant->kind == Grant::Kind::access && !grant->spent && now < grant->expires_at;
}

net::Response Machine::api(const Call& call, Time now) {
    if (!authorized(call, now)) return error(401, "Unauthenticated", "The access token is invalid");
    const bool within = spend(requests_, settings_.requests_per_minute, now);
    net::Response response = within ? route(call, now) : error(429, "Too Many Requests", "You have exceeded the rate limit.");
    const int limit = settings_.requests_per_minute > 0 ? settings_.requests_per_minute : 500;
    const auto reset = std::chrono::ceil<std::chrono::seconds>(1min - std::min<Duration>(now - requests_.since, 1min)).count();
    response.headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
    response.headers.emplace_back("X-RateLimit-Remaining", std::to_string(std::max(0, limit - requests_.used)));
    response.headers.emplace_back("X-RateLimit-Reset", std::to_string(reset));
    return response;
}

net::Response Machine::route(const Call& call, Time now) {
    const auto missing = [&] { return error(404, "Resource Not Found", "The server could not find the requested resource."); };
    const auto resource = [](int status, json::object body) {
        return json_response(status, json::object{{"resource", std::move(body)}});
    };
    const auto& at = call.segments;
    if (call.is("GET", {"users", "me"}) || call.is("GET", {"users", settings_.user_id}))
        return resource(200, user_json(settings_, now));
    if (call.is("GET", {"event_types"})) return list_types(call);
    if (call.is("GET", {"event_types", "*"})) {
        const EventType* type = state_.types.find(at[1]);
        return type ? resource(200, type_json(*type, settings_)) : missing();
    }
    if (call.is("GET", {"event_type_available_times"})) return available_times(call, now);
    if (call.is("GET", {"user_busy_times"})) return busy_times(call);
    if (call.is("GET", {"scheduled_events"})) return list_events(call);
    if (at.size() >= 2 && at[0] == "scheduled_events") {
        ScheduledEvent* event = state_.events.find(at[1]);
        if (!event) return missing();
        if (call.is("GET", {"scheduled_events", "*"})) return resource(200, event_json(*event, state_, settings_));
        if (call.is("GET", {"scheduled_events", "*", "invitees"})) return list_invitees(call, *event);
        if (call.is("POST", {"scheduled_events", "*", "cancellation"})) return cancel_event(call, *event, now);
        if (call.is("GET", {"scheduled_events", "*", "invitees", "*"})) {
            const Invitee* invitee = state_.invitees.find(at[3]);
            return invitee && invitee->event == event->id ? resource(200, invitee_json(*invitee, settings_)) : missing();
        }
    }
    if (call.is("POST", {"scheduling_links"})) return create_link(call);
    if (call.is("POST", {"invitees"})) return create_invitee(call, now);
    if (call.is("POST", {"invitee_no_shows"})) return create_no_show(call, now);
    if (at.size() == 2 && at[0] == "invitee_no_shows") return no_show_by_id(call, now);
    if (!at.empty() && at[0] == "webhook_subscriptions") return subscriptions(call, now);
    return missing();
}

net::Response Machine::list_types(const Call& call) const {
    const auto user = call.parameter("user"), organization = call.parameter("organization");
    if (!user && !organization) {
        json::array details;
        details.push_back({{"parameter", "user"}, {"message", "user or organization is required"}});
        return error(400, "Invalid Argument", "The supplied parameters are invalid.", std::move(details));
    }
    if ((user && id_of(*user) != settings_.user_id) || (organization && id_of(*organization) != settings_.organization_id))
        return error(403, "Permission Denied", "You do not have permission to access this resource.");
    json::array all;
    for (const EventType& type : state_.types)
        if (call.parameter("active").value_or("true") == (type.active ? "true" : "false") || !call.parameter("active"))
            all.push_back(type_json(type, settings_));
    auto page = page_of(call, std::move(all));
    return page ? json_response(200, *page) : error(400, "Invalid Argument", "The supplied parameters are invalid.");
}

net::Response Machine::available_times(const Call& call, Time now) const {
    const auto invalid = [&](std::string_view parameter, std::string_view message) {
        json::array details;
        details.push_back({{"parameter", parameter}, {"message", message}});
        return error(400, "Invalid Argument", "The supplied parameters are invalid.", std::move(details));
    };
    const auto type_uri = call.parameter("event_type");
    if (!type_uri) return invalid("event_type", "is missing");
    const auto from = parse_iso(call.parameter("start_time").value_or(""));
    if (!from) return invalid("start_time", "is missing");
    const auto to = parse_iso(call.parameter("end_time").value_or(""));
    if (!to) return invalid("end_time", "is missing");
    if (*from <= now) return invalid("start_time", "must be in the future");
    if (*to <= *from) return invalid("end_time", "must be after start_time");
    if (*to - *from > 7 * 24h) return invalid("end_time", "date range can be no greater than 1 week (7 days)");
    const EventType* type = state_.types.find(id_of(*type_uri));
    if (!type) return error(404, "Resource Not Found", "The server could not find the requested resource.");
    json::array all;
    for (const Time start : free_slots(*type, *from, *to, now))
        all.push_back({{"status", "available"},
                       {"invitees_remaining", type->seats},
                       {"start_time", six_digits(start)},
                       {"scheduling_url", settings_.pages_base + "/t/" + type->id + "?start=" + percent_encode(to_iso(start))}});
    return json_response(200, json::object{{"collection", std::move(all)}});
}

net::Response Machine::busy_times(const Call& call) const {
    const auto from = parse_iso(call.parameter("start_time").value_or(""));
    const auto to = parse_iso(call.parameter("end_time").value_or(""));
    if (!call.parameter("user") || !from || !to || *to <= *from || *to - *from > 7 * 24h)
        return error(400, "Invalid Argument", "The supplied parameters are invalid.");
    json::array all;
    for (const ScheduledEvent& event : state_.events) {
        if (event.cancellation || event.end <= *from || event.start >= *to) continue;
        all.push_back({{"type", "calendly"},
                       {"start_time", six_digits(event.start)},
                       {"end_time", six_digits(event.end)},
                       {"event", {{"uri", uri_of("scheduled_events", event.id)}}}});
    }
    return json_response(200, json::object{{"collection", std::move(all)}});
}

net::Response Machine::list_events(const Call& call) const {
    const auto user = call.parameter("user"), organization = call.parameter("organization");
    if (!user && !organization) return error(400, "Invalid Argument", "The supplied parameters are invalid.");
    if ((user && id_of(*user) != settings_.user_id) || (organization && id_of(*organization) != settings_.organization_id))
        return error(403, "Permission Denied", "You do not have permission to access this resource.");
    const auto email = call.parameter("invitee_email"), status = call.parameter("status");
    const auto from = parse_iso(call.parameter("min_start_time").value_or(""));
    const auto to = parse_iso(call.parameter("max_start_time").value_or(""));
    std::vector<const ScheduledEvent*> found;
    for (const ScheduledEvent& event : state_.events) {
        if (status && *status != (event.cancellation ? "canceled" : "active")) continue;
        if ((from && event.start < *from) || (to && event.start > *to)) continue;
        if (email && std::none_of(event.invitees.begin(), event.invitees.end(),
                                  [&](const std::string& id) { return state_.invitees.find(id)->email == *email; }))
            continue;
        found.push_back(&event);
    }
    const bool descending = call.parameter("sort").value_or("start_time:asc") == "start_time:desc";
    std::stable_sort(found.begin(), found.end(), [&](const ScheduledEvent* left, const ScheduledEvent* right) {
        return descending ? left->start > right->start : left->start < right->start;
    });
    json::array all;
    for (const ScheduledEvent* event : found) all.push_back(event_json(*event, state_, settings_));
    auto page = page_of(call, std::move(all));
    return page ? json_response(200, *page) : error(400, "Invalid Argument", "The supplied parameters are invalid.");
}

net::Response Machine::list_invitees(const Call& call, const ScheduledEvent& event) const {
    const auto email = call.parameter("email"), status = call.parameter("status");
    json::array all;
    for (const std::string& id : event.invitees) {
        const Invitee& invitee = *state_.invitees.find(id);
        if (email && *email != invitee.email) continue;
        if (status && *status != (invitee.cancellation ? "canceled" : "active")) continue;
        all.push_back(invitee_json(invitee, settings_));
    }
    if (call.parameter("sort") == "created_at:desc") std::reverse(all.begin(), all.end());
    auto page = page_of(call, std::move(all));
    return page ? json_response(200, *page) : error(400, "Invalid Argument", "The supplied parameters are invalid.");
}

} // namespace appointd::sandbox::calendly
