#pragma once

#include "foundation/json.hpp"
#include "sandbox/call.hpp"
#include "sandbox/journal.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>
#include <vector>

/// How the tests of the pure machines ask: a call as it would come off the wire, an answer taken apart.
namespace appointd::sandbox::testing {

inline Time at(std::string_view text) { return *parse_iso(text); }

inline Call request(std::string_view method, std::string_view target, net::Headers headers, std::string body = {}) {
    const std::size_t mark = target.find('?');
    const std::string_view query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    return *make_call(method, target.substr(0, mark), query, std::move(headers), std::move(body));
}

inline json::object body_of(const net::Response& response) { return parse_object(response.body).value_or(json::object{}); }
inline json::object body_of(const Webhook& webhook) { return parse_object(webhook.body).value_or(json::object{}); }

/// value["a"]["b"], for "a/b"; null where it is not there.
inline json::value pick(const json::value& value, std::string_view path) {
    boost::system::error_code missing;
    const json::value* found = value.find_pointer("/" + std::string(path), missing);
    return found ? *found : json::value(nullptr);
}

inline std::string text(const json::value& value, std::string_view path) {
    const json::value found = pick(value, path);
    return found.is_string() ? std::string(found.get_string()) : "";
}

inline std::vector<std::string> types_of(const std::vector<Webhook>& webhooks) {
    std::vector<std::string> types;
    for (const Webhook& webhook : webhooks) types.push_back(webhook.type);
    return types;
}

inline std::string header(const net::Response& response, std::string_view name) {
    return std::string(net::find_header(response.headers, name).value_or(""));
}

} // namespace appointd::sandbox::testing
