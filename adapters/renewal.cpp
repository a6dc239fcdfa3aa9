#include "adapters/renewal.hpp"

#include "adapters/outcome.hpp"
#include "workflows/reconciliation/instance.hpp"

namespace appointd::adapters {

asio::awaitable<engine::AttemptResult> renew_reconciliation(const engine::Attempt& attempt, const json::object&, Exchange&) {
    auto begun = reconciliation::begun(reconciliation::parse_beginning(attempt.request), attempt.now);
    auto result = succeeded(json::object{{"instance", engine::to_string(begun.address.fresh)}});
    result.learned.push_back(std::move(begun));
    co_return result;
}

} // namespace appointd::adapters
