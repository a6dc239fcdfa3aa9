#pragma once

#include "engine/core/decision.hpp"
#include "foundation/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The questions the engine asks of a database. Payload, data, request, raw and timers are text that no store looks into.
namespace appointd::engine {

struct WorkflowRow {
    WorkflowId id;
    std::string owner;
    std::string kind;
    int version = 0;
    std::string state;
    int revision = 0; ///< number of decided events
    std::string data;
    std::string timers = "{}";
    std::optional<Time> wake_at;
    std::optional<std::string> attention;
    std::string search;
    Time created_at;
    Time changed_at;
    std::optional<Time> closed_at;
};

/// One row: inbox, dedupe and history at once (kernel.md).
struct EventRow {
    EventId id;
    std::optional<WorkflowId> workflow;
    std::optional<int> seq; ///< null: belongs to no history (ignored as not ours), or still waits
    std::string source, type;
    std::optional<CorrelationKey> waits_for;
    Time occurred_at, received_at, decided_at;
    std::optional<int> version; ///< of the definition that decided it
    BatchId batch;
    Disposition disposition = Disposition::applied;
    std::string reason; ///< why ignored, deferred or dead; the note of an applied one
    std::string payload;
    std::string result; ///< of an applied one: "FROM>TO"
    std::string raw;
    std::string address; ///< encoded Address, kept only while it may be decided again (deferred, dead)
    Time expires_at;     ///< deferred only: when its wait ends; else 1970
};

enum class ActivityState { open, succeeded, failed, exhausted, skipped };
std::string_view to_string(ActivityState state);
std::optional<ActivityState> parse_activity_state(std::string_view text);

struct ActivityRow {
    ActivityId id;
    Lane lane;
    int priority = 5;
    std::string kind;
    ActivityState state = ActivityState::open;
    int round = 1;
    int generation = 1;
    int epoch = 0;                     ///< number of the claim; 0: never claimed
    int tries = 0;                     ///< attempts that count
    Time ready_at;                     ///< open: retry time, or the end of the lease
    std::optional<Time> first_sent_at; ///< of this generation
    std::string request;
    std::string outcome;
    std::string last_error; ///< "code: message" of the last attempt
    Time created_at;
};

// --- one batch -----------------------------------------------------------------------------------------------------------------

/// What a batch may touch, known before any lock.
struct Names {
    std::set<WorkflowId> workflows;
    std::set<CorrelationKey> keys;
    std::set<EventId> events;
    std::set<ActivityId> activities;
};

/// What the locks protect, read after they are held.
struct Look {
    struct Seen {
        EventId id;
        std::optional<WorkflowId> workflow;
        Disposition disposition;
        BatchId batch;
    };
    struct Key {
        CorrelationKey key;
        std::optional<WorkflowId> workflow; ///< nullopt: somebody waits for it
    };
    struct Activity {
        ActivityId id;
        ActivityState state;
        int round = 1, generation = 1, epoch = 0, tries = 0;
        std::string kind, outcome, request;
        Time created_at;
    };
    std::vector<WorkflowRow> workflows; ///< those named, and those that own a named key
    std::vector<Seen> seen;
    std::vector<EventRow> waiting; ///< deferred rows of a locked workflow or under a named key; also those named by event id
    std::vector<Key> keys;
    std::vector<Activity> activities;
};

/// What a batch writes; the store compares the rows done with the rows meant, table by table.
struct Writes {
    struct Freed {
        EventRow row; ///< its id, workflow, seq, waits_for, disposition, reason, result, decided_at, version, batch, address,
                      ///< expires_at
        Disposition was;
    };
    struct Update {
        WorkflowRow row;
        int was = 0; ///< revision before; 0: the row is new
    };
    struct Attempted { ///< about a claimed activity: guarded by epoch and state = open
        ActivityId id;
        int epoch = 0;
        ActivityState state = ActivityState::open;
        int tries = 0, generation = 1;
        Time ready_at;
        bool clear_first_sent = false; ///< a new generation begins
        std::string outcome, last_error;
    };
    struct Reopened { ///< a closed activity's next round: guarded by state <> open
        ActivityId id;
        Time ready_at;
    };
    std::vector<EventRow> events;
    std::vector<Freed> freed;
    std::vector<Update> workflows;
    std::vector<ActivityRow> activities;
    std::vector<Attempted> attempted;
    std::vector<ActivityId> skipped; ///< open activities closed without another attempt: guarded by state = open
    std::vector<Reopened> reopened;
    std::vector<Look::Key> keys;  ///< upsert: bind (owner given) a free or own key, or wait (no owner) on a free or unowned one
    std::vector<Look::Key> binds; ///< give a key that `look` showed as waited for its owner

    bool empty() const {
        return events.empty() && freed.empty() && workflows.empty() && activities.empty() && attempted.empty() &&
               skipped.empty() && reopened.empty() && keys.empty() && binds.empty();
    }
};

enum class Commit {
    committed,
    conflict,    ///< counts differed, serialisation failure, deadlock, lock timeout: rolled back; decide anew from fresh rows
    bad_data,    ///< the database refused a value (its type, its size, a constraint): rolled back
    unavailable, ///< nothing was written: no connection, no resources
    unknown,     ///< the answer to the commit was lost: ask again with the same event ids
    abandoned,   ///< `decide` answered nullopt: rolled back
};

struct CommitReport {
    Commit status = Commit::unavailable;
    std::string detail; ///< for the log
};

/// Decides a batch in memory; nullopt asks to roll back.
using Decide = std::function<std::optional<Writes>(Look&&)>;

struct Claim {
    Lane lane;
    Time now, until; ///< `until` becomes ready_at: the end of the lease
    int room = 0;
    std::string versions; ///< "booking/1 reconciliation/1": only activities of workflows on one of these
};

struct Due {
    WorkflowId workflow;
    Time wake_at;
};

/// One database session: one thread at a time; calls block up to the statement timeout.
class Store {
public:
    virtual ~Store() = default;

    /// One transaction: lock the workflows in id order, look, decide, write, compare counts, commit.
    virtual CommitReport commit(const Names& names, const Decide& decide) = 0;

    /// Takes over open activities that are ready: epoch + 1, ready_at = until, first_sent_at kept or now. Best priority first.
    virtual Result<std::vector<ActivityRow>> claim(const Claim& claim) = 0;
    /// Lanes that have open activities ready at `now`, with how many.
    virtual Result<std::vector<std::pair<Lane, int>>> ready_lanes(Time now) = 0;

    /// Proposals only: what is really due is read under the lock. Earliest first.
    virtual Result<std::vector<Due>> due(Time now, int limit) = 0;
    /// Deferred events whose wait is over, as their rows.
    virtual Result<std::vector<EventRow>> expired(Time now, int limit) = 0;

    /// Writes this node's row and answers the versions of each live node (seen since `alive_after`), itself included.
    virtual Result<std::vector<std::string>> heartbeat(const Uuid& node, Time now, Time alive_after,
                                                       const std::string& versions) = 0;
    /// The database's own clock; an embedded database answers nullopt (it has none of its own).
    virtual Result<std::optional<Time>> server_time() = 0;

    /// Deletes up to `limit` whole workflows closed before `before`, with their events, keys and activities; answers how many.
    virtual Result<int> purge_closed(Time before, int limit) = 0;

    struct Fingerprint {
        std::string kind;
        int version;
        std::string fingerprint;
    };
    /// Remembers the definitions of this binary, and answers every one the database knows.
    virtual Result<std::vector<Fingerprint>> register_definitions(const std::vector<Fingerprint>& mine) = 0;
    /// (kind, version) of workflows that are not closed.
    virtual Result<std::vector<std::pair<std::string, int>>> live_versions() = 0;
};

/// Opens sessions; safe from any thread.
class Stores {
public:
    virtual ~Stores() = default;
    virtual Result<std::unique_ptr<Store>> open() = 0;
    /// How many pipelines may run at once on this database: 1 where it has one writer.
    virtual int lanes() const = 0;
};

} // namespace appointd::engine
