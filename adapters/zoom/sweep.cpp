#include "adapters/fields.hpp"
#include "adapters/window.hpp"
#include "adapters/zoom/client.hpp"
#include "adapters/zoom/translation.hpp"
#include "foundation/encoding.hpp"

namespace appointd::adapters::zoom {
namespace {

constexpr std::size_t page_size = 300; // the most that Zoom gives

} // namespace

/// The host's meetings to come that were made within the window and bear a booking's mark: a twin that landed late, or one that a
/// booking does not know of. Each is told once, and its booking knows which meeting is its own.
asio::awaitable<engine::AttemptResult> Client::sweep_meetings(const engine::Attempt& attempt, const json::object& request,
                                                              Exchange& exchange) {
    const auto window = window_of(request);
    if (!window) co_return failed("bad_request", "the stored request lacks since or until");
    Fields query{{"type", "upcoming"}, {"page_size", std::to_string(page_size)}};
    if (!window->cursor.empty()) query.emplace_back("next_page_token", window->cursor);
    Call list{"GET", "/v2/users/" + percent_encode(config_.user_id) + "/meetings?" + form_encode(query)};
    const auto reply = co_await call(attempt, exchange, std::move(list));
    const auto* meetings = reply.ok() ? array_field(reply.answer.object(), "meetings") : nullptr;
    if (!meetings) {
        auto trouble = reply.ok() ? bad_answer("zoom", "meetings") : refusal(attempt, exchange, reply);
        co_return left_to_the_next_turn(std::move(trouble));
    }
    std::vector<engine::Incoming> learned;
    for (const auto& entry : *meetings) {
        const auto* meeting = entry.if_object();
        const auto id = meeting ? identifier(*meeting, "id") : std::nullopt;
        if (!id || !marked_booking(*meeting) || learned.size() >= page_size) continue;
        const auto made = time_field(*meeting, "created_at");
        if (made && *made < window->since) continue;
        const auto moment = made.value_or(Time{});
        const auto event = engine::make_event_id(moment, "zoom/default", "look|meeting.created|" + *id);
        learned.push_back(found_meeting(*meeting, "reconcile", event, made.value_or(attempt.now)));
    }
    auto next = text_field(reply.answer.object(), "next_page_token").value_or("");
    auto result = succeeded(page_facts(*window, static_cast<std::int64_t>(meetings->size()), std::move(next)));
    result.learned = std::move(learned);
    co_return result;
}

} // namespace appointd::adapters::zoom
