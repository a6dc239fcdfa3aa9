#include "engine/core/decision.hpp"

#include <array>

namespace appointd::engine {

namespace {
constexpr std::array<std::string_view, 5> names{"applied", "duplicate", "deferred", "ignored", "dead"};
}

std::string_view to_string(Disposition disposition) { return names.at(static_cast<std::size_t>(disposition)); }

std::optional<Disposition> parse_disposition(std::string_view text) {
    for (std::size_t at = 0; at < names.size(); ++at)
        if (names[at] == text) return static_cast<Disposition>(at);
    return std::nullopt;
}

} // namespace appointd::engine
