#pragma once

#include "sandbox/zoom/state.hpp"

namespace appointd::sandbox::zoom {

/// "2026-12-01T09:00:00Z", or local to `timezone`, of which only UTC is known here.
std::optional<Time> parse_start(std::string_view text, std::string_view timezone);

/// What is wrong with a create or update body, as Zoom's errors[]; empty: nothing.
json::array problems_of(const json::object& body);

/// The fields that the body names, written over `meeting`; unknown fields are dropped. A start in the past is left alone
/// where `future_only`, as an update does.
void apply(const json::object& body, Meeting& meeting, bool future_only, Time now);

} // namespace appointd::sandbox::zoom
