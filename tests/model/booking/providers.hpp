#pragma once

#include "foundation/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What the three providers hold for one booking, small enough to be copied a million times. Ids are small numbers: invitee 2 is
/// .../invitees/I2, session 1 is cs_1, payment 1 is pi_1, refund 1 is re_1, meeting 1 is mt_1.
namespace appointd::model {

struct Seat { ///< an invitee of Calendly's
    Time start{}, created{}, canceled_at{};
    int before = 0, next = 0; ///< the invitees it replaced, and that replaced it
    bool active = true, by_host = false, no_show = false;
    bool ours = true; ///< booked with our link
};

struct Session {
    enum Phase : std::uint8_t { unborn, open, complete, expired } phase = open;
    int charge = 0;
};

struct Charge {
    enum Phase : std::uint8_t { declined, processing, captured, failed } phase = captured;
    enum Disputed : std::uint8_t { never, inquiry, open, won, lost } dispute = never;
    std::int64_t amount = 0;
    int session = 0; ///< 0: paid otherwise, with our mark
};

struct Back { ///< a refund
    enum Phase : std::uint8_t { pending, succeeded, failed } phase = succeeded, first = succeeded;
    std::int64_t amount = 0;
    int charge = 0;
    std::string ours; ///< our refund id; empty: by hand
    bool failed_late = false;
};

struct Meeting {
    Time start{}, ended{}; ///< ended: when people last left it
    bool live = true, running = false, used = false;
    bool unseen = false; ///< made by a call whose answers were all lost: nobody acts on it until it is found
};

struct Providers {
    std::vector<Seat> seats;       ///< invitee n is seats[n-1]; the others alike
    std::vector<Session> sessions; ///< by the number in the request
    std::vector<Charge> charges;
    std::vector<Back> backs;
    std::vector<Meeting> meetings;
    bool met = false; ///< the session of the booking was held once
};

} // namespace appointd::model
