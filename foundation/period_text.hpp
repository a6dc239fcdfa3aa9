#pragma once

#include "foundation/time_zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace appointd {

/// A time as customers read it, on pages and in e-mails: "Tuesday, 1 December 2026, 10:00 to 11:00 (CET, Europe/Berlin)"; in UTC
/// where the zone is unknown.
std::string period_text(Time start, std::optional<Time> finish, std::string_view zone_name, TimeZones& zones);

} // namespace appointd
