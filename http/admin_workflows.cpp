#include "http/admin.hpp"
#include "http/admin_query.hpp"
#include "http/reply.hpp"
#include "http/rows_json.hpp"

#include <limits>
#include <stdexcept>

namespace appointd::http {
namespace asio = boost::asio;

namespace {

net::Response no_workflow() { return problem(404, "not_found", "There is no workflow with this id."); }

json::object page_of(json::array items, json::value next_cursor) {
    json::object data;
    data["items"] = std::move(items);
    data["next_cursor"] = std::move(next_cursor);
    return data;
}

json::array parse_timers_leniently(const std::string& text) {
    try {
        return to_json(engine::parse_timers(text));
    } catch (const std::invalid_argument&) {
        return {}; // shown as it is under data; a detail must open even then
    }
}

struct Detail {
    engine::WorkflowRow row;
    std::vector<engine::ActivityRow> activities;
};

json::object detail_json(const Detail& detail) {
    json::object data = summary(detail.row);
    data["timers"] = parse_timers_leniently(detail.row.timers);
    json::array all, pending;
    for (const engine::ActivityRow& activity : detail.activities) {
        if (activity.state == engine::ActivityState::open) pending.emplace_back(to_json(activity));
        all.emplace_back(to_json(activity));
    }
    data["pending_activities"] = std::move(pending);
    data["activities"] = std::move(all);
    data["data"] = stored_json(detail.row.data);
    return data;
}

} // namespace

asio::awaitable<net::Response> list_workflows(Services& services, Call& call) {
    QueryReader query(call.request);
    const auto filter = read_filter(query, services.given.engine.definitions(), services.given.attention_reasons);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    std::function<Result<std::vector<engine::WorkflowRow>>(engine::Reader&)> question = [filter](engine::Reader& reader) {
        return reader.list(filter);
    };
    const auto rows = co_await services.readers.ask(std::move(question));
    if (!rows) co_return unreadable();
    json::array items;
    for (const engine::WorkflowRow& row : *rows) items.emplace_back(summary(row));
    json::value next;
    if (rows->size() == static_cast<std::size_t>(filter.limit)) next = engine::to_string(rows->back().id);
    co_return reply(page_of(std::move(items), std::move(next)));
}

asio::awaitable<net::Response> show_workflow(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return no_workflow();
    QueryReader query(call.request);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    using Found = Result<std::optional<Detail>>;
    std::function<Found(engine::Reader&)> question = [id](engine::Reader& reader) -> Found {
        auto row = reader.workflow(*id);
        if (!row) return row.error();
        if (!*row) return std::optional<Detail>{};
        auto activities = reader.activities(*id);
        if (!activities) return activities.error();
        return std::optional<Detail>(Detail{**std::move(row), *std::move(activities)});
    };
    const auto found = co_await services.readers.ask(std::move(question));
    if (!found) co_return unreadable();
    if (!*found) co_return no_workflow();
    co_return reply(detail_json(**found));
}

asio::awaitable<net::Response> show_history(Services& services, Call& call) {
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    if (!id) co_return no_workflow();
    QueryReader query(call.request);
    const int limit = query.number("limit", 1, 200, 100);
    const int after = query.number("cursor", 0, std::numeric_limits<int>::max(), 0);
    const bool with_raw = query.truth("raw").value_or(false);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    using Found = Result<std::optional<std::vector<engine::EventRow>>>;
    std::function<Found(engine::Reader&)> question = [id, after, limit](engine::Reader& reader) -> Found {
        auto row = reader.workflow(*id);
        if (!row) return row.error();
        if (!*row) return std::optional<std::vector<engine::EventRow>>{};
        auto events = reader.history(*id, after, limit);
        if (!events) return events.error();
        return std::optional<std::vector<engine::EventRow>>(*std::move(events));
    };
    const auto found = co_await services.readers.ask(std::move(question));
    if (!found) co_return unreadable();
    if (!*found) co_return no_workflow();
    json::array items;
    json::value next;
    int decided = 0, last = after;
    for (const engine::EventRow& event : **found) {
        if (event.seq) ++decided, last = *event.seq;
        items.emplace_back(to_json(event, with_raw));
    }
    if (decided == limit) next = std::to_string(last);
    co_return reply(page_of(std::move(items), std::move(next)));
}

asio::awaitable<net::Response> list_dead_letters(Services& services, Call& call) {
    QueryReader query(call.request);
    const int limit = query.number("limit", 1, 200, 50);
    const bool with_raw = query.truth("raw").value_or(false);
    std::optional<engine::EventId> before;
    if (const auto cursor = query.text("cursor"); !cursor.empty()) {
        if (const auto id = engine::parse_uuid(cursor))
            before = engine::EventId(*id);
        else
            query.fault("cursor", "is no cursor that a list gave");
    }
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    std::function<Result<std::vector<engine::EventRow>>(engine::Reader&)> question = [before, limit](engine::Reader& reader) {
        return reader.dead_letters(before, limit);
    };
    const auto rows = co_await services.readers.ask(std::move(question));
    if (!rows) co_return unreadable();
    json::array items;
    for (const engine::EventRow& row : *rows) items.emplace_back(to_json(row, with_raw));
    json::value next;
    if (rows->size() == static_cast<std::size_t>(limit)) next = engine::to_string(rows->back().id);
    co_return reply(page_of(std::move(items), std::move(next)));
}

} // namespace appointd::http
