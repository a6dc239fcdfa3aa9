#include "sandbox/calendly/machine.hpp"
#include "sandbox/calendly/render.hpp"

#include <algorithm>

namespace appointd::sandbox::calendly {

using namespace std::chrono_literals;

Machine::Machine(Settings settings, std::uint64_t seed, Journal& journal)
    : settings_(std::move(settings)), ids_(seed), journal_(journal) {
    if (!settings_.webhook_url.empty()) subscribe(settings_.webhook_url, Time{});
}

void Machine::subscribe(const std::string& url, Time now) {
    for (Subscription& old : state_.subscriptions) old.deleted = true;
    Subscription fresh{.id = ids_.uuid(), .url = url, .signing_key = settings_.webhook_signing_key};
    fresh.events = {"invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"};
    fresh.created_at = fresh.updated_at = now;
    state_.subscriptions.add(std::move(fresh));
}

void Machine::emit(std::string_view type, const Invitee& invitee, Time now) {
    for (const Subscription& subscription : state_.subscriptions) {
        if (subscription.deleted || subscription.disabled || !subscription.events.contains(std::string(type))) continue;
        Webhook webhook{.provider = Provider::calendly, .type = std::string(type)};
        webhook.object = uri_of("scheduled_events", invitee.event) + "/invitees/" + invitee.id;
        webhook.body = webhook_body(type, invitee, state_, settings_, now);
        webhook.url = subscription.url;
        if (!subscription.signing_key.empty()) webhook.secrets.push_back(subscription.signing_key);
        webhook.subscription = subscription.id;
        journal_.send(std::move(webhook));
    }
}

void Machine::note(std::string_view kind, const Invitee& invitee, bool by_api, Time now) {
    journal_.note({.at = now,
                   .provider = Provider::calendly,
                   .kind = std::string(kind),
                   .object = uri_of("scheduled_events", invitee.event) + "/invitees/" + invitee.id,
                   .booking = text_field(invitee.tracking, "utm_content").value_or(""),
                   .by_api = by_api});
}

Invitee* Machine::invitee_named(std::string_view uri) { return state_.invitees.find(id_of(uri)); }

EventType& Machine::add_event_type(EventType type, Time now) {
    type.id = type.id.empty() ? ids_.uuid() : id_of(type.id);
    if (EventType* known = state_.types.find(type.id)) return *known;
    if (type.name.empty()) type.name = "Session";
    if (type.slug.empty()) {
        type.slug = type.name;
        for (char& c : type.slug) c = std::isalnum(static_cast<unsigned char>(c)) ? static_cast<char>(std::tolower(c)) : '-';
    }
    type.created_at = now;
    return state_.types.add(std::move(type));
}

bool Machine::is_free(const EventType& type, Time start) const {
    if (settings_.overlapping) return true;
    const Time end = start + std::chrono::minutes(type.duration_minutes);
    for (const ScheduledEvent& event : state_.events) {
        if (event.cancellation || event.end <= start || event.start >= end) continue;
        const bool same_group_event = type.seats > 1 && event.type == type.id && event.start == start;
        const auto active = std::count_if(event.invitees.begin(), event.invitees.end(),
                                          [&](const std::string& id) { return !state_.invitees.find(id)->cancellation; });
        if (!same_group_event || active >= type.seats) return false;
    }
    return true;
}

std::vector<Time> Machine::free_slots(const EventType& type, Time from, Time to, Time now) const {
    // Every day, nine to five UTC, one slot after the other: enough for a look-alike, and always some tomorrow.
    std::vector<Time> slots;
    const Duration step = std::chrono::minutes(std::max(type.duration_minutes, 15));
    for (auto day = std::chrono::floor<std::chrono::days>(from); day < to; day += std::chrono::days(1)) {
        for (Time start = Time(day) + 9h; start + step <= Time(day) + 17h; start += step)
            if (start >= from && start < to && start > now && is_free(type, start)) slots.push_back(start);
    }
    return slots;
}

ScheduledEvent& Machine::event_for(const EventType& type, Time start, Time now) {
    if (type.seats > 1)
        for (ScheduledEvent& event : state_.events)
            if (!event.cancellation && event.type == type.id && event.start == start) return event;
    ScheduledEvent event{.id = ids_.uuid(), .type = type.id, .start = start};
    event.end = start + std::chrono::minutes(type.duration_minutes);
    event.created_at = event.updated_at = now;
    if (type.location_type.starts_with("zoom")) {
        const std::int64_t id = ids_.number(70'000'000'000, 89'999'999'999);
        const bool late = type.location_type == "zoom_late";
        event.location = {{"type", "zoom"}, // the wire says this where the documentation says zoom_conference
                          {"status", late ? "processing" : "pushed"},
                          {"data", {{"id", id}, {"settings", json::object{}}, {"password", ids_.token(6)}}}};
        event.location["join_url"] = late ? json::value(nullptr) : json::value("https://us02web.zoom.us/j/" + std::to_string(id));
    } else {
        event.location = {{"type", type.location_type}, {"location", "Link follows"}};
    }
    return state_.events.add(std::move(event));
}

Invitee& Machine::add_invitee(const EventType& type, Time start, const BookingForm& form, Time now) {
    ScheduledEvent& event = event_for(type, start, now);
    Invitee invitee{.id = ids_.uuid(), .event = event.id, .email = form.email, .name = form.name, .timezone = form.timezone};
    for (const std::string_view key :
         {"utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"}) {
        const auto value = find_field(form.tracking, key);
        invitee.tracking[key] = value ? json::value(*value) : json::value(nullptr);
    }
    invitee.payment = form.payment;
    invitee.answers = form.answers;
    invitee.scheduling_method = form.scheduling_method;
    invitee.created_at = invitee.updated_at = now;
    event.invitees.push_back(invitee.id);
    event.updated_at = now;
    return state_.invitees.add(std::move(invitee));
}

Result<std::string> Machine::book(const BookingForm& form, Time now) {
    Link* link = nullptr;
    std::string type_id = id_of(form.event_type);
    if (!form.link.empty()) {
        std::string id = id_of(form.link.substr(0, form.link.find('?')));
        link = state_.links.find(id);
        if (!link) return Error{"not_found", "no such scheduling link"};
        if (link->used) return Error{"link_used", "this single-use link has been used"};
        type_id = link->type;
    }
    const EventType* type = state_.types.find(type_id);
    if (!type || !type->active) return Error{"not_found", "no such event type"};
    std::optional<Time> start = form.start;
    if (!start) {
        const auto slots = free_slots(*type, now + 1h, now + std::chrono::days(30), now);
        if (!slots.empty()) start = slots.front();
    }
    if (!start || !is_free(*type, *start)) return Error{"slot_taken", "that time is no longer available"};
    BookingForm filled = form;
    if (link) { // what the link's query says is tracked, unless the form says otherwise
        const std::size_t mark = form.link.find('?');
        const auto fields = mark == std::string::npos ? std::nullopt : form_decode(form.link.substr(mark + 1));
        for (const auto& [name, value] : fields.value_or(Fields{}))
            if (!find_field(filled.tracking, name)) filled.tracking.emplace_back(name, value);
        link->used = true;
    }
    const Invitee& invitee = add_invitee(*type, *start, filled, now);
    note("slot.take", invitee, form.scheduling_method == "api", now);
    emit("invitee.created", invitee, now);
    push_conference(*state_.events.find(invitee.event));
    return {boost::system::in_place_value, uri_of("scheduled_events", invitee.event) + "/invitees/" + invitee.id};
}

void Machine::push_conference(ScheduledEvent& event) {
    if (text_field(event.location, "status") != "processing") return;
    const std::int64_t id = event.location["data"].at("id").as_int64();
    event.location["status"] = "pushed";
    event.location["join_url"] = "https://us02web.zoom.us/j/" + std::to_string(id);
}

void Machine::cancel_whole(ScheduledEvent& event, const Cancellation& cancellation, Time now) {
    event.cancellation = cancellation;
    event.updated_at = now;
    for (const std::string& id : event.invitees) {
        Invitee& invitee = *state_.invitees.find(id);
        if (invitee.cancellation) continue;
        invitee.cancellation = cancellation;
        invitee.updated_at = now;
        emit("invitee.canceled", invitee, now);
    }
}

Result<> Machine::cancel(std::string_view uri, std::string_view by, std::string_view reason, Time at, Time now) {
    Invitee* invitee = invitee_named(uri);
    if (!invitee) return Error{"not_found", "no such invitee"};
    if (invitee->cancellation) return Error{"already_canceled", "Event is already canceled"};
    ScheduledEvent& event = *state_.events.find(invitee->event);
    const bool host = by == "host";
    const Cancellation cancellation{.canceled_by = host ? settings_.host_name : invitee->name,
                                    .reason = std::string(reason),
                                    .canceler_type = host ? "host" : "invitee",
                                    .created_at = at};
    note("slot.cancel", *invitee, false, now);
    if (host || state_.types.find(event.type)->seats == 1) {
        cancel_whole(event, cancellation, now);
        return {};
    }
    invitee->cancellation = cancellation; // a group event goes on without this seat
    invitee->updated_at = event.updated_at = now;
    emit("invitee.canceled", *invitee, now);
    return {};
}

Result<std::string> Machine::reschedule(std::string_view uri, std::optional<Time> start, std::string_view by, Time now) {
    Invitee* old = invitee_named(uri);
    if (!old) return Error{"not_found", "no such invitee"};
    if (old->cancellation) return Error{"already_canceled", "Event is already canceled"};
    ScheduledEvent& old_event = *state_.events.find(old->event);
    const EventType& type = *state_.types.find(old_event.type);
    if (!start) {
        const auto slots = free_slots(type, std::max(old_event.start, now) + 1s, now + std::chrono::days(60), now);
        if (!slots.empty()) start = slots.front();
    }
    const bool single = type.seats == 1;
    const bool host = by == "host";
    const Cancellation cancellation{
        .canceled_by = host ? settings_.host_name : old->name, .canceler_type = host ? "host" : "invitee", .created_at = now};
    if (single) old_event.cancellation = cancellation; // frees its own time, which the new one may overlap
    if (!start || !is_free(type, *start)) {
        if (single) old_event.cancellation.reset();
        return Error{"slot_taken", "that time is no longer available"};
    }
    BookingForm form{.email = old->email, .name = old->name, .timezone = old->timezone, .answers = old->answers};
    if (settings_.tracking_survives_reschedule)
        for (const auto& [name, value] : old->tracking)
            if (value.is_string()) form.tracking.emplace_back(std::string(name), std::string(value.get_string()));
    Invitee& fresh = add_invitee(type, *start, form, now);
    const std::string fresh_uri = uri_of("scheduled_events", fresh.event) + "/invitees/" + fresh.id;
    old->cancellation = cancellation;
    old->rescheduled = true;
    old->new_invitee = fresh_uri;
    fresh.old_invitee = uri_of("scheduled_events", old->event) + "/invitees/" + old->id;
    old->updated_at = old_event.updated_at = now;
    note("slot.move", fresh, false, now);
    emit("invitee.canceled", *old, now);
    emit("invitee.created", fresh, now);
    push_conference(*state_.events.find(fresh.event));
    return {boost::system::in_place_value, fresh_uri};
}

Result<> Machine::set_no_show(std::string_view uri, bool set, Time now) {
    Invitee* invitee = invitee_named(uri);
    if (!invitee) return Error{"not_found", "no such invitee"};
    if (set == invitee->no_show.has_value()) return Error{"invalid", set ? "already marked" : "not marked"};
    if (set) {
        invitee->no_show = NoShow{.id = ids_.uuid(), .created_at = now};
        state_.no_shows[invitee->no_show->id] = invitee->id;
        emit("invitee_no_show.created", *invitee, now);
    } else {
        state_.no_shows.erase(invitee->no_show->id);
        invitee->no_show.reset();
        emit("invitee_no_show.deleted", *invitee, now);
    }
    return {};
}

} // namespace appointd::sandbox::calendly
