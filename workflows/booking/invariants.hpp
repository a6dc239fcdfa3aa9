#pragma once

#include "workflows/booking/kind.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace appointd::booking {

/// A promise of docs/booking.md that a stored booking breaks.
struct Violation {
    std::string name;  ///< "M1"
    std::string words; ///< which row, which sums
};

/// The safety invariants that one stored booking shows by itself (M1 to M8, Z1, Z2): empty for every booking after every commit.
/// For tests, an explorer of the state space, and an auditor of a running store.
std::vector<Violation> violations(State state, const Data& data);
/// The same from stored text; throws std::invalid_argument on what no version of ours wrote.
std::vector<Violation> violations(std::string_view state, std::string_view data);

} // namespace appointd::booking
