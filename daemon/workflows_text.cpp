#include "daemon/workflows_text.hpp"

#include "daemon/text_table.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <vector>

namespace appointd::daemon {

namespace {

using Row = std::vector<std::string>;
constexpr auto table = text_table;

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

std::string next_page(const json::object& data) {
    const auto cursor = text_field(data, "next_cursor");
    return cursor ? "more: --cursor " + *cursor + "\n" : "";
}

std::string text_of(const action::List&, const json::object& data) {
    std::vector<Row> rows = {{"ID", "KIND", "STATE", "ATTENTION", "CREATED", "CHANGED"}};
    each_object(data, "items", [&](const json::object& item) {
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
    each_object(data, "activities", [&](const json::object& item) {
        activities.push_back(cells(item, {"id", "kind", "state", "attempts", "ready_at", "last_error"}));
    });
    if (activities.size() > 1) text += "\n" + table(activities);
    std::vector<Row> timers = {{"TIMER", "AT"}};
    each_object(data, "timers", [&](const json::object& item) { timers.push_back(cells(item, {"name", "at"})); });
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
    each_object(data, "items", [&](const json::object& item) {
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
    each_object(data, "items", [&](const json::object& item) {
        rows.push_back(cells(item, {"id", "received_at", "source", "type", "workflow_id", "reason"}));
    });
    return rows.size() == 1 ? "no dead letters\n" : table(rows) + next_page(data);
}

std::string text_of(const action::Explain&, const json::object& data) {
    const std::string text = cell(data, "text");
    return text.empty() ? "nothing is known of this kind of workflow beyond what `show` tells\n" : text;
}

std::string text_of(const action::Replay&, const json::object& data) {
    const std::string events = cell(data, "events") + " events";
    if (bool_field(data, "same").value_or(false))
        return "the history gives the stored workflow, byte for byte (" + events + ")\n";
    std::string text = "the history does not give what is stored (" + events + ")\n";
    if (const json::object* first = object_field(data, "first"))
        text += "first at number " + cell(*first, "seq") + ", " + cell(*first, "type") +
                "\n  recorded: " + cell(*first, "recorded") + "\n  replayed: " + cell(*first, "replayed") + "\n";
    std::vector<Row> rows = {{"DIFFERS", "STORED", "REPLAYED"}};
    each_object(data, "differences", [&](const json::object& item) {
        const json::array* changes = array_field(item, "changes");
        if (changes == nullptr || changes->empty()) rows.push_back(cells(item, {"what", "stored", "replayed"}));
        each_object(item, "changes", [&](const json::object& change) {
            rows.push_back({cell(item, "what") + " " + cell(change, "path"), cell(change, "before"), cell(change, "after")});
        });
    });
    return rows.size() == 1 ? text : text + table(rows);
}

/// One line an entry of a list: "calls  meeting.create", "data   money.captured: 0 > 12000".
template <class Words>
void list(std::vector<Row>& rows, const json::object& data, std::string_view name, const char* title, Words words) {
    each_object(data, name, [&](const json::object& item) { rows.push_back({title, words(item)}); });
}

std::string change_text(const json::object& item, std::string_view name) {
    const auto side = [&](std::string_view which) {
        const std::string value = cell(item, which);
        return value.empty() ? std::string("none") : value;
    };
    return cell(item, name) + ": " + side("before") + " > " + side("after");
}

/// What a dry run says would happen.
std::string preview_text(const json::object& data) {
    std::vector<Row> rows = {{"dry run", "nothing was changed"}};
    for (const auto* name : {"workflow_id", "disposition", "reason"})
        if (const std::string value = cell(data, name); !value.empty()) rows.push_back({name, value});
    rows.push_back({"state", cell(data, "state_before") + " > " + cell(data, "state")});
    if (const std::string waits = reasons(data); !waits.empty()) rows.push_back({"attention", waits});
    list(rows, data, "activities", "call",
         [](const json::object& item) { return cell(item, "kind") + " " + cell(item, "request"); });
    for (const auto* name : {"reopens", "skips"})
        if (const json::array* ids = array_field(data, name); ids && !ids->empty()) rows.push_back({name, cell(data, name)});
    list(rows, data, "derived", "then", [](const json::object& item) {
        return cell(item, "type") + " " + cell(item, "disposition") + " (" + cell(item, "reason") + ")";
    });
    list(rows, data, "timer_changes", "timer", [](const json::object& item) { return change_text(item, "name"); });
    list(rows, data, "data_changes", "data", [](const json::object& item) { return change_text(item, "path"); });
    return table(rows);
}

/// What came of an act: every field of the answer, one a line.
template <class Act> std::string text_of(const Act&, const json::object& data) {
    if (bool_field(data, "dry_run").value_or(false)) return preview_text(data);
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
