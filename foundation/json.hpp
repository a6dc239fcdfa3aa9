#pragma once

#include "foundation/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace appointd {

namespace json = boost::json;

/// Provider payloads are picked, not mapped: these read one field of an object and answer nullopt (or nullptr) where it is
/// absent, null or of another type. Unknown fields never matter.
std::optional<std::string> text_field(const json::object& object, std::string_view name);
std::optional<std::int64_t> int_field(const json::object& object, std::string_view name);
std::optional<bool> bool_field(const json::object& object, std::string_view name);
/// A time written as ISO text.
std::optional<Time> time_field(const json::object& object, std::string_view name);
const json::object* object_field(const json::object& object, std::string_view name);
const json::array* array_field(const json::object& object, std::string_view name);

/// The same for readers who need no difference between absent and empty.
std::string text_or_empty(const json::object& object, std::string_view name);
std::int64_t int_or_zero(const json::object& object, std::string_view name);
/// Lives as long as `object` does, or for ever.
const json::object& object_or_empty(const json::object& object, std::string_view name);
const json::object& object_or_empty(json::object&& object, std::string_view name) = delete;

/// Calls `visit(const json::object&)` with each object in an array of objects; with none where there is no such array.
template <class Visit> void each_object(const json::object& object, std::string_view name, Visit visit) {
    if (const json::array* items = array_field(object, name))
        for (const json::value& item : *items)
            if (const json::object* found = item.if_object()) visit(*found);
}

/// Parses one JSON object, UTF-8 checked, depth at most 64; nullopt for anything else.
std::optional<json::object> parse_object(std::string_view text);

/// Equal as JSON means equal text here: keys sorted, no white space, numbers in one form.
std::string canonical(const json::value& value);

} // namespace appointd
