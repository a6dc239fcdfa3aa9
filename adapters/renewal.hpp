#pragma once

#include "adapters/exchange.hpp"
#include "engine/ports/activity_handler.hpp"

namespace appointd::adapters {

/// Begins the next instance of a reconciliation: no call, only the event, which enters together with the outcome.
asio::awaitable<engine::AttemptResult> renew_reconciliation(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange);

} // namespace appointd::adapters
