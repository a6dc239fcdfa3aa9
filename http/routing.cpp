#include "http/routing.hpp"

#include <optional>

namespace appointd::http {
namespace {

std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1); // the slash
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
    std::vector<std::string> parameters;
    if (pattern == path) return parameters;
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto wanted = take_segment(pattern), given = take_segment(path);
        if (wanted.starts_with('{')) {
            auto value = percent_decode(given);
            if (!value || value->empty()) return std::nullopt;
            parameters.push_back(*std::move(value));
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty() || parameters.empty()) return std::nullopt;
    return parameters;
}

} // namespace

Match match(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
    const std::string_view served_as = method == "HEAD" ? "GET" : method;
    Match result;
    for (const Route& route : routes) {
        auto parameters = fit(route.pattern, path);
        if (!parameters) continue;
        if (route.method == served_as) {
            result.route = &route;
            result.parameters = *std::move(parameters);
            result.allowed.clear();
            return result;
        }
        if (!result.allowed.empty()) result.allowed += ", ";
        result.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    }
    return result;
}

std::optional<Fields> query_of(const net::Request& request) { return form_decode(request.query); }

} // namespace appointd::http
