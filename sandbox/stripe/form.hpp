#pragma once

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::sandbox::stripe {

/// Parameters in Stripe's notation: "line_items[0][price_data][currency]". "a[]" becomes "a[0]", "a[1]", … in order.
/// An empty value unsets a parameter, which for a create is the same as not naming it.
class Form {
public:
    explicit Form(Fields fields);
    Form() = default;

    /// nullopt: absent or empty.
    std::optional<std::string> get(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    /// All "prefix[key]" of one level, as an object of texts; empty values too, which unset a key on an update.
    json::object children(std::string_view prefix) const;
    /// How many of prefix[0], prefix[1], … are there.
    std::size_t size_of(std::string_view prefix) const;
    /// The first name that no pattern allows. In a pattern "#" is an index, "*" any one key, "**" anything below.
    std::optional<std::string> unknown(std::span<const std::string_view> patterns) const;
    /// The same parameters in any order give the same text.
    std::string canonical() const;
    const Fields& fields() const { return fields_; }

private:
    Fields fields_;
};

/// "a[b][c]" as a, b, c.
std::vector<std::string> keys_of(std::string_view name);

} // namespace appointd::sandbox::stripe
