#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace appointd::metrics {

/// Every family that the daemon exposes, in the order of the table in families.cpp.
enum class Id {
    webhooks,
    webhook_ack,
    http_requests,
    http_request,
    events,
    transitions,
    workflows,
    oldest_workflow,
    attention,
    activities,
    activity_attempts,
    activity,
    pending_activities,
    oldest_pending_activity,
    breaker,
    commit,
    commit_batch,
    commit_failures,
    queue_depth,
    overloaded,
    timers_fired,
    timer_lag,
    timer_lateness,
    dead_letters,
    deferred,
    store_bytes,
    store_reachable,
    ready,
    troubles,
    audited,
    invariant_violations,
    build,
    process_cpu,
    process_memory,
    process_virtual_memory,
    process_open_fds,
    process_max_fds,
    process_start,
    count
};

enum class Type { counter, gauge, histogram };

struct Declaration {
    Id id;
    Type type;
    std::string_view name;
    std::array<std::string_view, 4> labels; ///< unused places are empty
    std::string_view help;
    std::span<const double> buckets{}; ///< histograms only: upper bounds
    std::size_t series = 256;          ///< label sets at most; what comes later is counted under "other"

    std::size_t label_count() const;
};

/// The table: constant, in the order of Id.
std::span<const Declaration> families();
const Declaration& family(Id id);
std::string_view to_string(Type type);

/// The page docs/metrics.md, drawn from the table.
std::string families_page();

} // namespace appointd::metrics
