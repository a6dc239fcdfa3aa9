#pragma once

#include <string>

namespace appointd::e2e {

/// What holds after every run, however it ended: each stored workflow keeps its invariants, as stored and after every commit of
/// its history, and its history still makes it, byte for byte (H1). A failed expectation for each that does not. Straight from
/// the store: the daemon may be gone. It may also be at work: a row is compared with the history up to it.
void audit_store(const std::string& store_url);

} // namespace appointd::e2e
