#include "adapters/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace appointd::adapters {
namespace {

constexpr double largest_exact = 9'007'199'254'740'992.0; // 2^53: beyond it a double is no exact integer

std::optional<std::int64_t> whole(double number) {
    if (std::trunc(number) != number || std::abs(number) > largest_exact) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::optional<std::string> as_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    if (value.is_double())
        if (const auto number = whole(value.get_double())) return std::to_string(*number);
    return std::nullopt;
}

bool fit_for_a_key(std::string_view text) {
    return !text.empty() && text.size() <= longest_identifier &&
           std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

} // namespace

std::optional<std::string> lenient_text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? as_text(*value) : std::nullopt;
}

std::optional<std::string> identifier(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return std::nullopt;
    if (value->is_object()) {
        if (name == "id") return std::nullopt; // an id that is an object is nonsense, and nonsense may be deep
        return identifier(value->get_object(), "id");
    }
    auto text = as_text(*value);
    if (text && !fit_for_a_key(*text)) return std::nullopt;
    return text;
}

std::optional<std::int64_t> lenient_int(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return std::nullopt;
    if (value->is_int64()) return value->get_int64();
    if (value->is_double()) return whole(value->get_double());
    if (!value->is_string()) return std::nullopt;
    const std::string_view text = value->get_string();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<bool> lenient_bool(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return std::nullopt;
    if (value->is_bool()) return value->get_bool();
    const auto text = as_text(*value);
    if (!text) return std::nullopt;
    if (*text == "1" || lower(*text) == "true") return true;
    if (*text == "0" || lower(*text) == "false") return false;
    return std::nullopt;
}

std::optional<std::string> decimal_text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return std::nullopt;
    if (!value->is_double()) return as_text(*value);
    char buffer[40];
    const int length = std::snprintf(buffer, sizeof buffer, "%.15g", value->get_double());
    return std::string(buffer, static_cast<std::size_t>(length));
}

std::optional<Time> unix_seconds(const json::object& object, std::string_view name) {
    constexpr std::int64_t year_10000 = 253'402'300'800;
    const auto seconds = lenient_int(object, name);
    if (!seconds || *seconds < 0 || *seconds >= year_10000) return std::nullopt;
    return Time{std::chrono::seconds(*seconds)};
}

json::value nullable(std::optional<std::string> text) { return text ? json::value(std::move(*text)) : json::value(nullptr); }
json::value nullable(std::optional<std::int64_t> number) { return number ? json::value(*number) : json::value(nullptr); }
json::value nullable(std::optional<Time> time) { return time ? json::value(to_iso(*time)) : json::value(nullptr); }

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(blank);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace appointd::adapters
