#pragma once

#include "daemon/command_line.hpp"
#include "foundation/json.hpp"
#include "net/http_client.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace appointd::daemon {

/// A GET and a POST of JSON, relative to the admin API's URL.
net::ClientRequest admin_get(std::string path);
net::ClientRequest admin_post(std::string path, const json::object& body);
/// Appends "?name=value", or "&name=value"; nothing where the value is empty.
void add_query(std::string& path, std::string_view name, const std::string& value);

/// The admin API of a running daemon, one call at a time; blocks, on an executor of its own.
class AdminClient {
public:
    /// Error config_invalid.
    static Result<AdminClient> open(const AdminPlace& place, const Environment& environment);

    net::ClientResponse call(net::ClientRequest request) const;
    /// The answer's `data`; nullopt, and why on `err`, where it is no success.
    std::optional<json::object> data_of(const net::ClientResponse& response, std::ostream& err) const;

private:
    AdminClient(std::string url, std::string token) : url_(std::move(url)), token_(std::move(token)) {}
    std::string url_, token_;
};

} // namespace appointd::daemon
