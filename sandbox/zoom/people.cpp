#include "sandbox/zoom/machine.hpp"
#include "sandbox/zoom/render.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::sandbox::zoom {
namespace {

const Error no_meeting{"not_found", "no such meeting"};

std::int64_t milliseconds(Time time) { return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count(); }

} // namespace

void Machine::note(std::string_view kind, const Meeting& meeting, bool by_api, Time now) {
    journal_.note({.at = now,
                   .provider = Provider::zoom,
                   .kind = std::string(kind),
                   .object = meeting.id,
                   .booking = marker_of(meeting),
                   .by_api = by_api});
}

void Machine::emit(std::string_view type, const Meeting& meeting, json::object payload, Time now, std::string_view token) {
    if (settings_.webhook_url.empty() || endpoint_disabled()) return;
    last_event_ms_ = std::max(milliseconds(now), last_event_ms_ + 1); // two events of one meeting never share a moment
    payload["account_id"] = settings_.account_id;
    json::object body{{"event", type}, {"event_ts", last_event_ms_}, {"payload", std::move(payload)}};
    if (!token.empty()) body["download_token"] = token;
    journal_.send({.provider = Provider::zoom,
                   .type = std::string(type),
                   .object = meeting.id,
                   .body = json::serialize(body),
                   .url = settings_.webhook_url,
                   .secrets = {settings_.secret_token}});
}

void Machine::emit_change(const Meeting& before, const Meeting& after, bool by_api, Time now) {
    json::object changed{{"id", after.number}, {"uuid", after.uuid}};
    json::object old{{"id", before.number}, {"uuid", before.uuid}};
    const json::object was = event_object(before, settings_), is = event_object(after, settings_);
    bool any = before.settings != after.settings;
    for (const auto& [name, value] : is) {
        if (was.at(name) == value) continue;
        any = true;
        changed[name] = value;
        old[name] = was.at(name);
    }
    if (!any && !by_api) return;
    emit("meeting.updated", after,
         {{"operator", after.host_email},
          {"operator_id", after.host_id},
          {"scope", "all"},
          {"time_stamp", milliseconds(now)},
          {"object", std::move(changed)},
          {"old_object", std::move(old)}},
         now);
}

Result<std::string> Machine::start(std::string_view id, Time at, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting) return no_meeting;
    if (meeting->running()) return Error{"invalid", "the meeting is running"};
    // The first instance keeps the uuid that the create reply told; later ones get their own.
    meeting->instances.push_back({.uuid = meeting->instances.empty() ? meeting->uuid : ids_.base64_id(), .started_at = at});
    emit("meeting.started", *meeting, {{"object", instance_object(*meeting, meeting->instances.back())}}, now);
    return {boost::system::in_place_value, meeting->instances.back().uuid};
}

Result<std::string> Machine::join(std::string_view id, std::string_view name, bool host, Time at, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting || !meeting->running()) return Error{"invalid", "the meeting is not running"};
    Participant person{
        .user_id = std::to_string(ids_.number(16'000'000, 17'000'000)), .uuid = ids_.uuid(), .name = std::string(name)};
    person.host = host;
    person.email = host ? meeting->host_email : "";
    person.account = host ? meeting->host_id : "";
    person.joined_at = at;
    json::object object = instance_object(*meeting, meeting->instances.back());
    object["participant"] = participant_json(person);
    meeting->instances.back().participants.push_back(person);
    emit("meeting.participant_joined", *meeting, {{"object", std::move(object)}}, now);
    return {boost::system::in_place_value, person.uuid};
}

Result<> Machine::leave(std::string_view id, std::string_view participant, Time at, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting || !meeting->running()) return Error{"invalid", "the meeting is not running"};
    auto& people = meeting->instances.back().participants;
    const auto place = std::find_if(people.rbegin(), people.rend(), [&](const Participant& one) {
        return !one.left_at && (participant.empty() || one.uuid == participant || one.name == participant);
    });
    if (place == people.rend()) return Error{"not_found", "nobody of that name is in the meeting"};
    place->left_at = at;
    json::object object = instance_object(*meeting, meeting->instances.back());
    object["participant"] = participant_json(*place);
    emit("meeting.participant_left", *meeting, {{"object", std::move(object)}}, now);
    return {};
}

Result<> Machine::end(std::string_view id, Time at, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting) return no_meeting;
    if (!meeting->running()) return Error{"invalid", "the meeting is not running"};
    Instance& instance = meeting->instances.back();
    for (Participant& person : instance.participants)
        if (!person.left_at) (void)leave(id, person.uuid, at, now);
    instance.ended_at = at;
    emit("meeting.ended", *meeting, {{"object", instance_object(*meeting, instance)}}, now);
    return {};
}

Result<> Machine::remove(std::string_view id, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting) return no_meeting;
    if (meeting->running()) return Error{"invalid", "the meeting is running"};
    meeting->deleted = true;
    note("meeting.delete", *meeting, false, now);
    emit("meeting.deleted", *meeting,
         {{"operator", meeting->host_email},
          {"operator_id", meeting->host_id},
          {"operation", "single"},
          {"object", gone_object(*meeting, settings_)}},
         now);
    return {};
}

Result<> Machine::restore(std::string_view id, Time now) {
    const auto place = meetings_.find(std::string(id));
    if (place == meetings_.end()) return no_meeting;
    Meeting& meeting = place->second;
    if (!meeting.deleted) return Error{"invalid", "the meeting is not deleted"};
    meeting.deleted = false;
    note("meeting.restore", meeting, false, now);
    emit("meeting.recovered", meeting,
         {{"operator", meeting.host_email},
          {"operator_id", meeting.host_id},
          {"operation", "single"},
          {"object", gone_object(meeting, settings_)}},
         now);
    return {};
}

Result<> Machine::move(std::string_view id, Time start, Time now) {
    Meeting* meeting = alive(id);
    if (!meeting) return no_meeting;
    const Meeting before = *meeting;
    meeting->start = start;
    note("meeting.update", *meeting, false, now);
    emit_change(before, *meeting, false, now);
    return {};
}

Result<> Machine::record(std::string_view id, Time now) {
    const auto place = meetings_.find(std::string(id));
    if (place == meetings_.end() || place->second.instances.empty()) return no_meeting;
    Meeting& meeting = place->second;
    Instance& instance = meeting.instances.back();
    instance.recording = Recording{.file_id = ids_.uuid(), .share_url = "https://zoom.us/rec/share/" + ids_.token(24)};
    instance.recording->from = instance.started_at;
    instance.recording->to = instance.ended_at.value_or(instance.started_at);
    emit("recording.completed", meeting, {{"object", recordings_json(meeting, instance, settings_)}}, now, ids_.token(40));
    return {};
}

std::string Machine::create_by_hand(std::string_view topic, std::string_view agenda, Time start, Time now) {
    const Host& host = settings_.hosts.front();
    Meeting fresh{.topic = std::string(topic), .start = start, .agenda = std::string(agenda)};
    fresh.settings = adjusted({});
    const Meeting& made = add(host, std::move(fresh), now);
    note("meeting.create", made, false, now);
    emit("meeting.created", made, {{"operator", host.email}, {"operator_id", host.id}, {"object", event_object(made, settings_)}},
         now);
    return made.id;
}

Webhook Machine::validation(Time now) {
    const std::string plain = ids_.token(22);
    const json::object body{
        {"event", "endpoint.url_validation"}, {"event_ts", milliseconds(now)}, {"payload", {{"plainToken", plain}}}};
    return {.provider = Provider::zoom,
            .type = "endpoint.url_validation",
            .object = plain,
            .body = json::serialize(body),
            .url = settings_.webhook_url,
            .secrets = {settings_.secret_token}};
}

void Machine::validated(bool success) { validation_failures_ = success ? 0 : validation_failures_ + 1; }

} // namespace appointd::sandbox::zoom
