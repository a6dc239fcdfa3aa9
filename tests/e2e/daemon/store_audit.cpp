#include "tests/e2e/daemon/store_audit.hpp"

#include "daemon/kinds.hpp"
#include "engine/runtime/options.hpp"
#include "engine/runtime/replay.hpp"
#include "persistence/open.hpp"
#include "workflows/booking/invariants.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace appointd::e2e {

namespace {

constexpr int page = 200;

class StoreAudit {
public:
    explicit StoreAudit(engine::Reader& reader) : reader_(reader) {}

    void run() {
        engine::WorkflowFilter filter;
        filter.limit = page;
        for (bool more = true; more;) {
            const auto rows = reader_.list(filter);
            ASSERT_TRUE(rows) << rows.error().message;
            for (const engine::WorkflowRow& row : *rows) {
                SCOPED_TRACE(row.kind + " " + engine::to_string(row.id) + " " + row.state);
                examine(row);
                replay(row);
                if (row.kind == "booking") {
                    examine_commits(row);
                    examine_inbox(row);
                }
            }
            more = rows->size() == static_cast<std::size_t>(page);
            if (more) filter.before = rows->back().id;
        }
    }

private:
    void examine(const engine::WorkflowRow& row) {
        const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
        for (const daemon::Breach& breach : audits_.at(row.kind)(row, now))
            ADD_FAILURE() << breach.invariant << ": " << breach.words;
    }

    void replay(const engine::WorkflowRow& row) {
        const auto report = engine::replay(reader_, definitions_, row.id);
        ASSERT_TRUE(report) << report.error().message;
        ASSERT_TRUE(*report) << "it is gone";
        if (const auto& first = (*report)->first)
            ADD_FAILURE() << first->seq << " " << first->type << ": " << first->recorded << " / " << first->replayed;
        for (const auto& found : (*report)->differences)
            ADD_FAILURE() << found.what << ": " << found.stored << " / " << found.replayed;
    }

    static booking::State state_named(const std::string& name) {
        const auto& states = booking::Booking::states;
        const auto found = std::find(states.begin(), states.end(), name);
        return found == states.end() ? booking::State::none : static_cast<booking::State>(found - states.begin());
    }

    void examine_inbox(const engine::WorkflowRow& row) {
        std::vector<booking::Received> inbox;
        for (int after = 0;;) {
            const auto events = reader_.history(row.id, after, page);
            ASSERT_TRUE(events) << events.error().message;
            for (const engine::EventRow& event : *events) {
                inbox.push_back({engine::to_string(event.id), event.disposition, event.received_at});
                after = std::max(after, event.seq.value_or(after));
            }
            if (events->size() < static_cast<std::size_t>(page)) break;
        }
        const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
        for (const booking::Violation& found : booking::inbox_violations(inbox, now, engine::Options{}.deferred_ttl))
            ADD_FAILURE() << found.name << ": " << found.words;
    }

    void examine_commits(const engine::WorkflowRow& row) {
        engine::Replay again(definitions_, row.id, row.kind);
        booking::Data before;
        for (bool more = true; more && again.workflow().revision < row.revision;) {
            const auto events = reader_.history(row.id, again.workflow().revision, page);
            ASSERT_TRUE(events) << events.error().message;
            more = false;
            for (const engine::EventRow& event : *events) {
                if (!event.seq) continue;
                const booking::State from = state_named(again.workflow().state);
                const std::size_t asked = again.requested().size();
                more = again.take(event);
                if (!more) break;
                std::vector<engine::ActivityRequest> requests;
                for (std::size_t i = asked; i < again.requested().size(); ++i) {
                    const engine::ActivityRow& activity = again.requested()[i];
                    requests.push_back({activity.kind, activity.lane, activity.priority, activity.request});
                }
                booking::Data after = booking::read(again.workflow().data);
                const booking::Commit commit{from, before, state_named(again.workflow().state), after, requests, event.type};
                for (const booking::Violation& found : booking::commit_violations(commit))
                    ADD_FAILURE() << "number " << *event.seq << " " << event.type << ": " << found.name << ": " << found.words;
                before = std::move(after);
            }
        }
    }

    engine::Reader& reader_;
    const engine::Definitions definitions_ = daemon::definitions();
    const std::map<std::string, daemon::Audit, std::less<>> audits_ = daemon::audits();
};

} // namespace

void audit_store(const std::string& store_url) {
    const auto database = persistence::open_stores(store_url);
    ASSERT_TRUE(database) << database.error().message;
    const auto reader = database->readers->open();
    ASSERT_TRUE(reader) << reader.error().message;
    try {
        StoreAudit(**reader).run();
    } catch (const std::exception& unreadable) { // called while a test is taken down: nothing may leave
        ADD_FAILURE() << unreadable.what();
    }
}

} // namespace appointd::e2e
