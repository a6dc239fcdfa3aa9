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

void add_applied(json::object& data, const engine::Applied& applied, const engine::Preview& preview) {
    json::array raised;
    for (const engine::Raised& event : applied.raised) raised.emplace_back(event.type);
    data["disposition"] = "applied";
    data["reason"] = text_or_null(applied.note);
    data["state"] = applied.state;
    data["activities"] = requests_json(applied.activities);
    data["timers"] = to_json(applied.timers);
    data["attention"] = reasons(applied.attention);
    data["closed"] = applied.closed;
    data["raises"] = std::move(raised);
    data["reopens"] = ids_of(applied.reopens);
    data["skips"] = ids_of(applied.skips);
    data["data_changes"] = difference(stored_json(preview.data_before), stored_json(applied.data));
}

} // namespace

json::array difference(const json::value& before, const json::value& after) {
    json::array out;
    compare(out, "", &before, &after);
    return out;
}

json::object to_json(const engine::Preview& preview, const engine::WorkflowRow& row) {
    json::object data;
    data["dry_run"] = true;
    data["workflow_id"] = engine::to_string(row.id);
    data["state_before"] = preview.state_before;
    // What an event that is not applied leaves as it is.
    data["disposition"] = "ignored";
    data["reason"] = nullptr;
    data["state"] = preview.state_before;
    data["activities"] = json::array();
    data["data_changes"] = json::array();
    if (const auto* applied = std::get_if<engine::Applied>(&preview.decision)) {
        add_applied(data, *applied, preview);
    } else if (const auto* ignored = std::get_if<engine::Ignored>(&preview.decision)) {
        data["reason"] = text_or_null(ignored->reason);
    } else if (const auto* deferred = std::get_if<engine::Deferred>(&preview.decision)) {
        data["disposition"] = "deferred";
        data["reason"] = text_or_null(deferred->reason);
    } else if (const auto* refused = std::get_if<engine::Refused>(&preview.decision)) {
        data["disposition"] = "refused";
        data["reason"] = text_or_null(refused->reason);
    } else if (const auto* elsewhere = std::get_if<engine::Elsewhere>(&preview.decision)) {
        data["disposition"] = "elsewhere";
        data["reason"] = text_or_null(elsewhere->reason);
    }
    return data;
}

} // namespace appointd::http
