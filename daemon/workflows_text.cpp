#include "daemon/workflows_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <vector>

namespace appointd::daemon {

namespace {

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; the last is not padded.
std::string table(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size()) text.append(widths[i] - row[i].size() + 2, ' ');
        }
        while (text.ends_with(' ')) text.pop_back();
        text += '\n';
    }
    return text;
}

/// A field as text, whatever its type.
std::string cell(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return "";
    if (const json::string* text = value->if_string()) return std::string(*text);
    return json::serialize(*value);
}

Row cells(const json::object& object, std::initializer_list<std::string_view> names) {
    Row row;
    for (const std::string_view name : names) row.push_back(cell(object, name));
    return row;
}

/// [{reason, since, note}] or plain text: the reasons.
std::string reasons(const json::object& object) {
    const json::array* list = array_field(object, "attention");
    if (list == nullptr) return cell(object, "attention");
    std::string text;
    for (const json::value& entry : *list) {
        const std::string reason = entry.is_object()   ? cell(entry.get_object(), "reason")
                                   : entry.is_string() ? std::string(entry.get_string())
                                                       : "";
        text += (text.empty() ? "" : ",") + reason;
    }
    return text;
}

template <class F> void each(const json::object& data, std::string_view name, F visit) {
    const json::array* items = array_field(data, name);
    if (items == nullptr) return;
    for (const json::value& item : *items) {
        if (item.is_object()) visit(item.get_object());
    }
}

std::string next_page(const json::object& data) {
    const auto cursor = text_field(data, "next_cursor");
    return cursor ? "more: --cursor " + *cursor + "\n" : "";
}

std::string text_of(const action::List&, const json::object& data) {
    std::vector<Row> rows = {{"ID", "KIND", "STATE", "ATTENTION", "CREATED", "CHANGED"}};
    each(data, "items", [&](const json::object& item) {
        Row row = cells(item, {"id", "kind", "state"});
        row.push_back(reasons(item));
        for (const auto* name : {"created_at", "changed_at"}) row.push_back(cell(item, name));
        rows.push_back(std::move(row));
    });
    return rows.size() == 1 ? "no workflows\n" : table(rows) + next_page(data);
}

std::string text_of(const action::Show&, const json::object& data) {
    std::vector<Row> head;
    for (const auto* name : {"id", "kind", "version", "state", "revision", "created_at", "changed_at", "closed_at"}) {
        if (data.contains(name)) head.push_back({name, cell(data, name)});
    }
    const std::string waits = reasons(data);
    if (!waits.empty()) head.push_back({"attention", waits});
    std::string text = table(head);
    std::vector<Row> activities = {{"ACTIVITY", "KIND", "STATE", "ATTEMPTS", "READY", "LAST ERROR"}};
    each(data, "activities", [&](const json::object& item) {
        activities.push_back(cells(item, {"id", "kind", "state", "attempts", "ready_at", "last_error"}));
    });
    if (activities.size() > 1) text += "\n" + table(activities);
    std::vector<Row> timers = {{"TIMER", "AT"}};
    each(data, "timers", [&](const json::object& item) { timers.push_back(cells(item, {"name", "at"})); });
    if (const json::object* by_name = object_field(data, "timers")) {
        for (const auto& [name, timer] : *by_name) {
            timers.push_back({std::string(name), timer.is_object() ? cell(timer.get_object(), "at") : cell(*by_name, name)});
        }
    }
    if (timers.size() > 1) text += "\n" + table(timers);
    std::vector<Row> facts;
    if (const json::object* state = object_field(data, "data")) {
        for (const auto& [name, value] : *state) facts.push_back({std::string(name), cell(*state, name)});
    }
    if (!facts.empty()) text += "\n" + table(facts);
    return text;
}

std::string text_of(const action::History&, const json::object& data) {
    std::vector<Row> rows = {{"SEQ", "OCCURRED", "SOURCE", "TYPE", "DISPOSITION", "STEP", "REASON"}};
    each(data, "items", [&](const json::object& item) {
        Row row = cells(item, {"seq", "occurred_at", "source", "type", "disposition"});
        const std::string from = cell(item, "from"), to = cell(item, "to");
        row.push_back(to.empty() ? cell(item, "result") : from + ">" + to);
        row.push_back(cell(item, "reason"));
        rows.push_back(std::move(row));
    });
    return rows.size() == 1 ? "no events\n" : table(rows) + next_page(data);
}

std::string text_of(const action::DeadLetters&, const json::object& data) {
    std::vector<Row> rows = {{"ID", "RECEIVED", "SOURCE", "TYPE", "WORKFLOW", "REASON"}};
    each(data, "items", [&](const json::object& item) {
        rows.push_back(cells(item, {"id", "received_at", "source", "type", "workflow_id", "reason"}));
    });
    return rows.size() == 1 ? "no dead letters\n" : table(rows) + next_page(data);
}

/// What came of an act: every field of the answer, one a line.
template <class Act> std::string text_of(const Act&, const json::object& data) {
    std::vector<Row> rows;
    for (const auto& [name, value] : data) {
        if (!value.is_null()) rows.push_back({std::string(name), cell(data, name)});
    }
    return table(rows);
}

} // namespace

std::string action_text(const Action& action, const json::object& data) {
    return std::visit([&](const auto& one) { return text_of(one, data); }, action);
}

} // namespace appointd::daemon
