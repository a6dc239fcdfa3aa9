#include "engine/ports/store.hpp"

#include <array>

namespace appointd::engine {

namespace {
constexpr std::array<std::string_view, 5> names{"open", "succeeded", "failed", "exhausted", "skipped"};
}

std::string_view to_string(ActivityState state) { return names.at(static_cast<std::size_t>(state)); }

std::optional<ActivityState> parse_activity_state(std::string_view text) {
    for (std::size_t at = 0; at < names.size(); ++at)
        if (names[at] == text) return static_cast<ActivityState>(at);
    return std::nullopt;
}

} // namespace appointd::engine
