#pragma once

#include "foundation/time_zone.hpp"
#include "http/booking_view.hpp"
#include "http/page_layout.hpp"

namespace appointd::http {

/// How the customer came here.
enum class Arrival {
    plain,
    paid, ///< back from a completed checkout: the money's news may still be on its way
    left, ///< back from a checkout that they left, or nobody knows how
};

/// The page for this state of the booking.
Page page_of(const BookingView& view, Arrival arrival, TimeZones& zones);

/// Where the customer goes at once instead of seeing a page: the open checkout. Empty: nowhere.
std::string onward(const BookingView& view, Arrival arrival);

} // namespace appointd::http
