#pragma once

#include "adapters/notify/message.hpp"
#include "foundation/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace appointd::adapters::notify {

/// One appointment of RFC 5545. A later file with the same uid and a greater sequence replaces it.
struct Appointment {
    std::string uid, summary, description;
    std::string location; ///< the join link, or empty
    Time start{}, end{};
    Time stamp{}; ///< when this file was made
    std::int64_t sequence = 0;
    bool canceled = false; ///< METHOD:CANCEL instead of REQUEST
    Mailbox organizer, attendee;
};

/// Text escaped, lines folded at 75 bytes, CRLF.
std::string calendar_file(const Appointment& appointment);

} // namespace appointd::adapters::notify
