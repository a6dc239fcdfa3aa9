#pragma once

#include "engine/ports/reader.hpp"

#include <string_view>
#include <vector>

namespace appointd::http {

/// The instance that reconciles each provider account now: the newest of its chain that has not handed over. `provider` empty: of
/// every account.
/// Errors: the reader's.
Result<std::vector<engine::WorkflowRow>> current_reconciliations(engine::Reader& reader, std::string_view provider);

} // namespace appointd::http
