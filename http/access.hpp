#pragma once

#include "http/services.hpp"
#include "net/http_message.hpp"

#include <optional>
#include <string_view>

namespace appointd::http {

/// Whether the request carries "Authorization: Bearer TOKEN"; an empty token is never matched.
bool bears(const net::Request& request, std::string_view token);

/// 401 unauthorized, with the challenge.
net::Response unauthorized();

/// For a listener without a token, which only this machine may reach: nullopt, or the refusal of a request that a foreign web
/// page made a browser send here (another Host: DNS rebinding; another Origin: a cross-site form).
std::optional<net::Response> refuse_strangers(const net::Request& request);

} // namespace appointd::http
