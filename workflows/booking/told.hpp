#pragma once

#include "foundation/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace appointd::booking {

/// What people were told by e-mail; kept only where there is a relay. What differs from it is told next.
struct Told {
    std::optional<Time> start;          ///< of the slot that they know of
    std::string link;                   ///< the join link that they have
    std::int64_t sequence = 0;          ///< calendar files sent; the next one's SEQUENCE
    std::int64_t asked = 0;             ///< how often they were asked to pay
    std::int64_t returned = 0;          ///< money that they know to be back
    bool confirmed = false;             ///< they were told that the booking stands
    bool over = false;                  ///< they were told that it does not
    std::vector<std::string> attention; ///< open reasons that the operator knows of
    friend bool operator==(const Told&, const Told&) = default;
};

/// A message to a listener that found no room in its transition; it goes with the next one.
struct Owed {
    std::string listener;
    std::string request; ///< a JSON object as text
    friend bool operator==(const Owed&, const Owed&) = default;
};

} // namespace appointd::booking
