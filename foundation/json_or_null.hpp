#pragma once

#include "foundation/json.hpp"

/// What is not known stands in our JSON as null, never as an empty text.
namespace appointd {

inline json::value text_or_null(std::string_view text) {
    if (text.empty()) return nullptr;
    return json::string(text.data(), text.size());
}

inline json::value time_or_null(const std::optional<Time>& time) {
    if (!time) return nullptr;
    return text_or_null(to_iso(*time));
}

} // namespace appointd
