#pragma once

#include "engine/runtime/work.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace appointd::engine {

/// One event's fate, kept by value until the commit has happened.
struct Verdicts {
    WorkflowId workflow;
    EventId event;
    std::string kind, from, to, type, source, reason;
    Disposition disposition = Disposition::applied;
    int seq = 0;
};

/// An answer of a call that somebody else has taken over or ended.
struct Late {
    ActivityId id;
    std::string kind;
    Lane lane;
};

/// What a batch decided: what to write, and what to do once that is committed.
struct Plan {
    Writes writes;
    std::vector<Answer> answers; ///< one for each work
    std::vector<Verdicts> verdicts;
    std::vector<ActivityRow> born;                    ///< claimed at birth: the dispatcher starts them after the commit
    std::vector<Lane> backlog;                        ///< lanes of activities that were not
    std::vector<std::pair<Timer, std::string>> fired; ///< timers, with "kind\nname"
    std::vector<Late> late;                           ///< answers refused by their epoch or round
    Names missing;                                    ///< not empty: decide again with these names locked and read as well
};

struct Rules {
    Duration lease;
    Duration deferred_ttl;
};

/// Decides one batch in memory: pure, from what the locks protect. Knows no store, clock or thread; nothing it does is visible
/// before the commit.
class Deliberation {
public:
    /// What a decision asks of the node: the definition that a new workflow of a kind begins on (nullptr: no such kind), and a
    /// place for a call on a lane, asked once for each new activity (it is born claimed then).
    struct Asks {
        std::function<const Definition*(std::string_view kind)> to_start;
        std::function<bool(const Lane&)> reserve;
    };
    Deliberation(const Definitions& definitions, const Rules& rules, Asks asks, const Names& names, Look look, Time now,
                 BatchId batch);

    Plan decide(std::span<const Work> works);

private:
    struct Live {
        WorkflowRow row;
        Timers timers;
        int was = 0;
        bool changed = false;
    };
    struct Key {
        std::optional<WorkflowId> owner;
        bool stored = false;  ///< the database has it (perhaps with nobody)
        bool written = false; ///< in writes.keys
    };
    /// An event to decide, and the row it has (if any).
    struct Case {
        Event event;
        Address address;
        Time received_at;
        std::optional<EventRow> stored; ///< deferred or dead: freed instead of inserted
    };
    struct Parked {
        Case waiting;
        std::optional<std::size_t> inserted; ///< parked by this very batch: index into writes.events
        bool settled = false;
    };

    // deliberation_work.cpp: what each kind of work means
    Answer handle(const Work& work);
    Answer handle(const Work& work, const Incoming& incoming);
    Answer handle(const Work& work, const Ended& ended);
    Answer handle(const Work& work, const Postponed& postponed);
    Answer handle(const Work& work, const TimersDue& due);
    Answer handle(const Work& work, const Expired& expired);
    Answer handle(const Work& work, const Requeued& requeued);
    Answer duplicate(const Event& event, const Look::Seen& seen);
    void close_skipped(const ActivityId& id);

    // deliberation.cpp: one event against one workflow
    Answer settle(Case&& subject);
    Answer start(Case&& subject, std::string_view reason);
    Answer wait(Case&& subject, const CorrelationKey& key, std::string_view reason);
    Answer decide(Case&& subject, Live& live);
    void wake();
    Live* resolve(const Address& address);
    Key& key(const CorrelationKey& key);

    // deliberation_effect.cpp: what a decision leads to
    Answer apply(Case&& subject, Live& live, const Definition& definition, Applied&& applied);
    Answer park(Case&& subject, Live& live, Deferred&& deferred);
    Answer set_aside(Case&& subject, Live& live);
    Answer refuse(Case&& subject, Live* live, std::string reason);
    Answer bury(Case&& subject, std::optional<WorkflowId> workflow, std::string reason);
    Answer leave(Case&& subject, Live* live, std::string reason);
    void request(Live& live, std::vector<ActivityRequest>& requests);
    void bind(Live& live, const std::vector<CorrelationKey>& keys);
    void raise(Live& live, const Event& cause, std::vector<Raised>& raised);
    void keep_waiting(Case&& subject, EventRow row);
    EventRow row_of(const Case& subject, Disposition disposition, std::string reason) const;
    void record(EventRow row);
    Answer answer(const Case& subject, const Live* live, Disposition disposition, std::string reason) const;
    void correct(Answer& answer) const;
    void finish();

    const Definitions& definitions_;
    const Rules& rules_;
    Asks asks_;
    const Names& names_;
    Time now_;
    BatchId batch_;
    Plan plan_;
    std::map<WorkflowId, Live> live_;
    std::map<CorrelationKey, Key> keys_;
    std::map<EventId, Look::Seen> seen_;
    std::map<ActivityId, Look::Activity> activities_;
    std::vector<Parked> parked_;
    std::vector<std::pair<WorkflowId, std::set<CorrelationKey>>> moved_;
    std::set<ActivityId> reopened_; ///< by this batch
    std::size_t depth_ = 0;         ///< of events derived from derived events
};

} // namespace appointd::engine
