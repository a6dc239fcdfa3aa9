#pragma once

#include "engine/runtime/preview.hpp"
#include "foundation/json.hpp"

namespace appointd::http {

/// What an event would do, with all that it derives, as a dry run answers it: disposition, state, activities, timers, attention,
/// and the difference in timers and data.
json::object to_json(const engine::Preview& preview);

/// Leaves that differ, by path: [{"path":"money.captured","before":0,"after":12000}]. Absent is null.
json::array difference(const json::value& before, const json::value& after);

} // namespace appointd::http
