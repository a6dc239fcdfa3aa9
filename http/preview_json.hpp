#pragma once

#include "engine/runtime/engine.hpp"
#include "foundation/json.hpp"

namespace appointd::http {

/// What an event would do, as a dry run answers it: disposition, state, activities, timers, and the difference in data.
json::object to_json(const engine::Preview& preview, const engine::WorkflowRow& row);

/// Leaves that differ, by path: [{"path":"money.captured","before":0,"after":12000}]. Absent is null.
json::array difference(const json::value& before, const json::value& after);

} // namespace appointd::http
