#pragma once

#include <string_view>

namespace appointd::net {

/// "localhost", "127.x.y.z", "::1", "[::1]": this machine, whatever a resolver says. A name that only begins like an address
/// ("127.example.org") is none.
bool is_loopback_host(std::string_view host);

/// Of "scheme://host:port/…". A URL with a user in it is never taken for this machine.
bool is_loopback_url(std::string_view url);

} // namespace appointd::net
