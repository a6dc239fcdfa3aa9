#pragma once

#include "engine/core/explanation.hpp"

namespace appointd::booking {

/// In plain words: what the booking is, where it stands and what it waits for, which timer is next and what it will do, calls
/// that are open or failed, attention and what to do about it, where its money is, when the providers were and will be asked.
/// Pure. Throws std::invalid_argument on data that no version of ours wrote.
engine::Explanation explain(const engine::WorkflowFacts& facts);

} // namespace appointd::booking
