#include "http/learned_events.hpp"

#include "engine/runtime/advance.hpp"
#include "http/rows_json.hpp"

namespace appointd::http {
namespace asio = boost::asio;

namespace {

json::object item_of(const engine::Event& event) {
    json::object item;
    item["event_id"] = engine::to_string(event.id);
    item["type"] = event.type;
    item["occurred_at"] = to_iso(event.occurred_at);
    item["workflow_id"] = nullptr;
    item["disposition"] = "ignored";
    item["from"] = nullptr;
    item["to"] = nullptr;
    item["reason"] = nullptr;
    return item;
}

/// Where nobody is there for it: begun, kept waiting, or left.
json::object unclaimed(json::object item, const engine::Address& address) {
    if (address.unclaimed == engine::Unclaimed::wait) item["disposition"] = "deferred";
    item["reason"] = text_or_null(address.unclaimed == engine::Unclaimed::wait ? "nobody claims it yet" : address.reason);
    return item;
}

engine::WorkflowRow fresh_row(const engine::Definition& definition, engine::WorkflowId id) {
    engine::WorkflowRow row;
    row.id = id;
    row.kind = definition.kind;
    row.version = definition.version;
    return row;
}

} // namespace

asio::awaitable<Result<LearnedEvents::Standing>> LearnedEvents::look_up(const engine::Incoming& incoming) {
    // A copy: whoever waits may give up while the question is still being asked.
    std::function<Result<Standing>(engine::Reader&)> question =
        [id = incoming.event.id, targets = incoming.address.targets](engine::Reader& reader) -> Result<Standing> {
        const auto event = reader.event(id);
        if (!event) return event.error();
        Standing standing;
        standing.known = event->has_value();
        if (standing.known) return standing;
        for (const engine::Target& target : targets) {
            std::optional<engine::WorkflowId> workflow;
            if (const auto* named = std::get_if<engine::WorkflowId>(&target)) {
                workflow = *named;
            } else {
                const auto owner = reader.owner_of(std::get<engine::CorrelationKey>(target));
                if (!owner) return owner.error();
                workflow = *owner;
            }
            if (!workflow) continue;
            auto row = reader.workflow(*workflow);
            if (!row) return row.error();
            standing.workflow = *std::move(row);
            if (standing.workflow) break;
        }
        return standing;
    };
    co_return co_await services_.readers.ask(std::move(question));
}

/// A workflow that this trial has moved, or begun.
std::optional<engine::WorkflowRow> LearnedEvents::remembered(const engine::Address& address) const {
    for (const engine::Target& target : address.targets) {
        const auto* id = std::get_if<engine::WorkflowId>(&target);
        if (!id) {
            const auto owner = bound_.find(std::get<engine::CorrelationKey>(target));
            if (owner == bound_.end()) continue;
            id = &owner->second;
        }
        if (const auto found = moved_.find(*id); found != moved_.end()) return found->second;
    }
    return std::nullopt;
}

json::object LearnedEvents::try_out(const engine::Incoming& incoming, std::optional<engine::WorkflowRow> workflow) {
    auto item = item_of(incoming.event);
    if (auto moved = remembered(incoming.address)) workflow = std::move(moved);
    const engine::Definitions& definitions = services_.given.engine.definitions();
    const bool begins = !workflow;
    if (begins && incoming.address.unclaimed != engine::Unclaimed::start) return unclaimed(std::move(item), incoming.address);
    const auto* definition =
        begins ? definitions.newest(incoming.address.kind) : definitions.find(workflow->kind, workflow->version);
    if (!definition) return unclaimed(std::move(item), incoming.address);
    auto row = begins ? fresh_row(*definition, incoming.address.fresh) : *std::move(workflow);
    auto timers = begins ? engine::Timers{} : engine::parse_timers(row.timers);
    const engine::Workflow standing = engine::seen(row, timers);
    const Time now = services_.given.clock.now();
    auto decision =
        definition->transition(begins ? nullptr : &standing, engine::Input{incoming.event, now, row.id, row.revision + 1});
    item["workflow_id"] = begins ? json::value(nullptr) : json::value(engine::to_string(row.id));
    item["from"] = text_or_null(row.state);
    item["to"] = text_or_null(row.state);
    if (auto* applied = std::get_if<engine::Applied>(&decision)) {
        item["disposition"] = "applied";
        item["to"] = applied->state;
        item["reason"] = text_or_null(applied->note);
        engine::advance(row, timers, *applied, now);
        engine::write_timers(row, timers);
        for (const engine::CorrelationKey& key : applied->binds) bound_.insert_or_assign(key, row.id);
        moved_.insert_or_assign(row.id, std::move(row));
    } else if (const auto* ignored = std::get_if<engine::Ignored>(&decision)) {
        item["reason"] = text_or_null(ignored->reason);
    } else if (const auto* deferred = std::get_if<engine::Deferred>(&decision)) {
        item["disposition"] = "deferred";
        item["reason"] = text_or_null(deferred->reason);
    } else if (const auto* elsewhere = std::get_if<engine::Elsewhere>(&decision)) {
        item["disposition"] = "applied"; // by a booking of its own
        item["workflow_id"] = nullptr;
        item["from"] = nullptr;
        item["to"] = nullptr;
        item["reason"] = text_or_null(elsewhere->reason);
    }
    return item;
}

asio::awaitable<Result<LearnedEvents::Found>> LearnedEvents::take(engine::Incoming incoming) {
    const auto standing = co_await look_up(incoming);
    if (!standing) co_return standing.error();
    Found found;
    found.known = standing->known;
    if (found.known) co_return found;
    if (dry_run_) {
        try {
            found.item = try_out(incoming, standing->workflow);
        } catch (const std::exception& broken) { // sent, it would end as a dead letter
            found.item = item_of(incoming.event);
            found.item["disposition"] = "dead";
            found.item["reason"] = broken.what();
        }
        co_return found;
    }
    found.item = item_of(incoming.event);
    const auto answer = co_await services_.given.engine.submit(std::move(incoming));
    if (answer.kind == engine::Answer::Kind::overloaded || answer.kind == engine::Answer::Kind::unavailable)
        co_return Error{"unavailable", "the event could not be stored now"};
    found.known = answer.disposition == engine::Disposition::duplicate; // it arrived meanwhile
    found.item["disposition"] = engine::to_string(answer.disposition);
    found.item["reason"] = text_or_null(answer.reason);
    if (answer.workflow) found.item["workflow_id"] = engine::to_string(*answer.workflow);
    found.item["from"] = text_or_null(standing->workflow ? standing->workflow->state : "");
    found.item["to"] = text_or_null(answer.state);
    co_return found;
}

} // namespace appointd::http
