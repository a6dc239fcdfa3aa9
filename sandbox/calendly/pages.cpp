#include "sandbox/calendly/machine.hpp"
#include "sandbox/calendly/render.hpp"

#include <algorithm>

namespace appointd::sandbox::calendly {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_slots = 24; // on one page

std::string label(Time time) {
    std::string text = to_iso(time); // 2026-12-01T09:00:00Z
    text[10] = ' ';
    return text.substr(0, 16) + " UTC";
}

std::string input(std::string_view name, std::string_view title, std::string_view value, std::string_view type = "text") {
    std::string out = "<label>";
    out.append(title).append(" <input required type=\"").append(type).append("\" name=\"").append(name);
    return out.append("\" value=\"").append(escape_html(value)).append("\"></label>");
}

std::string hidden(std::string_view name, std::string_view value) {
    std::string out = "<input type=\"hidden\" name=\"";
    return out.append(escape_html(name)).append("\" value=\"").append(escape_html(value)).append("\">");
}

bool tracks(std::string_view name) { return name.starts_with("utm_") || name == "salesforce_uuid"; }

std::string slot_buttons(const std::vector<Time>& slots) {
    std::string out = "<fieldset><legend>Pick a time</legend>";
    for (std::size_t i = 0; i < std::min(slots.size(), most_slots); ++i)
        out += "<button name=\"start\" value=\"" + to_iso(slots[i]) + "\">" + label(slots[i]) + "</button>";
    if (slots.empty()) out += "<p>No times are free in the next days.</p>";
    return out + "</fieldset>";
}

net::Response gone(std::string_view message) {
    return html_response(410, "Not available", "<p>" + escape_html(message) + "</p>");
}

} // namespace

net::Response Machine::page(const Call& call, Time now) {
    const bool readable = call.method == "GET" || call.method == "POST";
    if (readable && call.segments.size() == 2) {
        const std::string& id = call.segments[1];
        if (call.segments[0] == "t")
            if (const EventType* type = state_.types.find(id)) return booking_page(call, *type, nullptr, now);
        if (call.segments[0] == "d")
            if (const Link* link = state_.links.find(id)) return booking_page(call, *state_.types.find(link->type), link, now);
        if (const Invitee* invitee = state_.invitees.find(id)) {
            if (call.segments[0] == "cancellations") return cancel_page(call, *invitee, now);
            if (call.segments[0] == "reschedulings") return reschedule_page(call, *invitee, now);
            if (call.segments[0] == "booked") return booked_page(*invitee, now);
        }
    }
    return html_response(404, "Not found", "<p>There is no such page.</p>");
}

net::Response Machine::booking_page(const Call& call, const EventType& type, const Link* link, Time now) {
    if (link && link->used) return gone("This link was for one booking, and that has been made.");
    if (call.method == "GET") {
        std::string body = "<p>" + std::to_string(type.duration_minutes) + " minutes with " + escape_html(settings_.host_name) +
                           "</p><form method=\"post\">";
        body += input("name", "Name", call.parameter("name").value_or(""));
        body += input("email", "E-mail", call.parameter("email").value_or(""), "email");
        for (const auto& [name, value] : call.query)
            if (tracks(name)) body += hidden(name, value);
        const auto asked = parse_iso(call.parameter("start").value_or(""));
        const Time from = asked.value_or(now + 1h);
        body += slot_buttons(free_slots(type, from, from + 7 * 24h, now)) + "</form>";
        return html_response(200, type.name, body);
    }
    const auto fields = form_decode(call.body);
    const auto start = parse_iso(find_field(fields.value_or(Fields{}), "start").value_or(""));
    if (!fields || !start) return html_response(400, "Pick a time", "<p>Go back and pick a time.</p>");
    BookingForm form{.event_type = type.id, .link = link ? link->id : "", .start = start};
    form.email = find_field(*fields, "email").value_or("");
    form.name = find_field(*fields, "name").value_or("");
    if (form.email.find('@') == std::string::npos || form.name.empty())
        return html_response(400, "Who are you?", "<p>Go back and fill in name and e-mail.</p>");
    for (const Fields* source : {&*fields, &call.query})
        for (const auto& [name, value] : *source)
            if (tracks(name) && !find_field(form.tracking, name)) form.tracking.emplace_back(name, value);
    const auto made = book(form, now);
    if (!made) return gone(made.error().message);
    const Invitee& invitee = *invitee_named(*made);
    if (type.redirect_url.empty()) return redirect_response(settings_.pages_base + "/booked/" + invitee.id);
    const ScheduledEvent& event = *state_.events.find(invitee.event);
    Fields parameters{{"assigned_to", settings_.host_name},  {"event_type_uuid", type.id},
                      {"event_type_name", type.name},        {"event_start_time", to_iso(event.start)},
                      {"event_end_time", to_iso(event.end)}, {"invitee_uuid", invitee.id},
                      {"invitee_full_name", invitee.name},   {"invitee_email", invitee.email}};
    for (const auto& field : form.tracking) parameters.push_back(field);
    return redirect_response(with_query(type.redirect_url, parameters));
}

net::Response Machine::booked_page(const Invitee& invitee, Time) const {
    const ScheduledEvent& event = *state_.events.find(invitee.event);
    if (invitee.cancellation) return gone("This booking has been canceled.");
    std::string body = "<p>" + escape_html(invitee.name) + ", you are booked for " + label(event.start) + ".</p><p>";
    body += "<a class=\"button\" href=\"" + settings_.pages_base + "/reschedulings/" + invitee.id + "\">Reschedule</a>";
    body += "<a class=\"button\" href=\"" + settings_.pages_base + "/cancellations/" + invitee.id + "\">Cancel</a></p>";
    return html_response(200, "You are scheduled", body);
}

net::Response Machine::cancel_page(const Call& call, const Invitee& invitee, Time now) {
    if (invitee.cancellation) return gone("This booking has been canceled.");
    const ScheduledEvent& event = *state_.events.find(invitee.event);
    if (call.method == "GET")
        return html_response(200, "Cancel your booking",
                             "<p>" + label(event.start) +
                                 "</p><form method=\"post\"><label>Reason <input name=\"reason\"></label>"
                                 "<button class=\"main\">Cancel the booking</button></form>");
    const auto reason = find_field(form_decode(call.body).value_or(Fields{}), "reason").value_or("");
    const auto done = cancel(invitee.id, "invitee", reason, now, now);
    return done ? html_response(200, "Canceled", "<p>Your booking has been canceled.</p>") : gone(done.error().message);
}

net::Response Machine::reschedule_page(const Call& call, const Invitee& invitee, Time now) {
    if (invitee.cancellation) return gone("This booking has been canceled.");
    const ScheduledEvent& event = *state_.events.find(invitee.event);
    const EventType& type = *state_.types.find(event.type);
    if (call.method == "GET") {
        const Time from = std::max(now + 1h, event.start - 3 * 24h);
        return html_response(200, "Pick another time",
                             "<p>Now: " + label(event.start) + "</p><form method=\"post\">" +
                                 slot_buttons(free_slots(type, from, from + 7 * 24h, now)) + "</form>");
    }
    const auto start = parse_iso(find_field(form_decode(call.body).value_or(Fields{}), "start").value_or(""));
    if (!start) return html_response(400, "Pick a time", "<p>Go back and pick a time.</p>");
    const auto moved = reschedule(invitee.id, start, "invitee", now);
    return moved ? redirect_response(settings_.pages_base + "/booked/" + id_of(*moved)) : gone(moved.error().message);
}

} // namespace appointd::sandbox::calendly
