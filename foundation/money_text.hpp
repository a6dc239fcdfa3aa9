#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace appointd {

/// "120.00 EUR", "1200 JPY", "-1.50 USD": minor units with the digits of their currency.
std::string money_text(std::int64_t minor_units, std::string_view currency);
/// The number alone: "120.00", "1200".
std::string decimal_text(std::int64_t minor_units, std::string_view currency);

} // namespace appointd
