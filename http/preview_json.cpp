#include "http/preview_json.hpp"

#include "http/rows_json.hpp"

#include <boost/json/array.hpp>

#include <set>

namespace appointd::http {
namespace {

void compare(json::array& out, const std::string& path, const json::value* before, const json::value* after) {
    if (before && after && *before == *after) return;
    const auto* left = before ? before->if_object() : nullptr;
    const auto* right = after ? after->if_object() : nullptr;
    if (left || right) {
        std::set<std::string> names;
        for (const auto* side : {left, right})
            if (side)
                for (const auto& field : *side) names.insert(std::string(field.key()));
        const bool plain = (before && !left && !before->is_null()) || (after && !right && !after->is_null());
        if (!plain && !names.empty()) {
            for (const std::string& name : names)
                compare(out, path.empty() ? name : path + "." + name, left ? left->if_contains(name) : nullptr,
                        right ? right->if_contains(name) : nullptr);
            return;
        }
    }
    json::object change;
    change["path"] = path;
    change["before"] = before ? *before : json::value(nullptr);
    change["after"] = after ? *after : json::value(nullptr);
    out.emplace_back(std::move(change));
}

json::array requests_json(const std::vector<engine::ActivityRequest>& activities) {
    json::array list;
    for (const engine::ActivityRequest& activity : activities) {
        json::object object;
        object["kind"] = activity.kind;
        object["lane"] = activity.lane.get();
        object["priority"] = activity.priority;
        object["request"] = stored_json(activity.request);
        list.emplace_back(std::move(object));
    }
    return list;
}

template <class Ids> json::array ids_of(const Ids& ids) {
    json::array list;
    for (const auto& id : ids) list.emplace_back(engine::to_string(id));
    return list;
}

json::array derived_json(const std::vector<engine::Preview::Derived>& derived) {
    json::array list;
    for (const engine::Preview::Derived& event : derived) {
        json::object object;
        object["type"] = event.type;
        object["disposition"] = json::string(engine::to_string(event.disposition));
        object["reason"] = text_or_null(event.reason);
        list.emplace_back(std::move(object));
    }
    return list;
}

json::value instant(const engine::Timers& timers, const std::string& name) {
    const auto found = timers.find(name);
    return time_or_null(found == timers.end() ? std::nullopt : std::optional(found->second.at));
}

/// [{"name","before","after"}]: set, moved (or set anew at the same instant), dropped.
json::array timer_changes(const engine::Timers& before, const engine::Timers& after) {
    std::set<std::string> names;
    for (const auto* side : {&before, &after})
        for (const auto& [name, timer] : *side) names.insert(name);
    json::array list;
    for (const std::string& name : names) {
        const auto was = before.find(name), is = after.find(name);
        if (was != before.end() && is != after.end() && was->second == is->second) continue;
        json::object object;
        object["name"] = name;
        object["before"] = instant(before, name);
        object["after"] = instant(after, name);
        list.emplace_back(std::move(object));
    }
    return list;
}

/// Disposition and reason of the event itself.
std::pair<std::string_view, std::string_view> verdict_of(const engine::Decision& decision) {
    if (const auto* applied = std::get_if<engine::Applied>(&decision)) return {"applied", applied->note};
    if (const auto* ignored = std::get_if<engine::Ignored>(&decision)) return {"ignored", ignored->reason};
    if (const auto* deferred = std::get_if<engine::Deferred>(&decision)) return {"deferred", deferred->reason};
    if (const auto* refused = std::get_if<engine::Refused>(&decision)) return {"refused", refused->reason};
    return {"elsewhere", std::get<engine::Elsewhere>(decision).reason};
}

} // namespace

json::array difference(const json::value& before, const json::value& after) {
    json::array out;
    compare(out, "", &before, &after);
    return out;
}

json::object to_json(const engine::Preview& preview) {
    const engine::WorkflowRow &before = preview.before, &after = preview.after;
    const engine::Timers timers_before = engine::parse_timers(before.timers), timers_after = engine::parse_timers(after.timers);
    const auto [disposition, reason] = verdict_of(preview.decision);
    json::object data;
    data["dry_run"] = true;
    data["workflow_id"] = engine::to_string(before.id);
    data["disposition"] = json::string(disposition.data(), disposition.size());
    data["reason"] = text_or_null(reason);
    data["state_before"] = before.state;
    data["state"] = after.state;
    data["activities"] = requests_json(preview.activities);
    data["timers"] = to_json(timers_after);
    data["timer_changes"] = timer_changes(timers_before, timers_after);
    data["attention"] = reasons(after.attention);
    data["closed"] = after.closed_at.has_value();
    data["derived"] = derived_json(preview.derived);
    data["reopens"] = ids_of(preview.reopens);
    data["skips"] = ids_of(preview.skips);
    data["data_changes"] = difference(stored_json(before.data), stored_json(after.data));
    return data;
}

} // namespace appointd::http
