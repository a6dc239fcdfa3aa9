#include "http/admin.hpp"
#include "http/admin_query.hpp"
#include "http/money_report.hpp"
#include "http/reply.hpp"

namespace appointd::http {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::days longest_range{366};
/// A report of many bookings is made in parts: each question is short, so that others are answered in between, and an answer that
/// would take longer than this goes on behind its cursor.
constexpr int part = 20;
constexpr std::chrono::seconds patience{5};

struct Range {
    Time from, to;
    std::optional<engine::WorkflowId> before;
};

std::variant<Range, net::Response> read_range(const net::Request& request) {
    QueryReader query(request);
    const auto from = query.time("from"), to = query.end("to");
    Range range;
    if (const auto cursor = query.text("cursor"); !cursor.empty()) {
        range.before = engine::parse_workflow_id(cursor);
        if (!range.before) query.fault("cursor", "is no cursor that a report gave");
    }
    if (!from) query.fault("from", "is required: the first day");
    if (!to) query.fault("to", "is required: the last day");
    if (from && to && *from >= *to) query.fault("to", "is before from");
    if (from && to && *to - *from > longest_range) query.fault("to", "is more than a year after from");
    if (auto refusal = query.refusal()) return *std::move(refusal);
    range.from = *from;
    range.to = *to;
    return range;
}

} // namespace

asio::awaitable<net::Response> report_money(Services& services, Call& call) {
    auto read = read_range(call.request);
    if (auto* refusal = std::get_if<net::Response>(&read)) co_return std::move(*refusal);
    const Range range = std::get<Range>(read);
    const auto report = std::make_shared<MoneyReport>(range.from, range.to);
    engine::WorkflowFilter filter;
    filter.to = range.to;
    filter.changed_from = range.from;
    filter.before = range.before;
    filter.limit = part;
    using Next = std::optional<engine::WorkflowId>;
    bool more = true;
    while (more && std::chrono::steady_clock::now() - call.received < patience) {
        std::function<Result<Next>(engine::Reader&)> question = [report, filter,
                                                                 &services](engine::Reader& reader) -> Result<Next> {
            const auto rows = reader.list(filter);
            if (!rows) return rows.error();
            for (const engine::WorkflowRow& row : *rows) {
                const auto kind = services.given.insights.find(row.kind);
                if (kind == services.given.insights.end() || !kind->second.statements) continue;
                auto added = report->add(reader, services.given.engine.definitions(), kind->second, row);
                if (!added) return added.error();
            }
            return rows->size() == static_cast<std::size_t>(filter.limit) ? Next(rows->back().id) : Next();
        };
        const auto next = co_await services.readers.ask(std::move(question));
        if (!next) co_return unreadable();
        more = next->has_value();
        filter.before = *next;
    }
    json::object data = report->to_json();
    data["next_cursor"] = more ? json::value(json::string(engine::to_string(*filter.before))) : json::value(nullptr);
    co_return reply(std::move(data));
}

} // namespace appointd::http
