#include "adapters/calendly/client.hpp"
#include "adapters/fields.hpp"
#include "adapters/window.hpp"
#include "foundation/encoding.hpp"

#include <charconv>

namespace appointd::adapters::calendly {
namespace {

constexpr int most_reads = 15;                // of one page: events whose invitees are read
constexpr std::size_t most_told = 100;        // then the rest of the page is another page's
constexpr int most_invitee_pages = 3;         // of one event, 100 each
constexpr std::chrono::hours session_ago{24}; // a slot that began a day ago may still be canceled, or marked as a no-show
constexpr std::chrono::seconds enough_time{2};

/// A cursor is "EVENTS|TOKEN": so many events of the page that the token opens are behind us.
struct Place {
    std::size_t skip = 0;
    std::string token;
};

Place place_of(const std::string& cursor) {
    Place place;
    const auto bar = cursor.find('|');
    if (bar == cursor.npos) return place;
    std::from_chars(cursor.data(), cursor.data() + bar, place.skip);
    place.token = cursor.substr(bar + 1);
    return place;
}

std::string cursor_of(std::size_t skip, const std::string& token) { return std::to_string(skip) + "|" + token; }

bool since(const json::object& object, std::string_view name, Time begin) {
    const auto time = time_field(object, name);
    return time && *time >= begin;
}

/// Calendly does not say whether a group's event changes with each of its seats: a group is always read.
bool worth_reading(const json::object& event, Time begin) {
    const auto* counter = object_field(event, "invitees_counter");
    if (counter && lenient_int(*counter, "limit").value_or(1) > 1) return true;
    const bool undated = !time_field(event, "created_at") && !time_field(event, "updated_at");
    return undated || since(event, "created_at", begin) || since(event, "updated_at", begin);
}

} // namespace

/// What happened to one invitee within the window. What is older is left alone: a booking from before appointd must not begin
/// one.
void Client::tell(const json::object& invitee, Time begin, std::vector<engine::Incoming>& learned) const {
    if (since(invitee, "created_at", begin)) learned.push_back(seen("invitee.created", invitee));
    if (const auto* no_show = object_field(invitee, "no_show"); no_show && since(*no_show, "created_at", begin))
        learned.push_back(seen("invitee_no_show.created", invitee));
    const auto* own = object_field(invitee, "cancellation");
    const auto* event = object_field(invitee, "scheduled_event");
    const auto* cancellation = own || !event ? own : object_field(*event, "cancellation");
    const bool canceled = lenient_text(invitee, "status") == "canceled";
    if (canceled && cancellation && since(*cancellation, "created_at", begin))
        learned.push_back(seen("invitee.canceled", invitee));
}

asio::awaitable<std::optional<engine::AttemptResult>> Client::tell_invitees(const engine::Attempt& attempt, Exchange& exchange,
                                                                            json::object event, Time begin,
                                                                            std::vector<engine::Incoming>& learned) {
    const auto path = path_of(identifier(event, "uri").value_or(""), config_.base);
    if (!path) co_return std::nullopt;
    std::string page_token;
    for (int page = 0; page < most_invitee_pages; ++page) {
        Fields query{{"count", "100"}};
        if (!page_token.empty()) query.emplace_back("page_token", page_token);
        const auto answer = co_await get(exchange, *path + "/invitees?" + form_encode(query));
        if (answer.arrived() && answer.response.status == 404) co_return std::nullopt;
        if (!answer.ok()) co_return refusal(attempt, exchange, answer);
        const auto* invitees = array_field(answer.object(), "collection");
        if (!invitees) co_return std::nullopt;
        for (const auto& entry : *invitees) {
            if (!entry.is_object()) continue;
            json::object invitee = entry.get_object();
            invitee["scheduled_event"] = event;
            tell(invitee, begin, learned);
        }
        const auto* pagination = object_field(answer.object(), "pagination");
        page_token = pagination ? lenient_text(*pagination, "next_page_token").value_or("") : "";
        if (page_token.empty()) break;
    }
    co_return std::nullopt;
}

/// Calendly lists by the slot's start, not by when something happened: every slot from a day before the window on is looked at,
/// and the invitees of those that changed within it are read.
asio::awaitable<engine::AttemptResult> Client::sweep_events(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange) {
    const auto window = window_of(request);
    if (!window) co_return failed("bad_request", "the stored request lacks since or until");
    if (auto trouble = co_await learn_identity(attempt, exchange)) co_return left_to_the_next_turn(*std::move(trouble));
    const auto place = place_of(window->cursor);
    const auto answer = co_await list_events(exchange, window->since - session_ago, place.token);
    const auto* events = answer.ok() ? array_field(answer.object(), "collection") : nullptr;
    if (!events) {
        auto trouble = answer.ok() ? bad_answer("calendly", "collection") : refusal(attempt, exchange, answer);
        co_return left_to_the_next_turn(std::move(trouble));
    }
    std::vector<engine::Incoming> learned;
    std::size_t at = place.skip;
    for (int reads = 0; at < events->size(); ++at) {
        const auto* event = events->at(at).if_object();
        if (!event || !worth_reading(*event, window->since)) continue;
        const auto event_type = identifier(*event, "event_type");
        if (!event_type || !session_types_(*event_type)) continue;
        const bool spent = reads > 0 && exchange.time_left() < enough_time;
        if (spent || reads == most_reads || learned.size() >= most_told) break;
        auto trouble = co_await tell_invitees(attempt, exchange, *event, window->since, learned);
        if (trouble && reads == 0) co_return left_to_the_next_turn(*std::move(trouble));
        if (trouble) break; // the next page begins here, and says so if it goes on
        ++reads;
    }
    const auto* pagination = object_field(answer.object(), "pagination");
    const auto token = pagination ? lenient_text(*pagination, "next_page_token").value_or("") : "";
    std::string next;
    if (at < events->size())
        next = cursor_of(at, place.token);
    else if (!token.empty() && token != place.token)
        next = cursor_of(0, token);
    const auto seen_events = static_cast<std::int64_t>(at - std::min(place.skip, at));
    auto result = succeeded(page_facts(*window, seen_events, std::move(next)));
    result.learned = std::move(learned);
    co_return result;
}

} // namespace appointd::adapters::calendly
