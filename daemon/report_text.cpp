#include "daemon/report_text.hpp"

#include "daemon/text_table.hpp"
#include "foundation/money_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace appointd::daemon {

namespace {

constexpr std::array sums{"captured", "refunded", "kept", "kept_session", "kept_policy", "kept_operator", "lost", "overpaid"};

/// Numbers are added, objects of numbers too; the rest stays as it was.
void add_numbers(json::object& into, const json::object& more) {
    for (const auto& [name, value] : more) {
        json::value& mine = into[name];
        if (value.is_int64())
            mine = (mine.is_int64() ? mine.get_int64() : 0) + value.get_int64();
        else if (value.is_object() && mine.is_object())
            add_numbers(mine.get_object(), value.get_object());
        else
            mine = value;
    }
}

std::string key_of(const json::object& item) {
    return text_or_empty(item, "date") + "\n" + text_or_empty(item, "session_type") + "\n" + text_or_empty(item, "currency");
}

json::array values_of(const std::map<std::string, json::object>& rows) {
    json::array list;
    for (const auto& [key, row] : rows) list.emplace_back(row);
    return list;
}

/// A field of a CSV line: quoted where it must be.
std::string quoted(const std::string& field) {
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string out = "\"";
    for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::vector<std::string> line_of(const json::object& item) {
    const std::string currency = text_or_empty(item, "currency");
    std::vector<std::string> line = {text_or_empty(item, "date"), text_or_empty(item, "session_type"), currency};
    for (const auto* name : sums) line.push_back(decimal_text(int_or_zero(item, name), currency));
    return line;
}

std::vector<std::string> head_line() {
    std::vector<std::string> line = {"date", "session_type", "currency"};
    line.insert(line.end(), sums.begin(), sums.end());
    return line;
}

/// "12000.00 USD was open before …": what was on its way back or not decided, and what is now.
std::string balance_text(const json::object& total) {
    const std::string currency = text_or_empty(total, "currency");
    const auto words = [&](const char* side) {
        const json::object* balance = object_field(total, side);
        const json::object none;
        const json::object& at = balance ? *balance : none;
        return money_text(int_or_zero(at, "refunding"), currency) + " on its way back, " +
               money_text(int_or_zero(at, "waiting"), currency) + " held or undecided";
    };
    return "before: " + words("opening") + "\nafter:  " + words("closing") + "\n";
}

} // namespace

void MoneyPages::add(const json::object& page) {
    if (head_.empty()) head_ = {{"from", text_or_empty(page, "from")}, {"to", text_or_empty(page, "to")}};
    each_object(page, "items", [&](const json::object& item) { add_numbers(items_[key_of(item)], item); });
    each_object(page, "totals",
                [&](const json::object& total) { add_numbers(totals_[text_or_empty(total, "currency")], total); });
    each_object(page, "problems", [&](const json::object& problem) { problems_.emplace_back(problem); });
    adds_up_ = adds_up_ && bool_field(page, "adds_up").value_or(false);
    bookings_ += int_or_zero(page, "bookings");
}

json::object MoneyPages::report() const {
    json::object report = head_;
    report["bookings"] = bookings_;
    report["items"] = values_of(items_);
    report["totals"] = values_of(totals_);
    report["problems"] = problems_;
    report["adds_up"] = adds_up_;
    return report;
}

std::string money_csv(const json::object& report) {
    std::string csv;
    const auto write = [&](const std::vector<std::string>& line) {
        for (std::size_t i = 0; i < line.size(); ++i) csv += (i == 0 ? "" : ",") + quoted(line[i]);
        csv += "\r\n";
    };
    write(head_line());
    each_object(report, "items", [&](const json::object& item) { write(line_of(item)); });
    return csv;
}

std::string money_text_report(const json::object& report) {
    std::vector<std::vector<std::string>> rows = {head_line()};
    each_object(report, "items", [&](const json::object& item) { rows.push_back(line_of(item)); });
    if (rows.size() == 1) return "no money moved\n";
    std::string balances;
    each_object(report, "totals", [&](const json::object& total) {
        std::vector<std::string> line = line_of(total);
        line[0] = "total";
        rows.push_back(std::move(line));
        balances += "\n" + text_or_empty(total, "currency") + "\n" + balance_text(total);
    });
    const bool adds_up = bool_field(report, "adds_up").value_or(false);
    std::string out =
        text_table(rows) + balances + "\n" + std::to_string(int_or_zero(report, "bookings")) + " bookings; " +
        (adds_up ? "before + captured + overpaid - refunded - kept - lost = after: it adds up\n" : "it does NOT add up\n");
    each_object(report, "problems", [&](const json::object& problem) {
        out += "  " + text_or_empty(problem, "workflow_id") + ": " + text_or_empty(problem, "reason") + "\n";
    });
    return out;
}

} // namespace appointd::daemon
