#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace appointd {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// RFC 3986: all but unreserved characters become %XX.
std::string percent_encode(std::string_view text);
/// nullopt for a broken escape; '+' is a space only where `form` says so.
std::optional<std::string> percent_decode(std::string_view text, bool form = false);

/// application/x-www-form-urlencoded, in the order given.
std::string form_encode(const Fields& fields);
/// At most 1000 fields; nullopt for broken escapes or more.
std::optional<Fields> form_decode(std::string_view text);

/// First value of a name, or nullopt.
std::optional<std::string> find_field(const Fields& fields, std::string_view name);

/// What stands behind the last slash of a URL's path: the id that providers put there.
std::string last_segment(std::string_view url);

/// For text inside HTML elements and double-quoted attributes.
std::string escape_html(std::string_view text);

} // namespace appointd
