#include "adapters/zoom/translation.hpp"

#include "adapters/fields.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::adapters::zoom {
namespace {

constexpr std::size_t uuid_length = 36;

std::optional<engine::WorkflowId> after_marker(std::string_view text) {
    for (auto at = text.find("ref:"); at != text.npos; at = text.find("ref:", at + 1))
        if (const auto booking = engine::parse_claimed_workflow_id(text.substr(at + 4, uuid_length))) return booking;
    return std::nullopt;
}

/// What happened, before it becomes an event.
struct Happening {
    std::string_view type; ///< Zoom's
    const json::object& object;
    Time at; ///< event_ts
};

struct Meaning {
    std::string type;
    json::object payload;
};

/// Opaque: no name, no address. A guest has no id of its own, so the id of this very participation comes first.
std::string participant_of(const json::object& participant) {
    for (const std::string_view name : {"participant_uuid", "participant_user_id", "user_id", "id", "registrant_id"})
        if (const auto id = identifier(participant, name)) return *id;
    return "";
}

bool is_host(const json::object& object, const json::object& participant) {
    const auto host = identifier(object, "host_id");
    return host && (identifier(participant, "id") == host || identifier(participant, "participant_user_id") == host);
}

Meaning of_participant(const Happening& happening, const json::object& participant, json::object payload) {
    const bool joined = happening.type == "meeting.participant_joined";
    const auto at = time_field(participant, joined ? "join_time" : "leave_time");
    payload["participant"] = participant_of(participant);
    payload["host"] = is_host(happening.object, participant);
    payload["at"] = to_iso(at.value_or(happening.at));
    return {joined ? "participant.joined" : "participant.left", std::move(payload)};
}

Meaning of_session(const Happening& happening, json::object payload) {
    const auto started = time_field(happening.object, "start_time");
    if (happening.type == "meeting.started") {
        payload["at"] = to_iso(started.value_or(happening.at));
        return {"meeting.started", std::move(payload)};
    }
    payload["started"] = nullable(started);
    payload["ended"] = to_iso(time_field(happening.object, "end_time").value_or(happening.at));
    return {"meeting.ended", std::move(payload)};
}

/// `via`: what told of it, Zoom's word or "look". A meeting that is restored, or seen to stand, is no echo of its creation.
json::object created_payload(const json::object& object, const std::string& meeting, std::string_view via) {
    const auto booking = marked_booking(object);
    return {{"meeting", meeting},
            {"via", via},
            {"marker", booking ? json::value(engine::to_string(*booking)) : json::value(nullptr)},
            {"join_url", nullable(lenient_text(object, "join_url"))},
            {"start", nullable(time_field(object, "start_time"))}};
}

Meaning meaning_of(const Happening& happening, const std::string& meeting, const std::string& uuid) {
    const auto type = happening.type;
    const auto& object = happening.object;
    if (type == "meeting.created" || type == "meeting.recovered")
        return {"meeting.created", created_payload(object, meeting, type)};
    json::object payload{{"meeting", meeting}};
    if (type == "meeting.deleted" || type == "meeting.permanently_deleted") return {"meeting.deleted", std::move(payload)};
    if (type == "meeting.updated") {
        if (const auto start = time_field(object, "start_time")) payload["start"] = to_iso(*start);
        return {"meeting.updated", std::move(payload)};
    }
    payload["uuid"] = uuid;
    if (type == "recording.completed") {
        payload["share_url"] = nullable(lenient_text(object, "share_url"));
        return {"recording.completed", std::move(payload)};
    }
    if (const auto* participant = object_field(object, "participant"))
        return of_participant(happening, *participant, std::move(payload));
    return of_session(happening, std::move(payload));
}

engine::Address address_of(const std::string& meeting, const std::optional<engine::WorkflowId>& booking) {
    engine::Address address;
    address.targets.emplace_back(meeting_key(meeting));
    if (booking) {
        address.targets.emplace_back(*booking);
        address.binds.push_back(meeting_key(meeting));
    }
    address.unclaimed = engine::Unclaimed::ignore;
    address.reason = "not ours";
    return address;
}

constexpr std::array known_types{"meeting.created",    "meeting.recovered",           "meeting.updated",
                                 "meeting.deleted",    "meeting.permanently_deleted", "meeting.started",
                                 "meeting.ended",      "meeting.participant_joined",  "meeting.participant_left",
                                 "recording.completed"};

std::optional<Time> event_moment(const json::object& body) {
    constexpr std::int64_t year_10000 = 253'402'300'800'000;
    const auto millis = lenient_int(body, "event_ts");
    if (!millis || *millis < 0 || *millis >= year_10000) return std::nullopt;
    return Time{std::chrono::milliseconds(*millis)};
}

bool about_participant(std::string_view type) { return type.starts_with("meeting.participant_"); }

} // namespace

engine::CorrelationKey meeting_key(std::string_view meeting) {
    return engine::correlation_key("", "zoom", account, "meeting", meeting);
}

std::string marker_of(std::string_view booking) { return std::string("ref:").append(booking); }

std::optional<engine::WorkflowId> marked_booking(const json::object& meeting) {
    if (const auto agenda = text_field(meeting, "agenda"))
        if (const auto booking = after_marker(*agenda)) return booking;
    if (const auto* fields = array_field(meeting, "tracking_fields"))
        for (const auto& field : *fields)
            if (const auto* entry = field.if_object(); entry && text_field(*entry, "field") == "booking_id")
                if (const auto booking = engine::parse_claimed_workflow_id(text_field(*entry, "value").value_or("")))
                    return booking;
    return after_marker(text_field(meeting, "topic").value_or(""));
}

engine::Incoming found_meeting(const json::object& meeting, std::string_view source, engine::EventId id, Time occurred_at) {
    const auto name = identifier(meeting, "id").value_or("");
    engine::Incoming incoming;
    incoming.event = {
        id, std::string(source), "meeting.created", occurred_at, json::serialize(created_payload(meeting, name, "look")), ""};
    incoming.address = address_of(name, marked_booking(meeting));
    return incoming;
}

engine::Incoming to_incoming(const json::object& body, std::string raw, std::string_view raw_body, Time received_at) {
    const auto type = lenient_text(body, "event").value_or("");
    const auto moment = event_moment(body);
    const auto* payload = object_field(body, "payload");
    const auto* object = payload ? object_field(*payload, "object") : nullptr;
    const auto meeting = object ? identifier(*object, "id") : std::nullopt;
    const auto uuid = object ? identifier(*object, "uuid") : std::nullopt;
    const auto* participant = object ? object_field(*object, "participant") : nullptr;

    std::string key = key_of_body(type, raw_body);
    if ((meeting || uuid) && moment)
        key = type + "|" + (uuid ? *uuid : *meeting) + "|" + (participant ? participant_of(*participant) : "") + "|" +
              std::to_string(to_micros(*moment) / 1000);
    const auto id = engine::make_event_id(moment.value_or(Time{}), "zoom/default", key);
    const auto occurred_at = moment.value_or(received_at);
    const auto give_up = [&](std::string reason) { return ignored(id, "zoom", type, occurred_at, raw, std::move(reason)); };

    if (std::find(known_types.begin(), known_types.end(), type) == known_types.end()) return give_up("unknown event type");
    if (!object) return give_up("lacks payload.object");
    if (!meeting) return give_up("lacks id");
    if (about_participant(type) && !participant) return give_up("lacks participant");

    auto meaning = meaning_of({type, *object, occurred_at}, *meeting, uuid.value_or(""));
    engine::Incoming incoming;
    incoming.event = {id, "zoom", std::move(meaning.type), occurred_at, json::serialize(meaning.payload), std::move(raw)};
    incoming.address = address_of(*meeting, marked_booking(*object));
    return incoming;
}

} // namespace appointd::adapters::zoom
