#pragma once

#include "engine/core/decision.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace appointd::engine {

/// A workflow as a transition sees it.
struct Workflow {
    WorkflowId id;
    std::string owner;
    std::string kind;
    int version = 0;
    std::string state;
    int revision = 0;
    std::string data;
    Timers timers;
};

/// Everything that a transition may know besides the workflow. The instant and the ids are inputs, so the same inputs decide the
/// same.
struct Input {
    const Event& event;
    Time now;
    WorkflowId self; ///< the workflow's id, also where it is only beginning
    int seq = 1;     ///< the history number this event takes: revision + 1
};

/// One row of a transition table in words, for the diagram, the matrix and the admin API.
struct RowText {
    std::string from, event, guard, to, outcome, reason;
    std::vector<std::string> actions;
};

/// A versioned table of a workflow kind, behind one pure function. Values; safe from any thread.
struct Definition {
    std::string kind;
    int version = 1;
    std::vector<std::string> states;
    std::vector<std::string> events;
    std::vector<RowText> rows;
    /// SHA-1 over the rows in words. A released version never changes; with the golden histories of the tests it guards that.
    std::string fingerprint;
    /// Null where the workflow does not exist yet. Throws only on data or payload that no version of ours wrote: the event is
    /// dead then.
    std::function<Decision(const Workflow*, const Input&)> transition;
};

/// All definitions of a binary: (kind, version).
class Definitions {
public:
    explicit Definitions(std::vector<Definition> definitions);
    const Definition* find(std::string_view kind, int version) const;
    const Definition* newest(std::string_view kind) const;
    const std::vector<Definition>& all() const { return definitions_; }

private:
    std::vector<Definition> definitions_;
};

/// The state diagram as Mermaid (stateDiagram-v2): one arrow per (from, to) with its events.
std::string to_mermaid(const Definition& definition);

} // namespace appointd::engine
