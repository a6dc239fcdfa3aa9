#pragma once

#include "http/services.hpp"

namespace appointd::http {

/// GET /b/{id}?key=…: the customer's page; while there is a link to go to, it goes there.
boost::asio::awaitable<net::Response> booking_page(Services& services, Call& call);
/// GET /go/calendly?…: from Calendly's own confirmation to the customer's page.
boost::asio::awaitable<net::Response> go_calendly(Services& services, Call& call);

} // namespace appointd::http
