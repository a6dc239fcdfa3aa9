#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace appointd {

/// UTC with microseconds; stored as a bigint of microseconds since 1970 in both databases.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// "2026-12-01T09:00:00Z", with six fractional digits only where they are not zero.
std::string to_iso(Time time);

/// RFC 3339 with 0 to 9 fractional digits and 'Z' or an offset; years 1970 to 9999. Anything else: nullopt.
std::optional<Time> parse_iso(std::string_view text);

/// "30s", "500ms", "5m", "24h", "2d"; a plain non-negative integer and one unit. Anything else: nullopt.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest text that parse_duration reads back, "90s", "24h", "0s".
std::string to_text(Duration duration);

constexpr std::int64_t to_micros(Time time) { return time.time_since_epoch().count(); }
constexpr Time from_micros(std::int64_t micros) { return Time{Duration{micros}}; }

} // namespace appointd
