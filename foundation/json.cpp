#include "foundation/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace appointd {
namespace {

/// Doubles that are whole become integers, so that 1, 1.0 and 1e0 are one.
json::value in_one_form(double number) {
    constexpr double limit = 9'007'199'254'740'992.0; // 2^53: beyond it a double is no exact integer
    if (std::trunc(number) == number && std::abs(number) <= limit) return static_cast<std::int64_t>(number);
    return number;
}

void append_canonical(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) {
        std::vector<const json::key_value_pair*> fields;
        fields.reserve(object->size());
        for (const auto& field : *object) fields.push_back(&field);
        std::sort(fields.begin(), fields.end(), [](const auto* left, const auto* right) { return left->key() < right->key(); });
        out += '{';
        for (const auto* field : fields) {
            if (out.back() != '{') out += ',';
            out += json::serialize(field->key());
            out += ':';
            append_canonical(out, field->value());
        }
        out += '}';
    } else if (const auto* array = value.if_array()) {
        out += '[';
        bool first = true;
        for (const auto& element : *array) {
            if (!first) out += ',';
            first = false;
            append_canonical(out, element);
        }
        out += ']';
    } else if (const double* number = value.if_double()) {
        out += json::serialize(in_one_form(*number));
    } else {
        out += json::serialize(value);
    }
}

} // namespace

std::optional<std::string> text_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) return std::nullopt;
    const auto& text = value->get_string();
    return std::string(text.data(), text.size());
}

std::optional<std::int64_t> int_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_int64()) return std::nullopt; // beyond int64: uint64, which is no amount or count of ours
    return value->get_int64();
}

std::string text_or_empty(const json::object& object, std::string_view name) { return text_field(object, name).value_or(""); }
std::int64_t int_or_zero(const json::object& object, std::string_view name) { return int_field(object, name).value_or(0); }

const json::object& object_or_empty(const json::object& object, std::string_view name) {
    static const json::object empty;
    const json::object* found = object_field(object, name);
    return found ? *found : empty;
}

std::optional<bool> bool_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_bool()) return std::nullopt;
    return value->get_bool();
}

std::optional<Time> time_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || !value->is_string()) return std::nullopt;
    return parse_iso(value->get_string());
}

const json::object* object_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? value->if_object() : nullptr;
}

const json::array* array_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? value->if_array() : nullptr;
}

std::optional<json::object> parse_object(std::string_view text) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 64;
    json::value value = json::parse(text, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string canonical(const json::value& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

} // namespace appointd
