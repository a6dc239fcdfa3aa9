#include "daemon/kinds.hpp"

#include "workflows/booking/definition.hpp"
#include "workflows/booking/explain.hpp"
#include "workflows/booking/invariants.hpp"
#include "workflows/booking/names.hpp"
#include "workflows/booking/statement.hpp"

namespace appointd::daemon {

engine::Definitions definitions() {
    std::vector<engine::Definition> all;
    all.push_back(booking::definition());
    return engine::Definitions(std::move(all));
}

std::map<std::string, http::Insight, std::less<>> insights() {
    return {{"booking", {.explain = booking::explain, .statements = booking::statements_of}}};
}

std::map<std::string, Audit, std::less<>> audits() {
    const auto booking = [](const engine::WorkflowRow& row, Time) {
        std::vector<Breach> breaches;
        for (booking::Violation& found : booking::violations(row.state, row.data))
            breaches.push_back({std::move(found.name), std::move(found.words)});
        return breaches;
    };
    return {{"booking", booking}};
}

std::vector<std::string> invariant_names() { return {"M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "Z1", "Z2", "H1"}; }

std::vector<std::string> attention_reasons() { return {booking::attention_reasons.begin(), booking::attention_reasons.end()}; }

} // namespace appointd::daemon
