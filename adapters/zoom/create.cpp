#include "adapters/fields.hpp"
#include "adapters/zoom/client.hpp"
#include "adapters/zoom/translation.hpp"
#include "foundation/encoding.hpp"

#include <algorithm>

namespace appointd::adapters::zoom {
namespace {

constexpr int most_pages = 10;
constexpr std::chrono::minutes same_start{1}; // Zoom keeps no seconds of a planned start

std::string id_of(const json::object& meeting) { return identifier(meeting, "id").value_or(""); }

bool starts_at(const json::object& meeting, const std::optional<Time>& wanted) {
    const auto start = time_field(meeting, "start_time");
    return !wanted || (start && std::chrono::abs(*start - *wanted) < same_start);
}

void sort_oldest_first(std::vector<json::object>& meetings) {
    std::sort(meetings.begin(), meetings.end(), [](const json::object& left, const json::object& right) {
        const auto age = [](const json::object& meeting) { return time_field(meeting, "created_at").value_or(Time::max()); };
        const auto left_id = id_of(left), right_id = id_of(right);
        return std::pair(age(left), left_id) < std::pair(age(right), right_id);
    });
}

bool contains(const std::vector<json::object>& meetings, const std::string& id) {
    return std::any_of(meetings.begin(), meetings.end(), [&](const json::object& meeting) { return id_of(meeting) == id; });
}

} // namespace

/// The mark stands first in the agenda, so a list that cuts agendas off still shows it; where the list shows none, the meeting
/// itself is asked.
asio::awaitable<Client::Ours> Client::is_ours(const engine::Attempt& attempt, Exchange& exchange, const Wanted& wanted,
                                              json::object& meeting) {
    const auto ours = [&] {
        const auto booking = marked_booking(meeting);
        return booking && engine::to_string(*booking) == wanted.booking;
    };
    if (!starts_at(meeting, wanted.start)) co_return Ours{};
    if (ours()) co_return Ours{.yes = true};
    if (!text_field(meeting, "agenda").value_or("").empty()) co_return Ours{};
    Call detail{"GET", "/v2/meetings/" + percent_encode(id_of(meeting))};
    const auto reply = co_await call(attempt, exchange, std::move(detail));
    if (reply.is(404, 3001)) co_return Ours{}; // deleted since it was listed
    if (!reply.ok()) co_return Ours{.trouble = refusal(attempt, exchange, reply)};
    meeting = reply.answer.object();
    co_return Ours{.yes = ours()};
}

asio::awaitable<std::optional<engine::AttemptResult>> Client::search_list(const engine::Attempt& attempt, Exchange& exchange,
                                                                          Wanted wanted, std::string type,
                                                                          std::vector<json::object>& found) {
    std::string page_token;
    for (int page = 0; page < most_pages; ++page) {
        Fields query{{"type", type}, {"page_size", "300"}};
        if (!page_token.empty()) query.emplace_back("next_page_token", page_token);
        Call list{"GET", "/v2/users/" + percent_encode(config_.user_id) + "/meetings?" + form_encode(query)};
        const auto reply = co_await call(attempt, exchange, std::move(list));
        if (!reply.ok()) co_return refusal(attempt, exchange, reply);
        const auto* meetings = array_field(reply.answer.object(), "meetings");
        if (!meetings) co_return bad_answer("zoom", "meetings");
        for (const auto& entry : *meetings) {
            if (!entry.is_object() || contains(found, id_of(entry.get_object()))) continue;
            json::object meeting = entry.get_object();
            auto ours = co_await is_ours(attempt, exchange, wanted, meeting);
            if (ours.trouble) co_return std::move(ours.trouble);
            if (ours.yes) found.push_back(std::move(meeting));
        }
        page_token = text_field(reply.answer.object(), "next_page_token").value_or("");
        if (page_token.empty()) break;
    }
    co_return std::nullopt;
}

asio::awaitable<Client::Search> Client::search(const engine::Attempt& attempt, Exchange& exchange, Wanted wanted) {
    Search result;
    for (const std::string_view type : {"upcoming", "scheduled"}) {
        result.trouble = co_await search_list(attempt, exchange, wanted, std::string(type), result.meetings);
        if (result.trouble) co_return result;
    }
    sort_oldest_first(result.meetings);
    co_return result;
}

/// The oldest stays, the others are deleted; one that cannot be is reported as found, so that the booking deletes it.
asio::awaitable<engine::AttemptResult> Client::settle(const engine::Attempt& attempt, Exchange& exchange,
                                                      std::vector<json::object> meetings, bool adopted) {
    json::object kept = meetings.front();
    const auto id = id_of(kept);
    std::vector<engine::Incoming> learned;
    for (std::size_t twin = 1; twin < meetings.size(); ++twin) {
        const auto twin_id = id_of(meetings[twin]);
        Call removal{"DELETE", "/v2/meetings/" + percent_encode(twin_id)};
        const auto reply = co_await call(attempt, exchange, std::move(removal));
        world_.log.warn("zoom twin meeting", {{"code", "zoom_twin"},
                                              {"activity", engine::to_string(attempt.id)},
                                              {"kept", id},
                                              {"twin", twin_id},
                                              {"deleted", reply.ok()}});
        if (reply.ok() || reply.is(404, 3001)) continue;
        const auto now = world_.clock.now();
        const auto event = engine::make_event_id(now, "zoom/default", "twin|" + twin_id);
        learned.push_back(found_meeting(meetings[twin], "reconcile", event, now));
    }
    if (!text_field(kept, "join_url")) {
        Call detail{"GET", "/v2/meetings/" + percent_encode(id)};
        const auto reply = co_await call(attempt, exchange, std::move(detail));
        if (!reply.ok()) co_return refusal(attempt, exchange, reply);
        kept = reply.answer.object();
    }
    const json::object facts{{"meeting", id},
                             {"join_url", nullable(text_field(kept, "join_url"))},
                             {"start", nullable(time_field(kept, "start_time"))},
                             {"adopted", adopted}};
    auto result = succeeded(facts);
    result.binds.push_back(meeting_key(id));
    result.learned = std::move(learned);
    co_return result;
}

asio::awaitable<engine::AttemptResult> Client::create_meeting(const engine::Attempt& attempt, const json::object& request,
                                                              Exchange& exchange) {
    const auto booking = text_field(request, "booking");
    const auto body = body_of(request);
    const auto parsed = body ? parse_object(*body) : std::nullopt;
    if (!booking || !parsed) co_return failed("bad_request", "the stored request lacks booking or body");
    const Wanted wanted{*booking, time_field(*parsed, "start_time")};
    if (attempt.repeated) {
        auto before = co_await search(attempt, exchange, wanted);
        if (before.trouble) co_return *before.trouble;
        if (!before.meetings.empty()) {
            auto adopted = co_await settle(attempt, exchange, std::move(before.meetings), true);
            co_return adopted;
        }
    }
    Call creation{"POST", "/v2/users/" + percent_encode(config_.user_id) + "/meetings", *body};
    const auto reply = co_await call(attempt, exchange, std::move(creation));
    if (!reply.ok()) {
        auto result = refusal(attempt, exchange, reply);
        // It may still land: nobody looks before its time is up.
        if (result.kind == engine::AttemptResult::Kind::retry)
            result.retry_after = std::max<Duration>(result.retry_after.value_or(Duration(0)), exchange.time_left());
        co_return result;
    }
    std::vector<json::object> meetings{reply.answer.object()};
    const auto made = id_of(meetings.front());
    if (made.empty()) co_return bad_answer("zoom", "id");
    if (attempt.repeated) {
        auto after = co_await search(attempt, exchange, wanted);
        // A twin may stand unseen: the next attempt looks first, and finds both.
        if (after.trouble && after.trouble->kind != engine::AttemptResult::Kind::failed) co_return *after.trouble;
        for (auto& meeting : after.meetings)
            if (!contains(meetings, id_of(meeting))) meetings.push_back(std::move(meeting));
        sort_oldest_first(meetings);
    }
    const bool adopted = id_of(meetings.front()) != made;
    auto result = co_await settle(attempt, exchange, std::move(meetings), adopted);
    co_return result;
}

} // namespace appointd::adapters::zoom
