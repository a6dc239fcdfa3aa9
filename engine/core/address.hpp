#pragma once

#include "engine/core/event.hpp"

#include <string>
#include <string_view>

namespace appointd::engine {

/// An address as JSON text: kept beside an event that may be decided again (deferred, dead).
/// parse throws std::invalid_argument on what encode did not write.
std::string encode_address(const Address& address);
Address parse_address(std::string_view text);

} // namespace appointd::engine
