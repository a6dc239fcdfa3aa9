#pragma once

#include "foundation/result.hpp"
#include "sandbox/world.hpp"

namespace appointd::sandbox {

/// One thing that a person does at a provider, asked for as JSON.
using Verb = Result<json::object> (*)(World& world, const json::object& body, Time now);

/// By "calendly/book", "stripe/pay", "zoom/start", …; nullptr: no such verb. docs/sandbox.md lists them with their fields.
Verb verb_named(std::string_view name);

} // namespace appointd::sandbox
