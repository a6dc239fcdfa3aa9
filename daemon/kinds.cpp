#include "daemon/kinds.hpp"

#include "workflows/booking/definition.hpp"
#include "workflows/booking/explain.hpp"
#include "workflows/booking/invariants.hpp"
#include "workflows/booking/names.hpp"
#include "workflows/booking/statement.hpp"
#include "workflows/reconciliation/data.hpp"
#include "workflows/reconciliation/definition.hpp"
#include "workflows/reconciliation/explain.hpp"

#include <algorithm>

namespace appointd::daemon {

engine::Definitions definitions() {
    std::vector<engine::Definition> all;
    all.push_back(booking::definition());
    all.push_back(reconciliation::definition());
    return engine::Definitions(std::move(all));
}

std::map<std::string, http::Insight, std::less<>> insights() {
    return {{"booking", {.explain = booking::explain, .statements = booking::statements_of}},
            {"reconciliation", {.explain = reconciliation::explain, .statements = {}}}};
}

namespace {

std::vector<Breach> audit_booking(const engine::WorkflowRow& row, Time now) {
    auto found = booking::violations(row.state, row.data);
    const auto state = std::find(booking::Booking::states.begin(), booking::Booking::states.end(), row.state);
    for (auto& one : booking::timer_violations(static_cast<booking::State>(state - booking::Booking::states.begin()),
                                               booking::read(row.data), engine::parse_timers(row.timers), now))
        found.push_back(std::move(one));
    std::vector<Breach> breaches;
    for (booking::Violation& one : found) breaches.push_back({std::move(one.name), std::move(one.words)});
    return breaches;
}

/// No promise of its own but that it can be read.
std::vector<Breach> audit_reconciliation(const engine::WorkflowRow& row, Time) {
    static_cast<void>(reconciliation::read(row.data));
    return {};
}

} // namespace

std::map<std::string, Audit, std::less<>> audits() {
    return {{"booking", audit_booking}, {"reconciliation", audit_reconciliation}};
}

std::vector<std::string> invariant_names() {
    return {"M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "Z1", "Z2", "C1", "S1", "S2", "T1", "H1"};
}

std::vector<std::string> attention_reasons() { return {booking::attention_reasons.begin(), booking::attention_reasons.end()}; }

} // namespace appointd::daemon
