#include "engine/core/timers.hpp"

#include "foundation/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <stdexcept>

namespace appointd::engine {

std::string encode_timers(const Timers& timers) {
    json::object object;
    for (const auto& [name, timer] : timers) {
        json::object& entry = object[name].emplace_object();
        entry["at"] = to_micros(timer.at);
        entry["set"] = timer.set;
    }
    return json::serialize(object);
}

Timers parse_timers(std::string_view text) {
    Timers timers;
    if (text == "{}") return timers;
    const auto object = parse_object(text);
    if (!object) throw std::invalid_argument("timers are not a JSON object");
    for (const auto& [name, value] : *object) {
        const auto* entry = value.if_object();
        const auto at = entry ? int_field(*entry, "at") : std::nullopt;
        const auto set = entry ? int_field(*entry, "set") : std::nullopt;
        if (!at || !set) throw std::invalid_argument("a timer without its instant");
        timers.emplace(std::string(name), Timer{from_micros(*at), static_cast<int>(*set)});
    }
    return timers;
}

std::optional<Time> earliest(const Timers& timers) {
    std::optional<Time> first;
    for (const auto& [name, timer] : timers) first = first ? std::min(*first, timer.at) : timer.at;
    return first;
}

} // namespace appointd::engine
