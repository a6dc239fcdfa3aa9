#pragma once

#include <string>

namespace appointd::booking {

/// docs/booking.md, drawn from the table: the story, the diagram, the matrix with its reasons, the guards before it, the
/// invariants, and what differs from the reference page it replaces. A test compares the file and rewrites it where
/// APPOINTD_UPDATE_DOCS=1 is set.
std::string document();

} // namespace appointd::booking
