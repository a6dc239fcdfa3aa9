#pragma once

#include "foundation/json.hpp"
#include "workflows/booking/data.hpp"

namespace appointd::booking {

/// The terms of an event's payload, or of stored data: absent fields keep their defaults.
Terms read_terms(const json::object& object);

} // namespace appointd::booking
