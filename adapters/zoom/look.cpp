#include "adapters/fields.hpp"
#include "adapters/zoom/client.hpp"
#include "adapters/zoom/translation.hpp"
#include "foundation/encoding.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::zoom {
namespace {

constexpr std::int64_t no_such_meeting = 3001;
constexpr std::size_t most_sessions = 5; // the latest, each a call of its own

/// A uuid may hold slashes: Zoom wants it encoded twice.
std::string path_of_session(const std::string& uuid) { return "/v2/past_meetings/" + percent_encode(percent_encode(uuid)); }

} // namespace

/// A fact that a look found: the same look finds it once, and the booking knows by the session's uuid what a webhook told before.
engine::Incoming Client::found(std::string_view type, json::object payload, const std::string& key, Time moment) const {
    const auto meeting = text_field(payload, "meeting").value_or("");
    engine::Incoming incoming;
    incoming.event = {engine::make_event_id(moment, "zoom/default", "look|" + std::string(type) + "|" + key),
                      "reconcile",
                      std::string(type),
                      moment,
                      json::serialize(payload),
                      ""};
    incoming.address.targets.emplace_back(meeting_key(meeting));
    incoming.address.unclaimed = engine::Unclaimed::ignore;
    incoming.address.reason = "not ours";
    return incoming;
}

/// The sessions that were held, as far as the plan tells of them: only paid ones do.
asio::awaitable<void> Client::find_sessions(const engine::Attempt& attempt, Exchange& exchange, std::string meeting,
                                            std::vector<engine::Incoming>& learned) {
    Call list{"GET", "/v2/past_meetings/" + percent_encode(meeting) + "/instances"};
    const auto listed = co_await call(attempt, exchange, std::move(list));
    const auto* sessions = listed.ok() ? array_field(listed.answer.object(), "meetings") : nullptr;
    if (!sessions) co_return;
    const std::size_t first = sessions->size() > most_sessions ? sessions->size() - most_sessions : 0;
    for (std::size_t i = first; i < sessions->size(); ++i) {
        const auto* session = sessions->at(i).if_object();
        const auto uuid = session ? identifier(*session, "uuid") : std::nullopt;
        if (!uuid) continue;
        Call detail{"GET", path_of_session(*uuid)};
        const auto reply = co_await call(attempt, exchange, std::move(detail));
        if (!reply.ok()) continue;
        const auto started = time_field(reply.answer.object(), "start_time"),
                   ended = time_field(reply.answer.object(), "end_time");
        if (!started || !ended) continue;
        json::object begin{{"meeting", meeting}, {"uuid", *uuid}, {"at", to_iso(*started)}};
        learned.push_back(found("meeting.started", std::move(begin), *uuid, *started));
        json::object end{{"meeting", meeting}, {"uuid", *uuid}, {"started", to_iso(*started)}, {"ended", to_iso(*ended)}};
        learned.push_back(found("meeting.ended", std::move(end), *uuid, *ended));
    }
}

/// Is the meeting there, where it should be, and has it been held? The moment of what is found is that of the asking: a move that
/// we ask for meanwhile is newer.
asio::awaitable<engine::AttemptResult> Client::look_at_meeting(const engine::Attempt& attempt, const json::object& request,
                                                               Exchange& exchange) {
    const auto meeting = identifier(request, "meeting");
    if (!meeting) co_return failed("bad_request", "the stored request lacks meeting");
    const auto asked = attempt.created_at;
    const auto key = *meeting + "|" + engine::to_string(attempt.id);
    Call reading{"GET", "/v2/meetings/" + percent_encode(*meeting)};
    const auto reply = co_await call(attempt, exchange, std::move(reading));
    std::vector<engine::Incoming> learned;
    json::object facts{{"found", reply.ok()}};
    if (reply.is(404, no_such_meeting)) {
        learned.push_back(found("meeting.deleted", {{"meeting", *meeting}}, key, asked));
    } else if (!reply.ok()) {
        co_return left_to_the_next_turn(refusal(attempt, exchange, reply));
    } else {
        const auto& said = reply.answer.object();
        if (!identifier(said, "id")) co_return left_to_the_next_turn(bad_answer("zoom", "id"));
        const auto start = time_field(said, "start_time");
        const auto uuid = identifier(said, "uuid");
        const bool running = text_field(said, "status") == "started";
        facts["running"] = running;
        facts["start"] = nullable(start);
        const bool elsewhere = start && start != time_field(request, "start");
        if (elsewhere || (start && bool_field(request, "moved").value_or(false)))
            learned.push_back(found("meeting.updated", {{"meeting", *meeting}, {"start", to_iso(*start)}}, key, asked));
        if (bool_field(request, "sessions").value_or(false)) co_await find_sessions(attempt, exchange, *meeting, learned);
        if (running && uuid)
            learned.push_back(
                found("meeting.started", {{"meeting", *meeting}, {"uuid", *uuid}, {"at", to_iso(asked)}}, key, asked));
    }
    auto result = succeeded(facts);
    result.learned = std::move(learned);
    co_return result;
}

} // namespace appointd::adapters::zoom
