#include "adapters/window.hpp"

namespace appointd::adapters {

std::optional<Window> window_of(const json::object& request) {
    const auto since = time_field(request, "since"), until = time_field(request, "until");
    if (!since || !until) return std::nullopt;
    return Window{*since, *until, text_field(request, "cursor").value_or("")};
}

json::object page_facts(const Window& window, std::int64_t seen, std::string next) {
    const bool last = next.empty() || next == window.cursor;
    return {{"seen", seen}, {"next", last ? json::value(nullptr) : json::value(next)}};
}

} // namespace appointd::adapters
