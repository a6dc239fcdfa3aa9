#include "tests/support/engine/puppet.hpp"

#include "foundation/json.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace appointd::engine::testing {

namespace {

std::vector<std::string> texts(const json::object& script, std::string_view name) {
    std::vector<std::string> texts;
    if (const auto* array = array_field(script, name))
        for (const json::value& value : *array) texts.emplace_back(value.as_string());
    return texts;
}

ActivityId activity_id(const std::string& text) {
    if (const auto id = parse_activity_id(text)) return *id;
    throw std::invalid_argument("not an activity: " + text);
}

std::vector<ActivityRequest> requests(const json::object& script) {
    std::vector<ActivityRequest> requests;
    if (const auto* wanted = array_field(script, "requests"))
        for (const json::value& value : *wanted) {
            const json::object& one = value.as_object();
            requests.push_back({.kind = text_field(one, "kind").value_or("call"),
                                .lane = lane("", text_field(one, "provider").value_or("post"), "default"),
                                .priority = static_cast<int>(int_field(one, "priority").value_or(5)),
                                .request = json::serialize(one)});
        }
    return requests;
}

Timers timers(const json::object& script, Timers timers, const Input& input) {
    if (const auto* wanted = object_field(script, "timers"))
        for (const auto& [name, value] : *wanted) {
            timers.erase(std::string(name));
            if (value.is_int64())
                timers.emplace(std::string(name), Timer{input.now + std::chrono::seconds(value.as_int64()), input.seq});
        }
    return timers;
}

Applied apply(const json::object& script, json::object data, const Workflow* workflow, const Input& input) {
    if (const auto* on = object_field(script, "on")) {
        json::object& known = data["on"].is_object() ? data["on"].as_object() : data["on"].emplace_object();
        for (const auto& [type, value] : *on) known[type] = value;
    }
    json::array& log = data["log"].is_array() ? data["log"].as_array() : data["log"].emplace_array();
    log.emplace_back(input.event.type);
    Applied applied;
    applied.state = text_field(script, "state").value_or(workflow ? workflow->state : "live");
    applied.data = json::serialize(data);
    applied.timers = timers(script, workflow ? workflow->timers : Timers{}, input);
    applied.attention = text_field(script, "attention");
    applied.closed = bool_field(script, "closed").value_or(false);
    applied.activities = requests(script);
    for (const std::string& key : texts(script, "binds")) applied.binds.emplace_back(key);
    if (const auto* raised = array_field(script, "raise"))
        for (const json::value& value : *raised)
            applied.raised.push_back(
                {text_field(value.as_object(), "type").value_or("derived"),
                 json::serialize(value.as_object().contains("payload") ? value.at("payload") : json::object{})});
    for (const std::string& id : texts(script, "reopens")) applied.reopens.push_back(activity_id(id));
    for (const std::string& id : texts(script, "skips")) applied.skips.push_back(activity_id(id));
    applied.note = text_field(script, "reason").value_or("");
    return applied;
}

Decision transition(const Workflow* workflow, const Input& input) {
    const auto payload = parse_object(input.event.payload);
    if (!payload) throw std::invalid_argument("payload is not a JSON object");
    const json::object data = workflow ? parse_object(workflow->data).value() : json::object{};
    const json::object* on = object_field(data, "on");
    const json::object* left = on ? object_field(*on, input.event.type) : nullptr;
    const bool own = input.event.source == "timer" || input.event.source == "activity";
    if (!left && own) return Ignored{"nothing to do"};
    const json::object& script = left ? *left : *payload;
    const std::string decide = text_field(script, "decide").value_or("apply");
    const std::string reason = text_field(script, "reason").value_or("because");
    if (decide == "ignore") return Ignored{reason};
    if (decide == "defer") return Deferred{CorrelationKey(text_field(script, "key").value_or("")), reason};
    if (decide == "refuse") return Refused{reason};
    if (decide == "elsewhere") return Elsewhere{reason};
    if (decide == "defer_until_twice") { // until two events were applied
        const auto* log = array_field(data, "log");
        if (!log || log->size() < 2) return Deferred{{}, reason};
    } else if (decide != "apply") {
        throw std::runtime_error(reason);
    }
    return apply(script, data, workflow, input);
}

} // namespace

Definition make_puppet(int version) {
    Definition definition;
    definition.kind = "puppet";
    definition.version = version;
    definition.states = {"live"};
    definition.fingerprint = "puppet-" + std::to_string(version);
    definition.transition = transition;
    return definition;
}

} // namespace appointd::engine::testing
