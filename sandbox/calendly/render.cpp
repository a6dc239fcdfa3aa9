#include "sandbox/calendly/render.hpp"

#include "sandbox/call.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace appointd::sandbox::calendly {
namespace {

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

int active_invitees(const ScheduledEvent& event, const State& state) {
    int count = 0;
    for (const std::string& id : event.invitees)
        if (!state.invitees.find(id)->cancellation) ++count;
    return count;
}

} // namespace

std::string uri_of(std::string_view collection, std::string_view id) {
    std::string uri(uri_root);
    return uri.append(collection).append("/").append(id);
}

std::string id_of(std::string_view uri) {
    const std::size_t slash = uri.rfind('/');
    return std::string(slash == std::string_view::npos ? uri : uri.substr(slash + 1));
}

json::object user_json(const Settings& settings, Time now) {
    return {{"uri", uri_of("users", settings.user_id)},
            {"name", settings.host_name},
            {"slug", "sandbox-host"},
            {"email", settings.host_email},
            {"scheduling_url", settings.pages_base + "/sandbox-host"},
            {"timezone", settings.timezone},
            {"avatar_url", nullptr},
            {"created_at", "2024-01-02T03:04:05.678123Z"},
            {"updated_at", six_digits(now)},
            {"current_organization", uri_of("organizations", settings.organization_id)},
            {"locale", "en"},
            {"time_notation", "24h"},
            {"resource_type", "User"}};
}

json::object type_json(const EventType& type, const Settings& settings) {
    const bool group = type.seats > 1;
    return {{"uri", uri_of("event_types", type.id)},
            {"name", type.name},
            {"active", type.active},
            {"slug", type.slug},
            {"scheduling_url", settings.pages_base + "/t/" + type.id},
            {"duration", type.duration_minutes},
            {"kind", group ? "group" : "solo"},
            {"kind_description", group ? "Group" : "One-on-One"},
            {"pooling_type", nullptr},
            {"type", "StandardEventType"},
            {"color", "#0069ff"},
            {"secret", false},
            {"booking_method", "instant"},
            {"custom_questions", json::array{}},
            {"profile", {{"type", "User"}, {"name", settings.host_name}, {"owner", uri_of("users", settings.user_id)}}},
            {"admin_managed", false},
            {"deleted_at", nullptr},
            {"created_at", six_digits(type.created_at)},
            {"updated_at", six_digits(type.created_at)},
            {"description_plain", nullptr},
            {"description_html", nullptr},
            {"internal_note", nullptr}};
}

json::object cancellation_json(const Cancellation& cancellation) {
    return {{"canceled_by", cancellation.canceled_by},
            {"reason", text_or_null(cancellation.reason)},
            {"canceler_type", cancellation.canceler_type},
            {"created_at", six_digits(cancellation.created_at)}};
}

json::object event_json(const ScheduledEvent& event, const State& state, const Settings& settings) {
    const EventType* type = state.types.find(event.type);
    json::array memberships; // named: braces would read it as an object of one pair
    memberships.push_back(json::object{
        {"user", uri_of("users", settings.user_id)}, {"user_email", settings.host_email}, {"user_name", settings.host_name}});
    json::object out{{"uri", uri_of("scheduled_events", event.id)},
                     {"name", type->name},
                     {"status", event.cancellation ? "canceled" : "active"},
                     {"start_time", six_digits(event.start)},
                     {"end_time", six_digits(event.end)},
                     {"event_type", uri_of("event_types", event.type)},
                     {"location", event.location},
                     {"invitees_counter",
                      {{"total", event.invitees.size()}, {"active", active_invitees(event, state)}, {"limit", type->seats}}},
                     {"event_memberships", std::move(memberships)},
                     {"event_guests", event.guests},
                     {"meeting_notes_plain", nullptr},
                     {"meeting_notes_html", nullptr},
                     {"created_at", six_digits(event.created_at)},
                     {"updated_at", six_digits(event.updated_at)}};
    // Absent, not null, while the event is active.
    if (event.cancellation) out["cancellation"] = cancellation_json(*event.cancellation);
    return out;
}

json::object no_show_json(const Invitee& invitee) {
    return {{"uri", uri_of("invitee_no_shows", invitee.no_show->id)}, {"created_at", six_digits(invitee.no_show->created_at)}};
}

json::object invitee_json(const Invitee& invitee, const Settings& settings) {
    json::object out{{"uri", uri_of("scheduled_events", invitee.event) + "/invitees/" + invitee.id},
                     {"event", uri_of("scheduled_events", invitee.event)},
                     {"email", invitee.email},
                     {"name", invitee.name},
                     {"first_name", nullptr},
                     {"last_name", nullptr},
                     {"status", invitee.cancellation ? "canceled" : "active"},
                     {"timezone", invitee.timezone},
                     {"text_reminder_number", nullptr},
                     {"questions_and_answers", invitee.answers},
                     {"tracking", invitee.tracking},
                     {"cancel_url", settings.pages_base + "/cancellations/" + invitee.id},
                     {"reschedule_url", settings.pages_base + "/reschedulings/" + invitee.id},
                     {"rescheduled", invitee.rescheduled},
                     {"old_invitee", text_or_null(invitee.old_invitee)},
                     {"new_invitee", text_or_null(invitee.new_invitee)},
                     {"payment", invitee.payment},
                     {"no_show", invitee.no_show ? json::value(no_show_json(invitee)) : json::value(nullptr)},
                     {"reconfirmation", nullptr},
                     {"routing_form_submission", nullptr},
                     {"scheduling_method", text_or_null(invitee.scheduling_method)},
                     {"invitee_scheduled_by", nullptr},
                     {"created_at", six_digits(invitee.created_at)},
                     {"updated_at", six_digits(invitee.updated_at)}};
    if (invitee.cancellation) out["cancellation"] = cancellation_json(*invitee.cancellation);
    return out;
}

json::object subscription_json(const Subscription& subscription, const Settings& settings) {
    json::array events;
    for (const std::string& event : subscription.events) events.emplace_back(event);
    const bool user = subscription.scope == "user";
    return {{"uri", uri_of("webhook_subscriptions", subscription.id)},
            {"callback_url", subscription.url},
            {"created_at", six_digits(subscription.created_at)},
            {"updated_at", six_digits(subscription.updated_at)},
            {"retry_started_at",
             subscription.retry_started_at ? json::value(six_digits(*subscription.retry_started_at)) : json::value(nullptr)},
            {"state", subscription.disabled ? "disabled" : "active"},
            {"events", std::move(events)},
            {"scope", subscription.scope},
            {"organization", uri_of("organizations", settings.organization_id)},
            {"user", user ? json::value(uri_of("users", settings.user_id)) : json::value(nullptr)},
            {"group", nullptr},
            {"creator", uri_of("users", settings.user_id)}};
}

std::string webhook_body(std::string_view type, const Invitee& invitee, const State& state, const Settings& settings, Time now) {
    json::object payload = invitee_json(invitee, settings);
    payload["scheduled_event"] = event_json(*state.events.find(invitee.event), state, settings);
    return json::serialize(json::object{{"event", type},
                                        {"created_at", six_digits(now)},
                                        {"created_by", uri_of("users", settings.user_id)},
                                        {"payload", std::move(payload)}});
}

} // namespace appointd::sandbox::calendly
