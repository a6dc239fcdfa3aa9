#include "sandbox/faults.hpp"

#include "foundation/json.hpp"

#include <algorithm>
#include <array>

namespace appointd::sandbox {
namespace {

using enum FaultKind;

constexpr std::array names = {
    std::pair{rate_limited, "rate_limited"},
    std::pair{daily_limit, "daily_limit"},
    std::pair{error_before, "error_before"},
    std::pair{error_after, "error_after"},
    std::pair{html_error, "html_error"},
    std::pair{stored_error, "stored_error"},
    std::pair{stored_error_done, "stored_error_done"},
    std::pair{lost_answer, "lost_answer"},
    std::pair{cut_before, "cut_before"},
    std::pair{slow, "slow"},
    std::pair{slow_answer, "slow_answer"},
    std::pair{unauthorized, "unauthorized"},
    std::pair{duplicate, "duplicate"},
    std::pair{reorder, "reorder"},
    std::pair{FaultKind::delay, "delay"},
    std::pair{drop, "drop"},
    std::pair{bad_signature, "bad_signature"},
    std::pair{stale_timestamp, "stale_timestamp"},
    std::pair{twin_event, "twin_event"},
};

} // namespace

std::string_view name_of(FaultKind kind) {
    return std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.first == kind; })->second;
}

std::optional<FaultKind> fault_named(std::string_view name) {
    const auto place = std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.second == name; });
    if (place == names.end()) return std::nullopt;
    return place->first;
}

bool is_of_webhooks(FaultKind kind) { return kind >= FaultKind::duplicate; }

int Faults::add(Fault fault) {
    const std::lock_guard lock(mutex_);
    fault.id = ++last_id_;
    faults_.push_back(std::move(fault));
    return last_id_;
}

bool Faults::remove(int id) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(faults_, [&](const Fault& fault) { return fault.id == id; }) > 0;
}

void Faults::clear() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

bool Faults::plays(Fault& fault, Provider provider, std::string_view route) {
    if (fault.provider && *fault.provider != provider) return false;
    if (!route.starts_with(fault.route)) return false;
    if (fault.count && *fault.count <= 0) return false;
    if (fault.rate < 1.0 && !chance_.chance(fault.rate)) return false;
    if (fault.count) --*fault.count;
    return true;
}

std::optional<Fault> Faults::draw_call(Provider provider, std::string_view route) {
    const std::lock_guard lock(mutex_);
    for (Fault& fault : faults_)
        if (!is_of_webhooks(fault.kind) && plays(fault, provider, route)) return fault;
    return std::nullopt;
}

std::vector<Fault> Faults::draw_webhook(Provider provider, std::string_view type, std::initializer_list<FaultKind> kinds) {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> drawn;
    for (Fault& fault : faults_)
        if (std::find(kinds.begin(), kinds.end(), fault.kind) != kinds.end() && plays(fault, provider, type))
            drawn.push_back(fault);
    return drawn;
}

std::chrono::milliseconds Faults::some_of(std::chrono::milliseconds whole) {
    const std::lock_guard lock(mutex_);
    return std::chrono::milliseconds(chance_.number(0, std::max<std::int64_t>(whole.count(), 0)));
}

boost::json::array Faults::list() const {
    const std::lock_guard lock(mutex_);
    boost::json::array out;
    for (const Fault& fault : faults_) {
        boost::json::object one{{"id", fault.id},
                                {"kind", name_of(fault.kind)},
                                {"provider", fault.provider ? name_of(*fault.provider) : std::string_view("*")},
                                {"route", fault.route},
                                {"rate", fault.rate},
                                {"delay_milliseconds", fault.delay.count()},
                                {"status", fault.status}};
        one["count"] = fault.count ? boost::json::value(*fault.count) : boost::json::value(nullptr);
        out.push_back(std::move(one));
    }
    return out;
}

Result<Fault> parse_fault(const boost::json::object& body) {
    Fault fault;
    const auto kind = fault_named(text_field(body, "kind").value_or(""));
    if (!kind) return Error{"invalid", "kind is missing or unknown"};
    fault.kind = *kind;
    if (const std::string name = text_field(body, "provider").value_or("*"); name != "*") {
        fault.provider = provider_named(name);
        if (!fault.provider) return Error{"invalid", "provider is calendly, stripe, zoom or *"};
    }
    fault.route = text_field(body, "route").value_or("");
    if (const auto* rate = body.if_contains("rate")) {
        if (!rate->is_number()) return Error{"invalid", "rate is a number from 0 to 1"};
        fault.rate = rate->to_number<double>();
    }
    if (const auto count = int_field(body, "count")) fault.count = static_cast<int>(*count);
    fault.delay = std::chrono::milliseconds(fault.kind == FaultKind::reorder ? 200 : 300);
    if (const auto text = text_field(body, "delay")) {
        const auto parsed = parse_duration(*text);
        if (!parsed) return Error{"invalid", "delay is written like 300ms"};
        fault.delay = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
    }
    fault.status = static_cast<int>(int_field(body, "status").value_or(fault.kind == FaultKind::html_error ? 502 : 500));
    return fault;
}

} // namespace appointd::sandbox
