#pragma once

#include "foundation/time_zone.hpp"
#include "http/booking_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace appointd::http {

/// A customer's page in parts; all texts are plain and escaped on the way out.
struct Page {
    struct Link {
        std::string url, label;
        bool main = false; ///< the one thing to do here
    };
    struct Fact {
        std::string name, value;
    };
    std::string title;
    std::vector<std::string> lines;
    std::vector<Fact> facts{};
    std::vector<Link> links{};
    int refresh_seconds = 0;  ///< 0: the page stays as it is
    std::string refresh_to{}; ///< where to; empty: here
};

/// HTML without script. A link that is not http or https is left out.
std::string render(const Page& page);

/// "Tuesday, 1 December 2026, 10:00 to 11:00 (CET, Europe/Berlin)"; in UTC where the zone is unknown. Empty without a start.
std::string slot_text(const BookingView& view, TimeZones& zones);

} // namespace appointd::http
