#pragma once

#include "foundation/json.hpp"
#include "foundation/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reading bodies that others write: what is meant counts, not how it is typed. A provider that sends a number as text, or a text
/// as a number, is understood; what cannot be understood is nullopt, never an error.
namespace appointd::adapters {

constexpr std::size_t longest_identifier = 512;

/// Text, or an integer as decimal digits.
std::optional<std::string> lenient_text(const json::object& object, std::string_view name);
/// As lenient_text, but fit to be part of a key: 1 to 512 bytes, no control characters. Also the `id` of an object where one was
/// expanded.
std::optional<std::string> identifier(const json::object& object, std::string_view name);
/// An integer, a double without a fraction, or decimal digits as text.
std::optional<std::int64_t> lenient_int(const json::object& object, std::string_view name);
/// A boolean, "true" or "false", 1 or 0.
std::optional<bool> lenient_bool(const json::object& object, std::string_view name);
/// A number as a person writes it: 12.5 stays "12.5". For amounts that we never compute with.
std::optional<std::string> decimal_text(const json::object& object, std::string_view name);
/// Seconds since 1970.
std::optional<Time> unix_seconds(const json::object& object, std::string_view name);

/// Null where there is nothing.
json::value nullable(std::optional<std::string> text);
json::value nullable(std::optional<std::int64_t> number);
json::value nullable(std::optional<Time> time);

std::string lower(std::string_view text);
std::string_view trim(std::string_view text);

} // namespace appointd::adapters
