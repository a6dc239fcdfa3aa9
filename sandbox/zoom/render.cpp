#include "sandbox/zoom/render.hpp"

#include "foundation/digest.hpp"
#include "sandbox/call.hpp"

namespace appointd::sandbox::zoom {
namespace {

std::string join_url(const Meeting& meeting, const Settings& settings) {
    return settings.pages_base + "/" + meeting.id + "?pwd=" + meeting.password;
}

} // namespace

std::string marker_of(const Meeting& meeting) {
    static constexpr std::string_view prefix = "ref:";
    const std::size_t at = meeting.agenda.find(prefix);
    if (at == std::string::npos) return "";
    const std::size_t from = at + prefix.size();
    return meeting.agenda.substr(from, meeting.agenda.find_first_of(" \t\r\n", from) - from);
}

json::object listed_json(const Meeting& meeting, const Settings& settings) {
    static constexpr std::size_t listed_agenda = 250; // lists cut it
    return {{"id", meeting.number},
            {"uuid", meeting.uuid},
            {"host_id", meeting.host_id},
            {"topic", meeting.topic},
            {"type", meeting.type},
            {"start_time", whole_seconds(meeting.start)},
            {"duration", meeting.duration},
            {"timezone", meeting.timezone},
            {"created_at", whole_seconds(meeting.created_at)},
            {"join_url", join_url(meeting, settings)},
            {"agenda", meeting.agenda.substr(0, listed_agenda)}};
}

json::object meeting_json(const Meeting& meeting, const Settings& settings, std::string_view start_key) {
    json::object out = listed_json(meeting, settings);
    out["agenda"] = meeting.agenda;
    out["host_email"] = meeting.host_email;
    out["status"] = meeting.running() ? "started" : "waiting";
    out["start_url"] = "https://zoom.us/s/" + meeting.id + "?zak=" + std::string(start_key);
    out["password"] = meeting.password;
    out["encrypted_password"] = sha256_hex(meeting.password).substr(0, 32);
    out["pstn_password"] = meeting.id.substr(0, 6);
    out["h323_password"] = meeting.id.substr(0, 6);
    out["settings"] = meeting.settings;
    out["tracking_fields"] = meeting.tracking_fields;
    out["pre_schedule"] = false;
    out["creation_source"] = "open_api";
    return out;
}

json::object event_object(const Meeting& meeting, const Settings& settings) {
    json::object out = listed_json(meeting, settings);
    for (const char* untold : {"created_at", "agenda"}) out.erase(untold);
    out["password"] = meeting.password;
    out["settings"] = {{"use_pmi", false}, {"alternative_hosts", ""}};
    out["tracking_fields"] = meeting.tracking_fields;
    return out;
}

json::object gone_object(const Meeting& meeting, const Settings& settings) {
    json::object out = listed_json(meeting, settings);
    for (const char* untold : {"created_at", "agenda", "join_url"}) out.erase(untold);
    return out;
}

json::object instance_object(const Meeting& meeting, const Instance& instance) {
    json::object out{{"id", meeting.id},
                     {"uuid", instance.uuid},
                     {"host_id", meeting.host_id},
                     {"topic", meeting.topic},
                     {"type", meeting.type},
                     {"start_time", whole_seconds(instance.started_at)},
                     {"timezone", meeting.timezone},
                     {"duration", meeting.duration}}; // the planned one, also when it ended
    if (instance.ended_at) out["end_time"] = whole_seconds(*instance.ended_at);
    return out;
}

json::object participant_json(const Participant& participant) {
    json::object out{{"user_id", participant.user_id},
                     {"user_name", participant.name},
                     {"id", participant.account},
                     {"participant_uuid", participant.uuid},
                     {"participant_user_id", participant.account},
                     {"email", participant.email}};
    if (participant.left_at) {
        out["leave_time"] = whole_seconds(*participant.left_at);
        out["leave_reason"] = participant.name + " left the meeting.";
    } else {
        out["join_time"] = whole_seconds(participant.joined_at);
    }
    return out;
}

json::object recordings_json(const Meeting& meeting, const Instance& instance, const Settings& settings) {
    const Recording& recording = *instance.recording;
    json::array files;
    files.push_back({{"id", recording.file_id},
                     {"meeting_id", instance.uuid},
                     {"recording_start", whole_seconds(recording.from)},
                     {"recording_end", whole_seconds(recording.to)},
                     {"file_type", "MP4"},
                     {"file_extension", "MP4"},
                     {"file_size", 1048576},
                     {"play_url", "https://zoom.us/rec/play/" + recording.file_id},
                     {"download_url", "https://zoom.us/rec/download/" + recording.file_id},
                     {"status", "completed"},
                     {"recording_type", "shared_screen_with_speaker_view"}});
    return {{"id", meeting.number},
            {"uuid", instance.uuid},
            {"host_id", meeting.host_id},
            {"account_id", settings.account_id},
            {"host_email", meeting.host_email},
            {"topic", meeting.topic},
            {"type", meeting.type},
            {"start_time", whole_seconds(instance.started_at)},
            {"timezone", meeting.timezone},
            {"duration", std::chrono::floor<std::chrono::minutes>(recording.to - recording.from).count()},
            {"share_url", recording.share_url},
            {"total_size", 1048576},
            {"recording_count", 1},
            {"recording_files", std::move(files)}};
}

json::object past_json(const Meeting& meeting, const Instance& instance) {
    const Time end = instance.ended_at.value_or(instance.started_at);
    return {{"uuid", instance.uuid},
            {"id", meeting.number},
            {"host_id", meeting.host_id},
            {"type", meeting.type},
            {"topic", meeting.topic},
            {"user_email", meeting.host_email},
            {"start_time", whole_seconds(instance.started_at)},
            {"end_time", whole_seconds(end)},
            {"duration", std::chrono::floor<std::chrono::minutes>(end - instance.started_at).count()},
            {"participants_count", instance.participants.size()}};
}

} // namespace appointd::sandbox::zoom
