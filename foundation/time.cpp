#include "foundation/time.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace appointd {
namespace {

void put(char*& out, unsigned value, int digits) {
    for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
    out += digits;
}

/// Exactly `digits` decimal digits at the front of `text`, which moves on; -1 where they are not there.
int take(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return -1;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char expected, char other) {
    if (text.empty() || (text.front() != expected && text.front() != other)) return false;
    text.remove_prefix(1);
    return true;
}

/// ".123" as microseconds, further digits cut off; nullopt for no digits or more than nine.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
    if (text.empty() || text.front() != '.') return 0;
    text.remove_prefix(1);
    std::int64_t micros = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
        if (++digits <= 6) micros = micros * 10 + (text.front() - '0');
    if (digits == 0 || digits > 9) return std::nullopt;
    for (int i = digits; i < 6; ++i) micros *= 10;
    return micros;
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z', 'z')) return std::chrono::minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const int hours = take(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':', ':')) return std::nullopt;
    const int minutes = take(text, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{sign * (hours * 60 + minutes)};
}

} // namespace

std::string to_iso(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const auto micros = (time - day).count();
    const auto seconds = static_cast<unsigned>(micros / 1'000'000);
    const auto fraction = static_cast<unsigned>(micros % 1'000'000);
    std::array<char, 32> buffer;
    char* out = buffer.data();
    put(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    *out++ = '-';
    put(out, static_cast<unsigned>(date.month()), 2);
    *out++ = '-';
    put(out, static_cast<unsigned>(date.day()), 2);
    *out++ = 'T';
    put(out, seconds / 3600, 2);
    *out++ = ':';
    put(out, seconds / 60 % 60, 2);
    *out++ = ':';
    put(out, seconds % 60, 2);
    if (fraction != 0) {
        *out++ = '.';
        put(out, fraction, 6);
    }
    *out++ = 'Z';
    return {buffer.data(), out};
}

std::optional<Time> parse_iso(std::string_view text) {
    const int year = take(text, 4);
    if (year < 1970 || !take(text, '-', '-')) return std::nullopt;
    const int month = take(text, 2);
    if (month < 1 || !take(text, '-', '-')) return std::nullopt;
    const int day = take(text, 2);
    if (day < 1 || !take(text, 'T', 't')) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    const int hours = take(text, 2);
    if (hours < 0 || hours > 23 || !take(text, ':', ':')) return std::nullopt;
    const int minutes = take(text, 2);
    if (minutes < 0 || minutes > 59 || !take(text, ':', ':')) return std::nullopt;
    const int seconds = take(text, 2);
    if (seconds < 0 || seconds > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;

    const Time time = Time{std::chrono::sys_days{date}.time_since_epoch()} + std::chrono::hours{hours} +
                      std::chrono::minutes{minutes} + std::chrono::seconds{seconds} + Duration{*fraction} - *offset;
    constexpr Time end{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}.time_since_epoch()};
    if (time < Time{} || time >= end) return std::nullopt;
    return time;
}

namespace {
struct Unit {
    std::string_view name;
    std::int64_t micros;
};
constexpr std::array units{Unit{"h", 3'600'000'000}, Unit{"m", 60'000'000}, Unit{"s", 1'000'000},
                           Unit{"ms", 1'000},        Unit{"us", 1},         Unit{"d", 86'400'000'000}};
} // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    for (const Unit& unit : units)
        if (text == unit.name) {
            if (count > std::numeric_limits<std::int64_t>::max() / unit.micros) return std::nullopt;
            return Duration{count * unit.micros};
        }
    return std::nullopt;
}

std::string to_text(Duration duration) {
    const auto count = duration.count();
    if (count == 0) return "0s";
    for (const Unit& unit : units)
        if (count % unit.micros == 0) return std::to_string(count / unit.micros).append(unit.name);
    return std::to_string(count) + "us"; // not reached: every count is a multiple of one microsecond
}

} // namespace appointd
