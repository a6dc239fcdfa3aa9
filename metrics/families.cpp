#include "metrics/families.hpp"

#include <algorithm>

namespace appointd::metrics {

namespace {

// Latencies of our own work, of calls over the network, and of alarms that may be late by hours after an outage.
constexpr double fast[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
constexpr double call[] = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15};
constexpr double late[] = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 1800, 3600, 21600, 86400};
constexpr double batch[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

// clang-format off
constexpr Declaration table[] = {
    {Id::webhooks, Type::counter, "appointd_webhooks_total", {"provider", "disposition"},
     "Webhooks by what was answered: applied, duplicate, deferred, ignored, dead, rejected (401, 400, 413), unavailable (503)."},
    {Id::webhook_ack, Type::histogram, "appointd_webhook_ack_seconds", {"provider"},
     "From the whole webhook received to its answer, which is sent after the commit.", fast},
    {Id::http_requests, Type::counter, "appointd_http_requests_total", {"listener", "route", "status"},
     "Requests answered, by listener (public, admin), route as declared and status class (2xx to 5xx)."},
    {Id::http_request, Type::histogram, "appointd_http_request_seconds", {"listener"},
     "From a whole request received to its answer.", fast},
    {Id::events, Type::counter, "appointd_events_total", {"source", "disposition"},
     "Events decided and committed, by source and disposition."},
    {Id::transitions, Type::counter, "appointd_transitions_total", {"kind", "from", "to", "event"},
     "Applied events by the step they made; a step that stays has the same from and to; the first step comes from 'none'.", {}, 1024},
    {Id::workflows, Type::gauge, "appointd_workflows", {"kind", "state"},
     "Workflows by state, read from the store: the same on every node (take max, not sum)."},
    {Id::oldest_workflow, Type::gauge, "appointd_oldest_workflow_seconds", {"kind", "state"},
     "Age of the oldest workflow in a state, by its creation; read from the store, 0 where there is none."},
    {Id::attention, Type::gauge, "appointd_attention", {"reason"},
     "Workflows that wait for a person, by reason; read from the store."},
    {Id::activities, Type::counter, "appointd_activities_total", {"provider", "kind", "outcome"},
     "Activities ended: succeeded, failed (for good), exhausted (used up, tried again by reconciliation)."},
    {Id::activity_attempts, Type::counter, "appointd_activity_attempts_total", {"provider", "kind", "outcome"},
     "Attempts of activities: succeeded, failed, exhausted, retry, wait (nothing counted as sent), late (counted besides: refused by its epoch)."},
    {Id::activity, Type::histogram, "appointd_activity_seconds", {"provider", "kind"},
     "Duration of an attempt that was sent.", call},
    {Id::pending_activities, Type::gauge, "appointd_pending_activities", {"provider"},
     "Open activities (the outbox); read from the store."},
    {Id::oldest_pending_activity, Type::gauge, "appointd_oldest_pending_activity_seconds", {},
     "Age of the oldest open activity, 0 where there is none; read from the store."},
    {Id::breaker, Type::gauge, "appointd_breaker_state", {"provider"},
     "Circuit breaker of this node: 0 closed, 1 half-open, 2 open; the worst of the provider's accounts."},
    {Id::commit, Type::histogram, "appointd_commit_seconds", {},
     "Duration of a batch, from its first statement to the end of its commit.", fast},
    {Id::commit_batch, Type::histogram, "appointd_commit_batch_size", {},
     "Events in a committed batch.", batch},
    {Id::commit_failures, Type::counter, "appointd_commit_failures_total", {"reason"},
     "Batches that did not commit as they stood: conflict (decided anew), bad_data, unavailable, unknown."},
    {Id::queue_depth, Type::gauge, "appointd_queue_depth", {},
     "Events from outside that wait for a commit on this node."},
    {Id::overloaded, Type::counter, "appointd_overloaded_total", {},
     "Events turned away because the queue was full; their senders were told to send again."},
    {Id::timers_fired, Type::counter, "appointd_timers_fired_total", {"kind", "timer"},
     "Timers that fired."},
    {Id::timer_lag, Type::gauge, "appointd_timer_lag_seconds", {},
     "How long the earliest timer has been due without firing, 0 where none is due; read from the store."},
    {Id::timer_lateness, Type::histogram, "appointd_timer_lateness_seconds", {},
     "How late timers fired on this node.", late},
    {Id::dead_letters, Type::gauge, "appointd_dead_letters", {},
     "Events set aside as dead; read from the store."},
    {Id::deferred, Type::gauge, "appointd_deferred_events", {},
     "Events that came early and wait; read from the store."},
    {Id::store_bytes, Type::gauge, "appointd_store_bytes", {"table"},
     "Size of a table with its indexes; of the whole file on SQLite."},
    {Id::store_reachable, Type::gauge, "appointd_store_reachable", {},
     "1 when the last scrape could read the store; at 0 the gauges read from the store show their last values."},
    {Id::ready, Type::gauge, "appointd_ready", {},
     "1 when this node would answer /readyz with 200."},
    {Id::troubles, Type::counter, "appointd_troubles_total", {"code"},
     "Failures of the engine that an operator can meet, by their stable code (docs/errors.md).", {}, 64},
    {Id::audited, Type::counter, "appointd_audited_workflows_total", {},
     "Stored workflows that this node's auditor held against the invariants; each comes again in its turn."},
    {Id::invariant_violations, Type::counter, "appointd_invariant_violations_total", {"invariant"},
     "Invariants (docs/booking.md) that a stored workflow was found to break, once for each of its revisions. Always 0."},
    {Id::build, Type::gauge, "appointd_build_info", {"version", "compiler"},
     "Always 1; the labels say what is running."},
    {Id::process_cpu, Type::counter, "process_cpu_seconds_total", {}, "User and system CPU time spent."},
    {Id::process_memory, Type::gauge, "process_resident_memory_bytes", {}, "Resident memory."},
    {Id::process_virtual_memory, Type::gauge, "process_virtual_memory_bytes", {}, "Virtual memory."},
    {Id::process_open_fds, Type::gauge, "process_open_fds", {}, "Open file descriptors."},
    {Id::process_max_fds, Type::gauge, "process_max_fds", {}, "Limit of open file descriptors."},
    {Id::process_start, Type::gauge, "process_start_time_seconds", {}, "Start of the process, in seconds since 1970."},
};
// clang-format on

consteval bool in_order() {
    std::size_t place = 0;
    for (const Declaration& row : table) {
        if (static_cast<std::size_t>(row.id) != place++) return false;
    }
    return place == static_cast<std::size_t>(Id::count);
}
static_assert(in_order(), "the table holds each Id once, in the order of the enumeration");

} // namespace

std::size_t Declaration::label_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(labels, [](std::string_view label) { return !label.empty(); }));
}

std::span<const Declaration> families() { return table; }

const Declaration& family(Id id) { return table[static_cast<std::size_t>(id)]; }

std::string_view to_string(Type type) {
    switch (type) {
    case Type::counter: return "counter";
    case Type::gauge: return "gauge";
    case Type::histogram: return "histogram";
    }
    return "untyped";
}

std::string families_page() {
    std::string page =
        "# Metrics\n\n"
        "What `GET /metrics` on the admin listener exposes, in the Prometheus text format. Drawn from metrics/families.cpp;\n"
        "`APPOINTD_UPDATE_DOCS=1 ctest -R metrics_tests` draws it again. Alert rules and a dashboard built on these names are in "
        "deploy/.\n\n"
        "Gauges read from the store show its truth on every node: with several nodes take `max`, not `sum`. Counters and "
        "histograms\n"
        "count what this node did: take `sum`. A label value outside its closed list is counted as `other`.\n\n"
        "| name | type | labels | meaning |\n|---|---|---|---|\n";
    for (const Declaration& row : table) {
        page.append("| `").append(row.name).append("` | ").append(to_string(row.type)).append(" | ");
        for (std::size_t i = 0; i < row.label_count(); ++i) page.append(i == 0 ? "" : ", ").append(row.labels[i]);
        page.append(" | ").append(row.help).append(" |\n");
    }
    return page;
}

} // namespace appointd::metrics
