#pragma once

#include "engine/ports/reader.hpp"
#include "http/booking_view.hpp"
#include "http/services.hpp"

#include <optional>

namespace appointd::http {

/// POST /api/bookings
boost::asio::awaitable<net::Response> create_booking(Services& services, Call& call);
/// GET /api/bookings/{id}
boost::asio::awaitable<net::Response> show_booking(Services& services, Call& call);

/// The booking as it stands; nullopt inside where there is none. Errors: those of ReaderPool::ask.
boost::asio::awaitable<Result<std::optional<BookingView>>> read_booking(Services& services, engine::WorkflowId id);

/// PUBLIC_URL/b/ID?key=KEY
std::string page_url(const Services& services, std::string_view id, std::string_view key);

} // namespace appointd::http
