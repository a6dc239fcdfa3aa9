#include "http/rows_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace appointd::http {
namespace {

json::string text_of(std::string_view text) { return json::string(text.data(), text.size()); }

} // namespace

json::value stored_json(std::string_view text) {
    if (text.empty()) return nullptr;
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 128;
    auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return text_of(text);
    return value;
}

json::array reasons(const std::optional<std::string>& attention) {
    json::array list;
    std::string_view left = attention ? std::string_view(*attention) : std::string_view{};
    while (!left.empty()) {
        const auto comma = left.find(',');
        list.emplace_back(text_of(left.substr(0, comma)));
        left.remove_prefix(comma == std::string_view::npos ? left.size() : comma + 1);
    }
    return list;
}

json::object summary(const engine::WorkflowRow& row) {
    json::object object;
    object["id"] = engine::to_string(row.id);
    object["kind"] = row.kind;
    object["version"] = row.version;
    object["state"] = row.state;
    object["revision"] = row.revision;
    object["attention"] = reasons(row.attention);
    object["created_at"] = to_iso(row.created_at);
    object["changed_at"] = to_iso(row.changed_at);
    object["closed_at"] = time_or_null(row.closed_at);
    object["wake_at"] = time_or_null(row.wake_at);
    return object;
}

json::object to_json(const engine::ActivityRow& row) {
    json::object object;
    object["id"] = engine::to_string(row.id);
    object["kind"] = row.kind;
    object["provider"] = text_of(engine::provider_of(row.lane));
    object["lane"] = row.lane.get();
    object["state"] = text_of(engine::to_string(row.state));
    object["priority"] = row.priority;
    object["round"] = row.round;
    object["generation"] = row.generation;
    object["attempts"] = row.tries;
    object["last_error"] = text_or_null(row.last_error);
    object["ready_at"] = to_iso(row.ready_at);
    object["first_sent_at"] = time_or_null(row.first_sent_at);
    object["created_at"] = to_iso(row.created_at);
    object["request"] = stored_json(row.request);
    object["outcome"] = stored_json(row.outcome);
    return object;
}

json::object to_json(const engine::EventRow& row, bool with_raw) {
    json::object object;
    object["id"] = engine::to_string(row.id);
    object["workflow_id"] = row.workflow ? text_of(engine::to_string(*row.workflow)) : json::value(nullptr);
    object["seq"] = row.seq ? json::value(*row.seq) : json::value(nullptr);
    object["type"] = row.type;
    object["source"] = row.source;
    object["disposition"] = text_of(engine::to_string(row.disposition));
    object["reason"] = text_or_null(row.reason);
    object["result"] = text_or_null(row.result);
    object["version"] = row.version ? json::value(*row.version) : json::value(nullptr);
    object["occurred_at"] = to_iso(row.occurred_at);
    object["received_at"] = to_iso(row.received_at);
    object["decided_at"] = to_iso(row.decided_at);
    object["waits_for"] = row.waits_for ? json::value(row.waits_for->get()) : json::value(nullptr);
    if (row.disposition == engine::Disposition::deferred) object["expires_at"] = to_iso(row.expires_at);
    object["payload"] = stored_json(row.payload);
    if (with_raw) object["raw"] = text_or_null(row.raw);
    return object;
}

json::array to_json(const engine::Timers& timers) {
    json::array list;
    for (const auto& [name, timer] : timers) {
        json::object object;
        object["name"] = name;
        object["at"] = to_iso(timer.at);
        object["set_by"] = timer.set;
        list.emplace_back(std::move(object));
    }
    return list;
}

} // namespace appointd::http
