#include "http/access.hpp"

#include "foundation/digest.hpp"
#include "http/rate_limit.hpp"
#include "http/reply.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace appointd::http {
namespace {

/// "localhost:8081", "[::1]", "10.0.0.7:80": a name could be anybody's, an address or localhost is meant.
bool names_an_address(std::string_view authority) {
    std::string_view host = authority;
    if (host.starts_with('['))
        host = host.substr(1, host.find(']') == std::string_view::npos ? 0 : host.find(']') - 1);
    else
        host = host.substr(0, host.find(':'));
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error || host == "localhost";
}

} // namespace

bool bears(const net::Request& request, std::string_view token) {
    constexpr std::string_view scheme = "bearer "; // compared without case
    const auto header = net::find_header(request.headers, "Authorization");
    if (token.empty() || !header || header->size() < scheme.size()) return false;
    const bool is_bearer = std::equal(scheme.begin(), scheme.end(), header->begin(), [](char wanted, char given) {
        return given == wanted || (given >= 'A' && given + 32 == wanted);
    });
    return is_bearer && equal_in_constant_time(header->substr(scheme.size()), token);
}

net::Response unauthorized() {
    net::Response response =
        problem(401, "unauthorized", "This needs the header \"Authorization: Bearer TOKEN\" with the right token.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

std::optional<net::Response> refuse_strangers(const net::Request& request) {
    const auto host = net::find_header(request.headers, "Host");
    const auto origin = net::find_header(request.headers, "Origin");
    const bool known_host = !host || host->empty() || names_an_address(*host);
    const bool own_origin = !origin || (host && origin->ends_with("://" + std::string(*host)));
    if (known_host && own_origin) return std::nullopt;
    return problem(403, "foreign_origin",
                   "Without an admin token only requests addressed to this machine by its address are served.");
}

} // namespace appointd::http
