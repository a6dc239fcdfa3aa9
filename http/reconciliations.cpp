#include "http/reconciliations.hpp"

#include "workflows/reconciliation/data.hpp"

#include <set>

namespace appointd::http {

Result<std::vector<engine::WorkflowRow>> current_reconciliations(engine::Reader& reader, std::string_view provider) {
    engine::WorkflowFilter filter;
    filter.kind = "reconciliation";
    filter.q = provider;
    filter.limit = 200;
    const auto rows = reader.list(filter);
    if (!rows) return rows.error();
    std::vector<engine::WorkflowRow> current;
    std::set<std::string> accounts;
    for (const engine::WorkflowRow& row : *rows) { // newest first
        const auto data = reconciliation::read(row.data);
        if (!provider.empty() && data.provider != provider) continue;
        if (accounts.insert(data.provider + "/" + data.account).second) current.push_back(row);
    }
    return current;
}

} // namespace appointd::http
