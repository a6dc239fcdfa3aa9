#pragma once

#include "engine/core/explanation.hpp"

namespace appointd::reconciliation {

/// In plain words: which account is reconciled, how far, what is under way, when the next sweep comes. Pure. Throws
/// std::invalid_argument on data that no version of ours wrote.
engine::Explanation explain(const engine::WorkflowFacts& facts);

} // namespace appointd::reconciliation
