#pragma once

#include "workflows/booking/data.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Sentences about a booking's data, for `explain`.
namespace appointd::booking::explain_words {

/// "2026-12-01T09:00:00Z (in 3 hours)", "… (5 minutes ago)", "… (now)".
std::string when(Time time, Time now);
/// Why and by whom it ended.
std::string ending(const Ended& ended, Time now);
/// What a booking in this state waits for; never empty for a state that we know.
std::vector<std::string> waits_for(std::string_view state, const Data& data, Time now);
/// Refund rows that are not done, and disputes.
std::vector<std::string> refunds_and_disputes(const Data& data);

} // namespace appointd::booking::explain_words
