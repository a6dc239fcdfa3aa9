#pragma once

#include "foundation/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace appointd::engine {

/// A named alarm of one workflow.
struct Timer {
    Time at;
    int set = 0; ///< the history number that set it: a timer moved is another timer
    friend bool operator==(const Timer&, const Timer&) = default;
};

/// A workflow's timers by name; at most limits::timers.
using Timers = std::map<std::string, Timer, std::less<>>;

/// {"deadline":{"at":1790000000000000,"set":7}}; parse throws std::invalid_argument on what encode did not write.
std::string encode_timers(const Timers& timers);
Timers parse_timers(std::string_view text);
std::optional<Time> earliest(const Timers& timers);

} // namespace appointd::engine
