#include "http/admin_query.hpp"

#include "foundation/text.hpp"
#include "http/reply.hpp"
#include "http/routing.hpp"

#include <algorithm>
#include <charconv>

namespace appointd::http {
namespace {
constexpr int default_limit = 50, max_limit = 200;
constexpr std::size_t max_text = 200;
constexpr std::string_view usual_kind = "booking"; // the daemon's own workflows are listed where they are asked for
} // namespace

QueryReader::QueryReader(const net::Request& request) {
    if (auto fields = query_of(request))
        left_ = *std::move(fields);
    else
        fault("query", "is not well-formed: a broken %-escape, or too many fields");
}

std::optional<std::string> QueryReader::take(std::string_view name) {
    auto value = find_field(left_, name);
    std::erase_if(left_, [&](const auto& field) { return field.first == name; });
    if (value && value->empty()) return std::nullopt; // "?state=" is a form's way to say nothing
    if (value && value->size() > max_text) {
        fault(name, "is too long");
        return std::nullopt;
    }
    if (value && !is_text(*value)) {
        fault(name, "is no text in UTF-8");
        return std::nullopt;
    }
    return value;
}

void QueryReader::fault(std::string_view name, std::string_view message) { add_fault(faults_, name, message); }

std::string QueryReader::text(std::string_view name) { return take(name).value_or(""); }

std::optional<bool> QueryReader::truth(std::string_view name) {
    const auto value = take(name);
    if (!value) return std::nullopt;
    if (*value == "true" || *value == "1") return true;
    if (*value == "false" || *value == "0") return false;
    fault(name, "is neither true nor false");
    return std::nullopt;
}

std::optional<Time> QueryReader::instant(std::string_view name, Duration after_day) {
    const auto value = take(name);
    if (!value) return std::nullopt;
    if (const auto time = parse_iso(*value)) return time;
    if (const auto day = parse_iso(*value + "T00:00:00Z")) return *day + after_day;
    fault(name, "is no time like 2026-12-01T09:00:00Z or 2026-12-01");
    return std::nullopt;
}

std::optional<Time> QueryReader::time(std::string_view name) { return instant(name, Duration(0)); }
std::optional<Time> QueryReader::end(std::string_view name) { return instant(name, std::chrono::hours(24)); }

int QueryReader::number(std::string_view name, int least, int most, int absent) {
    const auto value = take(name);
    if (!value) return absent;
    int number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (error == std::errc{} && end == value->data() + value->size() && number >= least && number <= most) return number;
    fault(name, "is no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return absent;
}

std::optional<net::Response> QueryReader::refusal() {
    for (const auto& [name, value] : left_) fault(std::string_view(name).substr(0, max_text), "is not a field of this request");
    left_.clear();
    if (faults_.empty()) return std::nullopt;
    return invalid(std::move(faults_));
}

namespace {

/// true, false, or one reason.
void read_attention(QueryReader& query, engine::WorkflowFilter& filter, const std::vector<std::string>& reasons) {
    const std::string wanted = query.text("attention");
    if (wanted.empty()) return;
    filter.attention = wanted != "false" && wanted != "0";
    if (wanted == "true" || wanted == "1" || !*filter.attention) return;
    filter.reason = wanted;
    if (std::find(reasons.begin(), reasons.end(), wanted) == reasons.end())
        query.fault("attention", "is neither true nor false nor a reason for attention");
}

} // namespace

engine::WorkflowFilter read_filter(QueryReader& query, const engine::Definitions& definitions,
                                   const std::vector<std::string>& reasons) {
    const auto& all = definitions.all();
    engine::WorkflowFilter filter;
    filter.state = query.text("state");
    filter.kind = query.text("kind");
    if (filter.kind.empty()) filter.kind = usual_kind;
    filter.q = query.text("q");
    for (char& c : filter.q) // as the column was folded
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    read_attention(query, filter, reasons);
    filter.from = query.time("from");
    filter.to = query.time("to");
    filter.limit = query.number("limit", 1, max_limit, default_limit);
    if (const auto cursor = query.text("cursor"); !cursor.empty()) {
        filter.before = engine::parse_workflow_id(cursor);
        if (!filter.before) query.fault("cursor", "is no cursor that a list gave");
    }
    const bool state_known = std::any_of(all.begin(), all.end(), [&](const engine::Definition& definition) {
        return std::find(definition.states.begin(), definition.states.end(), filter.state) != definition.states.end();
    });
    if (!filter.state.empty() && !state_known) query.fault("state", "is no state of any workflow");
    if (!filter.kind.empty() && !definitions.newest(filter.kind)) query.fault("kind", "is no kind of workflow");
    return filter;
}

} // namespace appointd::http
