#pragma once

#include "foundation/encoding.hpp"
#include "foundation/json.hpp"
#include "net/http_message.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::sandbox {

/// A request below a provider's prefix, taken apart once.
struct Call {
    std::string method{};
    std::string path{};                  ///< raw, below the prefix; "/v1/refunds"
    std::vector<std::string> segments{}; ///< of the path, percent-decoded once
    Fields query{};
    net::Headers headers{};
    std::string body{};

    /// The segments equal these; "*" stands for any one.
    bool is(std::string_view verb, std::initializer_list<std::string_view> pattern) const;
    std::optional<std::string> header(std::string_view name) const;
    std::optional<std::string> parameter(std::string_view name) const { return find_field(query, name); }
    /// The token of "Authorization: Bearer …".
    std::optional<std::string> bearer() const;
    /// "Authorization: Basic" with exactly this user and password.
    bool has_basic(std::string_view user, std::string_view password) const;
};

/// nullopt for a path or query with broken escapes.
std::optional<Call> make_call(std::string_view method, std::string_view path, std::string_view query, net::Headers headers,
                              std::string body);

net::Response json_response(int status, const json::value& body);
net::Response html_response(int status, std::string title, std::string_view body);
net::Response redirect_response(std::string location);

/// UTC with six fractional digits, as Calendly writes it.
std::string six_digits(Time time);
/// UTC, whole seconds, as Zoom writes it.
std::string whole_seconds(Time time);
std::int64_t unix_seconds(Time time);

/// `base` with name=value appended to its query.
std::string with_query(std::string base, const Fields& fields);

} // namespace appointd::sandbox
