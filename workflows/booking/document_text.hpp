#pragma once

#include <string_view>

/// The prose of docs/booking.md: what the table cannot say of itself.
namespace appointd::booking::prose {

extern const std::string_view introduction;
extern const std::string_view before_the_table;
extern const std::string_view words;
extern const std::string_view after_the_table;
extern const std::string_view invariants;
extern const std::string_view attention;
extern const std::string_view differences;

} // namespace appointd::booking::prose
