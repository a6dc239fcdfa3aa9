#include "engine/runtime/replay.hpp"
#include "http/admin.hpp"
#include "http/admin_query.hpp"
#include "http/preview_json.hpp"
#include "http/reply.hpp"
#include "http/rows_json.hpp"

#include <boost/json/array.hpp>

/// What one workflow says of itself, and whether its history still makes it.
namespace appointd::http {
namespace asio = boost::asio;

namespace {

net::Response no_workflow() { return problem(404, "not_found", "There is no workflow with this id."); }

struct Found {
    engine::WorkflowRow row;
    engine::Explanation explanation;
};

engine::WorkflowFacts facts_of(const engine::WorkflowRow& row, const std::vector<engine::ActivityRow>& activities, Time now) {
    engine::WorkflowFacts facts;
    facts.id = row.id;
    facts.state = row.state;
    facts.data = row.data;
    facts.timers = engine::parse_timers(row.timers);
    facts.created_at = row.created_at;
    facts.now = now;
    for (const engine::ActivityRow& activity : activities)
        facts.calls.push_back({activity.id, activity.kind, std::string(engine::to_string(activity.state)), activity.tries,
                               activity.last_error, activity.ready_at, activity.created_at});
    return facts;
}

std::string text_of(const engine::Explanation& explanation) {
    std::string text;
    for (const engine::Section& section : explanation) {
        text += (text.empty() ? "" : "\n") + section.title + "\n";
        for (const std::string& line : section.lines) text += "  " + line + "\n";
    }
    return text;
}

json::object to_json(const Found& found) {
    json::array sections;
    for (const engine::Section& section : found.explanation) {
        json::object object;
        object["title"] = section.title;
        json::array& lines = object["lines"].emplace_array();
        for (const std::string& line : section.lines) lines.emplace_back(line);
        sections.emplace_back(std::move(object));
    }
    json::object data;
    data["id"] = engine::to_string(found.row.id);
    data["kind"] = found.row.kind;
    data["state"] = found.row.state;
    data["sections"] = std::move(sections);
    data["text"] = text_of(found.explanation);
    return data;
}

/// Where both sides are JSON that differs, its leaves; else the two texts.
json::object to_json(const engine::ReplayReport::Difference& difference_found) {
    json::object object;
    object["what"] = difference_found.what;
    const json::value stored = stored_json(difference_found.stored), replayed = stored_json(difference_found.replayed);
    json::array changes;
    if (stored.is_object() && replayed.is_object()) changes = difference(stored, replayed);
    const bool by_leaves = !changes.empty();
    object["stored"] = by_leaves ? json::value(nullptr) : json::value(difference_found.stored);
    object["replayed"] = by_leaves ? json::value(nullptr) : json::value(difference_found.replayed);
    object["changes"] = std::move(changes);
    return object;
}

json::object to_json(engine::WorkflowId id, const engine::ReplayReport& report) {
    json::object data;
    data["id"] = engine::to_string(id);
    data["same"] = report.same();
    data["events"] = report.events;
    data["first"] = nullptr;
    if (report.first) {
        json::object& first = data["first"].emplace_object();
        first["seq"] = report.first->seq;
        first["type"] = report.first->type;
        first["recorded"] = report.first->recorded;
        first["replayed"] = report.first->replayed;
    }
    json::array& differences = data["differences"].emplace_array();
    for (const auto& found : report.differences) differences.emplace_back(to_json(found));
    return data;
}

} // namespace

asio::awaitable<net::Response> explain_workflow(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return no_workflow();
    QueryReader query(call.request);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    using Answer = Result<std::optional<Found>>;
    const Time now = services.given.clock.now();
    const auto& insights = services.given.insights;
    std::function<Answer(engine::Reader&)> question = [id, now, &insights](engine::Reader& reader) -> Answer {
        auto row = reader.workflow(*id);
        if (!row) return row.error();
        if (!*row) return std::optional<Found>{};
        auto activities = reader.activities(*id);
        if (!activities) return activities.error();
        Found found{**std::move(row), {}};
        if (const auto kind = insights.find(found.row.kind); kind != insights.end() && kind->second.explain)
            found.explanation = kind->second.explain(facts_of(found.row, *activities, now));
        return std::optional(std::move(found));
    };
    const auto found = co_await services.readers.ask(std::move(question));
    if (!found) co_return unreadable();
    if (!*found) co_return no_workflow();
    co_return reply(to_json(**found));
}

asio::awaitable<net::Response> replay_workflow(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return no_workflow();
    QueryReader query(call.request);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    using Answer = Result<std::optional<engine::ReplayReport>>;
    const auto& definitions = services.given.engine.definitions();
    std::function<Answer(engine::Reader&)> question = [id, &definitions](engine::Reader& reader) {
        return engine::replay(reader, definitions, *id);
    };
    const auto report = co_await services.readers.ask(std::move(question));
    if (!report && report.error().code == "version_missing") co_return problem(409, "version_missing", report.error().message);
    if (!report) co_return unreadable();
    if (!*report) co_return no_workflow();
    co_return reply(to_json(*id, **report));
}

} // namespace appointd::http
