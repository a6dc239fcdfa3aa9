#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/reader.hpp"
#include "foundation/json.hpp"
#include "http/dependencies.hpp"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace appointd::http {

/// Movements of money by day (UTC), session type and currency, from the histories themselves: a cent moved when the event that
/// moved it was committed (decided_at), so a closed day never changes. Grows with days and session types, not with bookings.
class MoneyReport {
public:
    /// [from, to)
    MoneyReport(Time from, Time to) : from_(from), to_(to) {}

    /// Folds one workflow's history through its transition and books what each event within the range moved.
    /// Errors: those of the reader. What cannot be folded, or folds to something else than is stored, is a problem of the report.
    Result<void> add(engine::Reader& reader, const engine::Definitions& definitions, const Insight& insight,
                     const engine::WorkflowRow& row);

    /// items, totals, problems, adds_up (docs/http-api.md).
    json::object to_json() const;

private:
    using Statements = std::vector<booking::Statement>;
    struct Balance {
        std::int64_t refunding = 0, waiting = 0;
    };
    struct Total {
        booking::Statement moved;
        Balance opening, closing;
    };
    void move(Time at, const Statements& before, const Statements& after);
    void close(const engine::WorkflowRow& row, const Statements& opening, const Statements& closing);
    bool adds_up() const;

    Time from_, to_;
    int bookings_ = 0;
    std::map<std::tuple<std::string, std::string, std::string>, booking::Statement> items_; ///< by day, session type, currency
    std::map<std::string, Total> totals_;                                                   ///< by currency
    std::vector<std::pair<std::string, std::string>> problems_;                             ///< workflow, what is wrong
};

} // namespace appointd::http
