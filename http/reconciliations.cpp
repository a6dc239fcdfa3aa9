#include "http/reconciliations.hpp"

#include "workflows/reconciliation/data.hpp"
#include "workflows/reconciliation/kind.hpp"

#include <algorithm>
#include <set>

namespace appointd::http {

namespace {

/// Of an instance that is at work. The first is asked for again at the end: an instance that went back to it, or was begun by
/// its predecessor, between two questions is missed by neither.
constexpr reconciliation::State at_work[] = {reconciliation::State::waiting, reconciliation::State::listing,
                                             reconciliation::State::renewing, reconciliation::State::waiting};
constexpr int most_accounts = 200;

} // namespace

Result<std::vector<engine::WorkflowRow>> current_reconciliations(engine::Reader& reader, std::string_view provider) {
    std::vector<engine::WorkflowRow> found;
    for (const reconciliation::State state : at_work) {
        engine::WorkflowFilter filter; // kind and state: along their index, not past every booking
        filter.kind = reconciliation::Reconciliation::name;
        filter.state = reconciliation::Reconciliation::states.at(static_cast<std::size_t>(state));
        filter.q = provider;
        filter.limit = most_accounts;
        auto rows = reader.list(filter);
        if (!rows) return rows.error();
        for (engine::WorkflowRow& row : *rows) found.push_back(std::move(row));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
        return left.id != right.id ? left.id > right.id : left.revision > right.revision;
    });
    std::vector<engine::WorkflowRow> current;
    std::set<std::string> accounts;
    for (engine::WorkflowRow& row : found) { // newest first
        const auto data = reconciliation::read(row.data);
        if (!provider.empty() && data.provider != provider) continue;
        if (accounts.insert(data.provider + "/" + data.account).second) current.push_back(std::move(row));
    }
    return current;
}

} // namespace appointd::http
