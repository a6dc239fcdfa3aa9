#pragma once

#include "foundation/time_zone.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Sums and times as customers read them, on pages and in e-mails.
namespace appointd {

/// "120.00 EUR", "1200 JPY".
std::string money_text(std::int64_t minor_units, std::string_view currency);
/// "Tuesday, 1 December 2026, 10:00 to 11:00 (CET, Europe/Berlin)"; in UTC where the zone is unknown.
std::string period_text(Time start, std::optional<Time> finish, std::string_view zone_name, TimeZones& zones);

} // namespace appointd
