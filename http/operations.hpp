#pragma once

#include "http/services.hpp"

namespace appointd::http {

/// GET /metrics, /healthz, /readyz
boost::asio::awaitable<net::Response> show_metrics(Services& services, Call& call);
boost::asio::awaitable<net::Response> show_health(Services& services, Call& call);
boost::asio::awaitable<net::Response> show_readiness(Services& services, Call& call);

} // namespace appointd::http
