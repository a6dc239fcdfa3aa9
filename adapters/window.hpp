#pragma once

#include "foundation/json.hpp"
#include "foundation/time.hpp"

#include <optional>
#include <string>

namespace appointd::adapters {

/// What a page of a sweep asks for, as stored (docs/events.md).
struct Window {
    Time since{}, until{};
    std::string cursor; ///< as the page before answered it; empty: the first page
};

/// nullopt where since or until is missing.
std::optional<Window> window_of(const json::object& request);

/// A page's result. `next` empty, or where this page itself began (a provider that goes in circles): that was all.
json::object page_facts(const Window& window, std::int64_t seen, std::string next);

} // namespace appointd::adapters
