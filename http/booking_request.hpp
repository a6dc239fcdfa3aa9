#pragma once

#include "foundation/json.hpp"
#include "net/http_message.hpp"

#include <optional>
#include <string>
#include <variant>

namespace appointd::http {

/// The body of POST /api/bookings, checked.
struct BookingRequest {
    std::string session_type, name, email;
    json::value metadata; ///< an object, or null
    std::string digest;   ///< of the body as JSON: equal bodies have equal digests
};

/// Or the 400 that names every fault.
std::variant<BookingRequest, net::Response> read_booking_request(std::string_view body);

/// nullopt where none is given; the response where it cannot serve: 1 to 255 visible ASCII characters.
std::variant<std::optional<std::string>, net::Response> idempotency_key(const net::Request& request);

} // namespace appointd::http
