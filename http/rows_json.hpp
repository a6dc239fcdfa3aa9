#pragma once

#include "engine/core/decision.hpp"
#include "engine/ports/store.hpp"
#include "foundation/json_or_null.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The store's rows as the admin API shows them.
namespace appointd::http {

/// Stored JSON as JSON; text that is none (which nobody wrote) as a string; empty text as null.
json::value stored_json(std::string_view text);
/// "a,b" as ["a","b"].
json::array reasons(const std::optional<std::string>& attention);

/// Without data: a line of a list.
json::object summary(const engine::WorkflowRow& row);
json::object to_json(const engine::ActivityRow& row);
json::object to_json(const engine::EventRow& row, bool with_raw);
json::array to_json(const engine::Timers& timers);

} // namespace appointd::http
