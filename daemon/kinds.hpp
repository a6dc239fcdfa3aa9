#pragma once

#include "engine/core/definition.hpp"

/// The kinds of workflow that this binary carries: the one place that names them all.
namespace appointd::daemon {

engine::Definitions definitions();

} // namespace appointd::daemon
