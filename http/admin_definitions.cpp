#include "http/admin.hpp"
#include "http/admin_query.hpp"
#include "http/reply.hpp"

#include <boost/json/array.hpp>

namespace appointd::http {
namespace asio = boost::asio;

namespace {

json::array texts(const std::vector<std::string>& from) {
    json::array list;
    for (const std::string& text : from) list.emplace_back(text);
    return list;
}

json::object to_json(const engine::Definition& definition) {
    json::array rows;
    for (const engine::RowText& row : definition.rows) {
        json::object object;
        object["from"] = row.from;
        object["event"] = row.event;
        object["guard"] = row.guard;
        object["outcome"] = row.outcome;
        object["to"] = row.to;
        object["reason"] = row.reason;
        object["actions"] = texts(row.actions);
        rows.emplace_back(std::move(object));
    }
    json::object data;
    data["kind"] = definition.kind;
    data["version"] = definition.version;
    data["fingerprint"] = definition.fingerprint;
    data["states"] = texts(definition.states);
    data["events"] = texts(definition.events);
    data["rows"] = std::move(rows);
    return data;
}

} // namespace

asio::awaitable<net::Response> list_definitions(Services& services, Call& call) {
    QueryReader query(call.request);
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    json::array items;
    for (const engine::Definition& definition : services.given.engine.definitions().all()) {
        json::object object;
        object["kind"] = definition.kind;
        object["version"] = definition.version;
        object["fingerprint"] = definition.fingerprint;
        items.emplace_back(std::move(object));
    }
    json::object data;
    data["items"] = std::move(items);
    data["next_cursor"] = nullptr;
    co_return reply(std::move(data));
}

asio::awaitable<net::Response> show_definition(Services& services, Call& call) {
    QueryReader query(call.request);
    const std::string format = query.text("format");
    const int version = query.number("version", 1, 1'000'000, 0);
    if (!format.empty() && format != "json" && format != "mermaid") query.fault("format", "is neither json nor mermaid");
    if (auto refusal = query.refusal()) co_return *std::move(refusal);
    const auto& definitions = services.given.engine.definitions();
    const std::string& kind = call.parameters.at(0);
    const engine::Definition* definition = version == 0 ? definitions.newest(kind) : definitions.find(kind, version);
    if (!definition) co_return problem(404, "not_found", "There is no definition of this kind and version.");
    if (format == "mermaid") {
        net::Response response;
        response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
        response.body = engine::to_mermaid(*definition);
        co_return response;
    }
    co_return reply(to_json(*definition));
}

} // namespace appointd::http
