#include "foundation/digest.hpp"
#include "http/admin.hpp"
#include "http/admin_request.hpp"
#include "http/booking_request.hpp"
#include "http/preview_json.hpp"
#include "http/reply.hpp"
#include "http/rows_json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::http {
namespace asio = boost::asio;
using engine::Answer;

namespace {

constexpr std::string_view source = "operator/default";
constexpr std::string_view prefix = "operator.";

net::Response no_workflow() { return problem(404, "not_found", "There is no workflow with this id."); }
net::Response no_activity() { return problem(404, "not_found", "There is no activity with this id."); }

engine::EventId draw_event_id(Services& services, Time now, const std::optional<std::string>& key) {
    if (key) return engine::make_event_id(Time{}, source, *key);
    std::array<std::uint8_t, 16> bytes{};
    services.given.random.fill(bytes);
    return engine::make_event_id(now, source, to_hex(std::as_bytes(std::span(bytes))));
}

/// Who, when and why stand beside what the event itself says.
engine::Event operator_event(engine::EventId id, std::string_view type, json::object payload, std::string_view actor,
                             std::string_view reason, Time now) {
    payload["actor"] = json::string(actor.data(), actor.size());
    payload["at"] = to_iso(now);
    if (!reason.empty()) {
        if (!payload.contains("reason")) payload["reason"] = json::string(reason.data(), reason.size());
        payload["why"] = json::string(reason.data(), reason.size()); // also where the event has a reason of its own
    }
    engine::Event event;
    event.id = id;
    event.source = "operator";
    event.type = std::string(type);
    event.occurred_at = now;
    event.payload = json::serialize(payload);
    return event;
}

engine::Incoming for_workflow(engine::Event event, engine::WorkflowId id) {
    engine::Incoming incoming;
    incoming.event = std::move(event);
    incoming.address.targets.emplace_back(id);
    incoming.address.unclaimed = engine::Unclaimed::ignore;
    incoming.address.reason = "no such workflow";
    return incoming;
}

net::Response answered(const Answer& answer) {
    switch (answer.kind) {
    case Answer::Kind::decided: break;
    case Answer::Kind::refused: return problem(409, "refused", answer.reason);
    case Answer::Kind::not_found: return problem(404, "not_found", "There is no dead letter with this id.");
    case Answer::Kind::overloaded: return try_again("overloaded", "Too many events are waiting; try again.");
    case Answer::Kind::unavailable: return try_again("unavailable", "The event could not be stored now; try again.");
    }
    json::object data;
    data["event_id"] = engine::to_string(answer.event);
    data["workflow_id"] = answer.workflow ? json::value(json::string(engine::to_string(*answer.workflow))) : json::value(nullptr);
    data["disposition"] = json::string(engine::to_string(answer.disposition));
    data["reason"] = text_or_null(answer.reason);
    data["state"] = text_or_null(answer.state);
    return reply(std::move(data));
}

std::optional<net::Response> unfit(const EventRequest& request, const engine::WorkflowRow& row,
                                   const engine::Definitions& definitions) {
    const engine::Definition* definition = definitions.find(row.kind, row.version);
    if (!definition)
        return problem(409, "version_missing",
                       "This workflow uses version " + std::to_string(row.version) +
                           " of its definition, which this binary lacks.");
    const auto& events = definition->events;
    const bool known = std::find(events.begin(), events.end(), engine::family_of(request.type)) != events.end();
    if (!known) return invalid("type", "is no event of this workflow's definition");
    if (!request.dry_run && !request.type.starts_with(prefix))
        return invalid("type", "is not for people: only operator.* events are sent by hand; with dry_run any event can be tried");
    if (row.kind == "booking")
        if (auto faults = faults_of_operator(request.type, request.payload); !faults.empty()) return invalid(std::move(faults));
    return std::nullopt;
}

/// The decision now, or the 400 of a payload that the transition cannot read: sent, it would end as a dead letter.
std::variant<engine::Preview, net::Response> try_out(Services& services, const engine::WorkflowRow& row,
                                                     const engine::Event& event) {
    try {
        return services.given.engine.preview(row, event);
    } catch (const std::exception& broken) {
        return invalid("payload", broken.what());
    }
}

/// What a person asks of one workflow.
struct Deed {
    engine::WorkflowId workflow;
    EventRequest request;
    std::optional<std::string> key; ///< Idempotency-Key
};

asio::awaitable<net::Response> act(Services& services, Call& call, Deed deed) {
    EventRequest& request = deed.request;
    std::function<Result<std::optional<engine::WorkflowRow>>(engine::Reader&)> question =
        [id = deed.workflow](engine::Reader& reader) { return reader.workflow(id); };
    const auto row = co_await services.readers.ask(std::move(question));
    if (!row) co_return unreadable();
    if (!*row) co_return no_workflow();
    if (auto refusal = unfit(request, **row, services.given.engine.definitions())) co_return *std::move(refusal);

    const Time now = services.given.clock.now();
    engine::Event event = operator_event(draw_event_id(services, now, deed.key), request.type, std::move(request.payload),
                                         request.actor, request.reason, now);
    if (!request.type.starts_with(prefix)) event.source = request.type.starts_with("timer.") ? "timer" : "dry_run";
    const auto tried = try_out(services, **row, event);
    if (const auto* refusal = std::get_if<net::Response>(&tried)) co_return *refusal;
    if (request.dry_run) co_return reply(to_json(std::get<engine::Preview>(tried)));
    const Answer answer = co_await services.given.engine.submit(for_workflow(std::move(event), deed.workflow));
    services.given.log.info("an operator sent an event", {{"workflow", engine::to_string(deed.workflow)},
                                                          {"type", request.type},
                                                          {"actor", request.actor},
                                                          {"remote", call.request.remote}});
    co_return answered(answer);
}

/// operator.retry, operator.skip: about one activity, which must be there.
asio::awaitable<net::Response> act_on_activity(Services& services, Call& call, std::string type) {
    const auto id = engine::parse_activity_id(call.parameters.at(0));
    if (!id) co_return no_activity();
    auto key = idempotency_key(call.request);
    if (auto* refusal = std::get_if<net::Response>(&key)) co_return std::move(*refusal);
    auto read = read_person_request(call.request.body, true);
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    const PersonRequest& person = std::get<PersonRequest>(read);
    std::function<Result<std::vector<engine::ActivityRow>>(engine::Reader&)> question = [id](engine::Reader& reader) {
        return reader.activities(id->workflow);
    };
    const auto activities = co_await services.readers.ask(std::move(question));
    if (!activities) co_return unreadable();
    const bool known = std::any_of(activities->begin(), activities->end(), [&](const auto& row) { return row.id == *id; });
    if (!known) co_return no_activity();
    Deed deed{id->workflow, {}, std::get<std::optional<std::string>>(key)};
    deed.request = {std::move(type), person.actor, person.reason, {}, person.dry_run};
    deed.request.payload["activity"] = engine::to_string(*id);
    co_return co_await act(services, call, std::move(deed));
}

} // namespace

asio::awaitable<net::Response> send_event(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return no_workflow();
    auto key = idempotency_key(call.request);
    if (auto* refusal = std::get_if<net::Response>(&key)) co_return std::move(*refusal);
    auto read = read_event_request(call.request.body);
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    Deed deed{*id, std::move(std::get<EventRequest>(read)), std::get<std::optional<std::string>>(key)};
    co_return co_await act(services, call, std::move(deed));
}

asio::awaitable<net::Response> retry_activity(Services& services, Call& call) {
    return act_on_activity(services, call, "operator.retry");
}

asio::awaitable<net::Response> skip_activity(Services& services, Call& call) {
    return act_on_activity(services, call, "operator.skip");
}

asio::awaitable<net::Response> requeue_dead_letter(Services& services, Call& call) {
    const auto id = engine::parse_uuid(call.parameters.at(0));
    if (!id) co_return problem(404, "not_found", "There is no dead letter with this id.");
    auto read = read_person_request(call.request.body);
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    auto completion = std::make_shared<Completion<Answer>>(services.executor);
    services.given.engine.requeue(engine::EventId(*id), [completion](Answer answer) { completion->set(std::move(answer)); });
    auto answer = co_await completion->wait(services.given.settings.read_limit);
    if (!answer) co_return try_again("unavailable", "The event could not be decided now; try again.");
    services.given.log.info(
        "a dead letter was requeued",
        {{"event", engine::to_string(*id)}, {"actor", std::get<PersonRequest>(read).actor}, {"remote", call.request.remote}});
    co_return answered(*answer);
}

} // namespace appointd::http
