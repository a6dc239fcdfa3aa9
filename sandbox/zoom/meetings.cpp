#include "sandbox/zoom/body.hpp"
#include "sandbox/zoom/machine.hpp"
#include "sandbox/zoom/render.hpp"

#include <algorithm>
#include <charconv>

namespace appointd::sandbox::zoom {

using namespace std::chrono_literals;

json::object Machine::adjusted(const json::object& wanted) const {
    // What the account has; all else is dropped without a word.
    static constexpr std::string_view known[] = {"host_video",
                                                 "participant_video",
                                                 "join_before_host",
                                                 "jbh_time",
                                                 "mute_upon_entry",
                                                 "waiting_room",
                                                 "approval_type",
                                                 "audio",
                                                 "auto_recording",
                                                 "alternative_hosts",
                                                 "email_notification",
                                                 "meeting_authentication",
                                                 "meeting_invitees",
                                                 "private_meeting",
                                                 "use_pmi",
                                                 "contact_name",
                                                 "contact_email",
                                                 "encryption_type",
                                                 "show_share_button",
                                                 "allow_multiple_devices"};
    json::object out{{"waiting_room", true}, {"join_before_host", false}, {"approval_type", 2},
                     {"audio", "both"},      {"auto_recording", "none"},  {"use_pmi", false},
                     {"host_video", false},  {"participant_video", false}};
    for (const auto& [name, value] : wanted)
        if (std::find(std::begin(known), std::end(known), name) != std::end(known)) out[name] = value;
    if (out["waiting_room"] == true) out["join_before_host"] = false;
    return out;
}

Meeting& Machine::add(const Host& host, Meeting meeting, Time now) {
    do {
        meeting.number = ids_.number(70'000'000'000, 99'999'999'999);
        meeting.id = std::to_string(meeting.number);
    } while (meetings_.contains(meeting.id));
    meeting.uuid = ids_.base64_id();
    meeting.host_id = host.id;
    meeting.host_email = host.email;
    if (meeting.password.empty()) meeting.password = ids_.token(6); // at least one protection is forced on
    meeting.created_at = now;
    return meetings_[meeting.id] = std::move(meeting);
}

net::Response Machine::create(const Call& call, const Host& host, Time now) {
    const auto body = parse_object(call.body);
    if (!body) return error(400, 300, "Request Body should be a valid JSON object.");
    auto problems = problems_of(*body);
    if (!problems.empty()) return error(400, 300, "Validation Failed.", std::move(problems));
    if (!day_left(host, now)) return rate_limited(now, true);
    Meeting fresh{.topic = "Zoom Meeting", .start = now};
    apply(*body, fresh, false, now);
    const json::object* wanted = object_field(*body, "settings");
    fresh.settings = adjusted(wanted ? *wanted : json::object{});
    const Meeting& made = add(host, std::move(fresh), now);
    note("meeting.create", made, true, now);
    emit("meeting.created", made, {{"operator", host.email}, {"operator_id", host.id}, {"object", event_object(made, settings_)}},
         now);
    return json_response(201, meeting_json(made, settings_, ids_.token(40)));
}

std::vector<std::string> Machine::listed(std::string_view type, const Host& host, Time now) const {
    std::vector<std::pair<Time, std::string>> found;
    for (const auto& [id, meeting] : meetings_) {
        if (meeting.deleted || meeting.host_id != host.id || meeting.type == 1) continue;
        const Time ends = meeting.start + std::chrono::minutes(meeting.duration);
        const bool over = ends < now && !meeting.running();
        if (ends + std::chrono::days(30) < now) continue; // expired
        if (type == "live" && !meeting.running()) continue;
        if ((type == "upcoming" || type == "upcoming_meetings") && over) continue;
        if (type == "previous_meetings" && (meeting.instances.empty() || meeting.running())) continue;
        found.emplace_back(meeting.start, id);
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> ids;
    for (auto& [start, id] : found) ids.push_back(std::move(id));
    return ids;
}

std::string Machine::remember(Page page) {
    static constexpr std::size_t most_tokens = 1000;
    std::string token = ids_.token(32);
    pages_[token] = std::move(page);
    page_tokens_.push_back(token);
    if (page_tokens_.size() > most_tokens) {
        pages_.erase(page_tokens_.front());
        page_tokens_.pop_front();
    }
    return token;
}

net::Response Machine::list(const Call& call, const Host& host, Time now) {
    const std::string size_text = call.parameter("page_size").value_or("30");
    std::size_t size = 0;
    std::from_chars(size_text.data(), size_text.data() + size_text.size(), size);
    if (size == 0 || size > 300) return error(400, 300, "Validation Failed.");
    Page page;
    if (const auto token = call.parameter("next_page_token"); token && !token->empty()) {
        const auto place = pages_.find(*token);
        if (place == pages_.end() || now >= place->second.until)
            return error(400, 300, "The next page token is invalid or expired.");
        page = place->second;
    } else {
        const std::string type = call.parameter("type").value_or("scheduled");
        page.ids = std::make_shared<const std::vector<std::string>>(listed(type, host, now));
    }
    const std::size_t end = std::min(page.offset + size, page.ids->size());
    json::array shown;
    for (std::size_t i = page.offset; i < end; ++i)
        if (const Meeting* meeting = alive((*page.ids)[i])) shown.push_back(listed_json(*meeting, settings_));
    const std::string next = end < page.ids->size() ? remember({page.ids, end, now + 15min}) : "";
    return json_response(200, json::object{{"page_size", size},
                                           {"total_records", page.ids->size()},
                                           {"next_page_token", next},
                                           {"meetings", std::move(shown)}});
}

net::Response Machine::patch(const Call& call, Meeting& meeting, Time now) {
    const auto body = parse_object(call.body);
    if (!body) return error(400, 300, "Request Body should be a valid JSON object.");
    auto problems = problems_of(*body);
    if (!problems.empty()) return error(400, 300, "Validation Failed.", std::move(problems));
    if (meeting.running()) return error(400, 3000, "Cannot update a started meeting.");
    if (!day_left(*host_named(meeting.host_id), now)) return rate_limited(now, true);
    const Meeting before = meeting;
    apply(*body, meeting, true, now);
    if (const json::object* wanted = object_field(*body, "settings")) {
        json::object merged = meeting.settings;
        for (const auto& [name, value] : *wanted) merged[name] = value;
        meeting.settings = adjusted(merged);
    }
    note("meeting.update", meeting, true, now);
    emit_change(before, meeting, true, now);
    return {.status = 204};
}

net::Response Machine::erase(Meeting& meeting, Time now) {
    if (meeting.running()) return error(400, 3002, "Sorry, you cannot delete this meeting since it is in progress.");
    meeting.deleted = true;
    note("meeting.delete", meeting, true, now);
    emit("meeting.deleted", meeting,
         {{"operator", meeting.host_email},
          {"operator_id", meeting.host_id},
          {"operation", "single"},
          {"object", gone_object(meeting, settings_)}},
         now);
    return {.status = 204};
}

std::pair<const Meeting*, const Instance*> Machine::instance_named(const std::string& segment) const {
    std::string name = segment;
    const bool encoded_once = name.find('%') == std::string::npos;
    if (!encoded_once) name = percent_decode(name).value_or("");
    if (encoded_once && (name.starts_with('/') || name.find("//") != std::string::npos)) return {nullptr, nullptr};
    for (const auto& [id, meeting] : meetings_) {
        if (id == name) return {&meeting, meeting.instances.empty() ? nullptr : &meeting.instances.back()};
        for (const Instance& instance : meeting.instances)
            if (instance.uuid == name) return {&meeting, &instance};
    }
    return {nullptr, nullptr};
}

net::Response Machine::past(const Call& call) const {
    const auto [meeting, instance] = instance_named(call.segments[2]);
    if (!meeting || !instance || !instance->ended_at)
        return error(404, 3001, "Meeting does not exist: " + call.segments[2] + ".");
    if (call.is("GET", {"v2", "past_meetings", "*"})) return json_response(200, past_json(*meeting, *instance));
    if (call.is("GET", {"v2", "past_meetings", "*", "participants"})) {
        json::array people;
        for (const Participant& one : instance->participants)
            people.push_back({{"id", one.host ? one.uuid.substr(0, 16) : ""},
                              {"name", one.name},
                              {"user_email", one.host ? one.email : ""},
                              {"join_time", whole_seconds(one.joined_at)},
                              {"leave_time", whole_seconds(one.left_at.value_or(*instance->ended_at))}});
        return json_response(200, json::object{{"page_size", 30},
                                               {"total_records", people.size()},
                                               {"next_page_token", ""},
                                               {"participants", std::move(people)}});
    }
    if (call.is("GET", {"v2", "past_meetings", "*", "instances"})) {
        json::array all;
        for (const Instance& one : meeting->instances)
            if (one.ended_at) all.push_back({{"uuid", one.uuid}, {"start_time", whole_seconds(one.started_at)}});
        return json_response(200, json::object{{"meetings", std::move(all)}});
    }
    return error(404, 404, "Not found");
}

net::Response Machine::recordings(const Call& call) {
    const auto [meeting, instance] = instance_named(call.segments[2]);
    if (!meeting) return error(404, 3001, "Meeting does not exist: " + call.segments[2] + ".");
    if (!instance || !instance->recording) return error(404, 3301, "There is no recording for this meeting.");
    if (call.method == "GET") return json_response(200, recordings_json(*meeting, *instance, settings_));
    if (call.method != "DELETE") return error(404, 404, "Not found");
    for (Instance& one : meetings_.at(meeting->id).instances)
        if (&one == instance) one.recording.reset();
    return {.status = 204};
}

} // namespace appointd::sandbox::zoom
