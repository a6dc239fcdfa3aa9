#include "adapters/retry_after.hpp"

#include "adapters/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace appointd::adapters {
namespace {

std::optional<Duration> seconds_of(std::string_view text) {
    double seconds = 0; // "1.5" is no valid Retry-After, yet some gateways write it
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= 0)) return std::nullopt;
    const double longest = std::chrono::duration<double>(longest_wait).count();
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(seconds, longest)));
}

/// RFC 9110, the two forms that are written today.
std::optional<Time> http_date(const std::string& text) {
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char month[4] = {};
    int day = 0, year = 0, hours = 0, minutes = 0, seconds = 0;
    if (std::sscanf(text.c_str(), "%*3s, %d %3s %d %d:%d:%d GMT", &day, month, &year, &hours, &minutes, &seconds) != 6 &&
        std::sscanf(text.c_str(), "%*3s %3s %d %d:%d:%d %d", month, &day, &hours, &minutes, &seconds, &year) != 6)
        return std::nullopt;
    const auto found = std::find(months.begin(), months.end(), std::string_view(month));
    if (found == months.end()) return std::nullopt;
    char iso[64];
    std::snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, static_cast<int>(found - months.begin()) + 1, day,
                  hours, minutes, std::min(seconds, 59));
    return parse_iso(iso);
}

} // namespace

std::optional<Duration> parse_retry_after(std::string_view text, Time now) {
    text = trim(text);
    if (const auto wait = seconds_of(text)) return wait;
    auto moment = parse_iso(text);
    if (!moment) moment = http_date(std::string(text));
    if (!moment) return std::nullopt;
    return std::clamp<Duration>(*moment - now, Duration(0), longest_wait);
}

} // namespace appointd::adapters
