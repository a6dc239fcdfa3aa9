#pragma once

#include "sandbox/call.hpp"

#include <boost/json/array.hpp>

namespace appointd::sandbox::calendly {

/// One page of a list: count 1 to 100 (default 20), page_token as this function gave it out.
/// nullopt for a count or a token that Calendly refuses.
std::optional<json::object> page_of(const Call& call, json::array all);

} // namespace appointd::sandbox::calendly
