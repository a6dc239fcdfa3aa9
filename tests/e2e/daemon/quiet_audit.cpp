#include "tests/e2e/daemon/quiet_audit.hpp"

#include "persistence/open.hpp"
#include "tests/e2e/daemon/ledger_world.hpp"
#include "workflows/booking/invariants.hpp"

#include <algorithm>
#include <stdexcept>

namespace appointd::e2e {

namespace {

constexpr int page = 200;

template <class T> T must(Result<T> answer) {
    if (!answer) throw std::runtime_error(answer.error().message);
    return std::move(*answer);
}

class Audit {
public:
    Audit(engine::Reader& reader, const json::object& ledger, bool unheard)
        : reader_(reader), worlds_(ledger), unheard_(unheard) {}

    QuietAudit run() {
        engine::WorkflowFilter filter;
        filter.kind = "booking";
        filter.limit = page;
        for (bool more = true; more;) {
            const auto rows = must(reader_.list(filter));
            for (const engine::WorkflowRow& row : rows) examine(row);
            more = rows.size() == static_cast<std::size_t>(page);
            if (more) filter.before = rows.back().id;
        }
        return std::move(audit_);
    }

private:
    void examine(const engine::WorkflowRow& row) {
        const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
        const booking::Data data = booking::read(row.data);
        const std::string whose = " (booking " + engine::to_string(row.id) + ", " + row.state + ")";
        if (const std::string why = unrest(row, data, now); !why.empty()) {
            audit_.restless.push_back(why + whose);
            return;
        }
        ++audit_.compared;
        const auto& states = booking::Booking::states;
        const auto state = static_cast<booking::State>(std::find(states.begin(), states.end(), row.state) - states.begin());
        const booking::World world = worlds_.of(engine::to_string(row.id), data, now);
        for (const booking::Violation& found : booking::quiet_violations(state, data, world))
            if (!unheard_ || booking::holds_unheard(found)) audit_.problems.push_back(found.name + ": " + found.words + whose);
    }

    /// Why it is not quiet; empty where it is.
    std::string unrest(const engine::WorkflowRow& row, const booking::Data& data, Time now) {
        for (const engine::ActivityRow& activity : must(reader_.activities(row.id)))
            if (activity.state == engine::ActivityState::open) return activity.kind + " is open";
        for (const booking::Call& call : data.calls)
            if (call.exhausted) return call.kind + " was given up, its outcome unknown";
        if (row.wake_at && *row.wake_at <= now) return "a timer is due";
        for (const engine::EventRow& event : must(reader_.history(row.id, row.revision, page)))
            if (!event.seq && event.disposition == engine::Disposition::deferred) return event.type + " is deferred";
        return "";
    }

    engine::Reader& reader_;
    const LedgerWorlds worlds_;
    const bool unheard_;
    QuietAudit audit_;
};

} // namespace

QuietAudit audit_quiet(const std::string& store_url, const json::object& ledger, bool unheard) {
    const auto database = must(persistence::open_stores(store_url));
    const auto reader = must(database.readers->open());
    return Audit(*reader, ledger, unheard).run();
}

} // namespace appointd::e2e
