#pragma once

#include "foundation/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::booking {

/// What people outside may see of a booking, picked from its stored state and data. Empty text: not there (null in JSON).
struct View {
    struct Attention {
        std::string reason, since, note;
    };
    struct Money {
        std::string currency;
        std::int64_t captured = 0, refunded = 0, refunding = 0, kept = 0, lost = 0;
    };

    std::string state;
    std::string session_type, session_name; ///< of the terms
    std::int64_t price = 0;
    std::string currency;
    std::string name, email; ///< of the invitee
    std::string page_key;    ///< opens /b/{id}?key=…; a secret of the customer's
    std::string scheduling;  ///< Calendly's link
    std::string checkout;    ///< Stripe's page; only while it is open
    std::string meeting;     ///< the join link
    std::string cancel_url, reschedule_url;
    std::optional<Time> start, end;
    std::optional<Time> deadline; ///< when the payment window ends
    std::string timezone, invitee;
    bool moving = false;             ///< half of a reschedule has arrived
    std::string ended_why, ended_by; ///< booking::Ended
    Money money;
    std::vector<Attention> attention;
    std::string metadata; ///< a JSON object as text; "{}" where none was given
};

/// Throws std::invalid_argument on data that no version of ours wrote.
View view_of(std::string_view state, std::string_view data);

} // namespace appointd::booking
