#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace appointd::net {

/// Header fields in order; names compare without case.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// First value of a header, or nullopt.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

/// A request as a server sees it, whole: body read, limits kept.
struct Request {
    std::string method; ///< upper case
    std::string target; ///< as sent, path and query
    std::string path;   ///< raw, not percent-decoded; begins with '/'
    std::string query;  ///< without '?'
    Headers headers;
    std::string body;
    std::string remote; ///< the peer's address, without port
};

struct Response {
    int status = 200;
    Headers headers{};
    std::string body{};
};

} // namespace appointd::net
