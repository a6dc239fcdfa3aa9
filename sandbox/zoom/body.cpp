#include "sandbox/zoom/body.hpp"

#include <algorithm>

namespace appointd::sandbox::zoom {
namespace {

bool is_utc(std::string_view zone) { return zone.empty() || zone == "UTC" || zone == "GMT" || zone == "Etc/UTC"; }

bool password_fits(std::string_view text) {
    static constexpr std::string_view others = "@-_*";
    return text.size() <= 10 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) || others.find(static_cast<char>(c)) != std::string_view::npos;
           });
}

} // namespace

std::optional<Time> parse_start(std::string_view text, std::string_view timezone) {
    if (text.ends_with('Z')) return parse_iso(text);
    if (!is_utc(timezone)) return std::nullopt;
    return parse_iso(std::string(text) + "Z");
}

json::array problems_of(const json::object& body) {
    json::array problems;
    const auto wrong = [&](std::string_view field, std::string_view message) {
        problems.push_back({{"field", field}, {"message", message}});
    };
    if (const auto* topic = body.if_contains("topic"); topic && (!topic->is_string() || topic->get_string().size() > 200))
        wrong("topic", "Topic must be a string of at most 200 characters.");
    if (const auto* agenda = body.if_contains("agenda"); agenda && (!agenda->is_string() || agenda->get_string().size() > 2000))
        wrong("agenda", "Agenda must be a string of at most 2000 characters.");
    if (body.contains("duration")) {
        const auto minutes = int_field(body, "duration");
        if (!minutes || *minutes < 1 || *minutes > 1440) wrong("duration", "Invalid field.");
    }
    if (body.contains("type")) {
        const auto type = int_field(body, "type").value_or(0);
        if (type != 1 && type != 2 && type != 3 && type != 8 && type != 10) wrong("type", "Invalid field.");
    }
    if (const auto* start = body.if_contains("start_time"))
        if (!start->is_string() || !parse_start(start->get_string(), text_field(body, "timezone").value_or("")))
            wrong("start_time", "Invalid field.");
    if (const auto* password = body.if_contains("password"))
        if (!password->is_string() || !password_fits(password->get_string())) wrong("password", "Invalid field.");
    if (const auto* settings = body.if_contains("settings"); settings && !settings->is_object())
        wrong("settings", "Invalid field.");
    return problems;
}

void apply(const json::object& body, Meeting& meeting, bool future_only, Time now) {
    if (const auto text = text_field(body, "topic")) meeting.topic = *text;
    if (const auto text = text_field(body, "agenda")) meeting.agenda = *text;
    if (const auto text = text_field(body, "timezone")) meeting.timezone = *text;
    if (const auto text = text_field(body, "password"); text && !text->empty()) meeting.password = *text;
    if (const auto type = int_field(body, "type")) meeting.type = static_cast<int>(*type);
    if (const auto minutes = int_field(body, "duration")) meeting.duration = static_cast<int>(*minutes);
    if (const auto text = text_field(body, "start_time")) {
        const auto start = parse_start(*text, meeting.timezone);
        if (start && (!future_only || *start > now)) meeting.start = *start;
    }
    if (const json::array* fields = array_field(body, "tracking_fields")) {
        meeting.tracking_fields.clear();
        for (const json::value& field : *fields) {
            if (!field.is_object()) continue;
            meeting.tracking_fields.push_back({{"field", text_field(field.get_object(), "field").value_or("")},
                                               {"value", text_field(field.get_object(), "value").value_or("")},
                                               {"visible", true}});
        }
    }
}

} // namespace appointd::sandbox::zoom
