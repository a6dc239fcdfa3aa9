#include "adapters/fields.hpp"
#include "adapters/zoom/client.hpp"
#include "foundation/encoding.hpp"

namespace appointd::adapters::zoom {
namespace {

constexpr std::int64_t no_such_meeting = 3001, in_progress = 3002, already_ended = 3007, not_accessible = 3000;

engine::AttemptResult update_result(bool found, bool running, std::optional<Time> start) {
    const json::object facts{{"found", found}, {"running", running}, {"start", nullable(start)}};
    return succeeded(facts);
}

engine::AttemptResult delete_result(std::string_view done) {
    const json::object facts{{"done", done}};
    return succeeded(facts);
}

} // namespace

/// What Zoom made of it: a start in the past is answered with a success and changes nothing.
asio::awaitable<engine::AttemptResult> Client::read_back(const engine::Attempt& attempt, Exchange& exchange, std::string path) {
    Call reading{"GET", std::move(path)};
    const auto reply = co_await call(attempt, exchange, std::move(reading));
    if (reply.is(404, no_such_meeting)) co_return update_result(false, false, std::nullopt);
    if (!reply.ok()) co_return refusal(attempt, exchange, reply);
    const auto& meeting = reply.answer.object();
    if (!identifier(meeting, "id")) co_return bad_answer("zoom", "id");
    co_return update_result(true, text_field(meeting, "status") == "started", time_field(meeting, "start_time"));
}

asio::awaitable<engine::AttemptResult> Client::update_meeting(const engine::Attempt& attempt, const json::object& request,
                                                              Exchange& exchange) {
    const auto meeting = identifier(request, "meeting");
    const auto body = body_of(request);
    if (!meeting || !body) co_return failed("bad_request", "the stored request lacks meeting or body");
    const auto path = "/v2/meetings/" + percent_encode(*meeting);
    Call change{"PATCH", path, *body};
    const auto reply = co_await call(attempt, exchange, std::move(change));
    if (reply.is(404, no_such_meeting)) co_return update_result(false, false, std::nullopt);
    const bool may_be_running = reply.is(400, not_accessible) || reply.is(400, in_progress);
    if (!reply.ok() && !may_be_running) co_return refusal(attempt, exchange, reply);
    auto facts = co_await read_back(attempt, exchange, path);
    if (may_be_running && facts.kind == engine::AttemptResult::Kind::succeeded) {
        const auto read = parse_object(facts.result).value_or(json::object{});
        // Refused for another reason than that it runs.
        if (bool_field(read, "found").value_or(false) && !bool_field(read, "running").value_or(false))
            co_return refusal(attempt, exchange, reply);
    }
    co_return facts;
}

asio::awaitable<engine::AttemptResult> Client::delete_meeting(const engine::Attempt& attempt, const json::object& request,
                                                              Exchange& exchange) {
    const auto meeting = identifier(request, "meeting");
    if (!meeting) co_return failed("bad_request", "the stored request lacks meeting");
    Call removal{"DELETE", "/v2/meetings/" + percent_encode(*meeting)};
    const auto reply = co_await call(attempt, exchange, std::move(removal));
    if (reply.ok()) co_return delete_result("deleted");
    if (reply.is(404, no_such_meeting)) co_return delete_result("gone");
    if (reply.is(400, in_progress)) co_return delete_result("running");
    if (reply.is(400, already_ended)) co_return delete_result("ended");
    co_return refusal(attempt, exchange, reply);
}

} // namespace appointd::adapters::zoom
