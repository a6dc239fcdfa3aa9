#pragma once

#include "foundation/time.hpp"

#include <optional>
#include <string_view>

namespace appointd::adapters {

constexpr Duration longest_wait = std::chrono::hours(25); ///< no provider's word makes a booking wait longer

/// How long "120", "Wed, 21 Oct 2026 07:28:00 GMT" (or its asctime form) or "2026-11-21T00:00:00Z" asks to wait, at most
/// longest_wait; 0 for a moment that has passed; nullopt for anything else.
std::optional<Duration> parse_retry_after(std::string_view text, Time now);

} // namespace appointd::adapters
