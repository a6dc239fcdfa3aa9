#pragma once

#include "engine/core/definition.hpp"

namespace appointd::engine::testing {

/// A workflow kind whose events say themselves what is to be decided, for tests of the machinery around a transition.
///
/// The payload (or, for events that the engine makes, the script that an earlier event left under "on" for this type) is:
///   {"decide": "apply" | "ignore" | "defer" | "refuse" | "elsewhere" | "throw", "reason": …, "key": …,          defaults: apply
///    "state": …, "binds": [key…], "requests": [{"kind", "provider", "priority"}…], "timers": {name: seconds from now | null},
///    "raise": [{"type", "payload"}…], "reopens": [id…], "skips": [id…], "closed": bool, "attention": …, "on": {type: script}}
/// Its data keeps "on" and the types of applied events under "log". An event of the engine's without a script is ignored.
Definition make_puppet(int version = 1);

} // namespace appointd::engine::testing
