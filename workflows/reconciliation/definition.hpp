#pragma once

#include "engine/core/definition.hpp"

namespace appointd::reconciliation {

/// The reconciliation workflow, version 1, ready for the engine. Throws std::logic_error where the table has a fault.
engine::Definition definition();

} // namespace appointd::reconciliation
