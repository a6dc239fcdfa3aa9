#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/reader.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace appointd::engine {

/// What a replay found. Nothing found: the history, folded through the transition, gives the stored rows byte for byte (H1).
struct ReplayReport {
    /// The first line of the history that is decided otherwise today; the ones after it follow from it.
    struct Line {
        int seq = 0;
        std::string type, recorded, replayed;
    };
    struct Difference {
        std::string what; ///< a column of the workflow, or "activity ID.7.0" with the column
        std::string stored, replayed;
    };
    int events = 0; ///< lines of the history
    std::optional<Line> first;
    std::vector<Difference> differences; ///< at most 50
    bool same() const { return !first && differences.empty(); }
};

/// Makes one workflow anew from its history: each line goes through the transition of the version that decided it, with the
/// instant that it was decided at. Knows no kind, no store and no clock. One thread; not copied.
class Replay {
public:
    Replay(const Definitions& definitions, WorkflowId id, std::string kind);

    /// Rows of this workflow without a place in its history (dead, still waiting), told before the first line: a timer whose
    /// event died is gone all the same.
    void set_aside(const EventRow& row);
    /// The next line, in order. False once it cannot go on: a version that this binary lacks, or a transition that throws.
    bool take(const EventRow& row);

    /// The workflow after the lines taken; revision 0 before the first. Its timers stand beside it: only `finish` writes them.
    const WorkflowRow& workflow() const { return row_; }
    const Timers& timers() const { return timers_; }
    /// Everything that was asked for so far, as it was first stored.
    const std::vector<ActivityRow>& requested() const { return requested_; }
    const std::optional<ReplayReport::Line>& first_divergence() const { return first_; }
    /// Compares with what is stored; `activities` newer than the last line taken are left out.
    ReplayReport finish(const WorkflowRow& stored, const std::vector<ActivityRow>& activities);

private:
    struct Waiting {
        std::string type, payload;
    };
    void diverge(const EventRow& row, std::string recorded, std::string replayed);
    void ring(const EventRow& row);
    void drop_lost_timers(Time until);
    void expect(const EventRow& row, Applied& applied);
    void check_derived(const EventRow& row);

    const Definitions& definitions_;
    WorkflowRow row_;
    Timers timers_;
    std::vector<ActivityRow> requested_;
    std::map<EventId, Waiting> derived_; ///< raised by a line, and not seen as a line of its own yet
    std::vector<EventRow> aside_;
    std::optional<ReplayReport::Line> first_;
    bool stuck_ = false;
};

/// Replays a stored workflow, page by page. What is decided while it reads is left out: it compares with the row as first read.
/// nullopt: there is no such workflow. Errors: those of the reader; version_missing (this binary lacks one that decided).
Result<std::optional<ReplayReport>> replay(Reader& reader, const Definitions& definitions, WorkflowId id);

} // namespace appointd::engine
