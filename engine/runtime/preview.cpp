#include "engine/runtime/preview.hpp"

#include "engine/runtime/advance.hpp"

namespace appointd::engine {

namespace {

template <class T> void append(std::vector<T>& all, const std::vector<T>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// One event and, depth first as the pipeline does it, what it raises.
class Trial {
public:
    Trial(const Definition& definition, Preview& preview, Time now)
        : definition_(definition), preview_(preview), timers_(parse_timers(preview.before.timers)), now_(now) {}

    Decision decide(const Event& event) {
        WorkflowRow& row = preview_.after;
        if (event.source == "timer") timers_.erase(event.type.substr(event.type.find('.') + 1));
        const Workflow workflow = seen(row, timers_);
        Decision decision = definition_.transition(&workflow, Input{event, now_, row.id, row.revision + 1});
        const auto* applied = std::get_if<Applied>(&decision);
        if (applied) {
            Applied spent = *applied;
            advance(row, timers_, spent, now_);
        } else if (std::holds_alternative<Ignored>(decision)) {
            pass_over(row, now_);
        }
        write_timers(row, timers_);
        if (!applied) return decision;
        append(preview_.activities, applied->activities);
        append(preview_.reopens, applied->reopens);
        append(preview_.skips, applied->skips);
        derive(event, applied->raised, row.revision);
        return decision;
    }

private:
    void derive(const Event& cause, const std::vector<Raised>& raised, int seq) {
        depth_ += 1;
        int n = 0;
        for (const Raised& one : raised) {
            if (depth_ > limits::derivations) break;
            const std::size_t place = preview_.derived.size();
            preview_.derived.push_back({one.type, Disposition::ignored, ""});
            const Event event{derived_id(preview_.after.id, seq, n++, cause.occurred_at),
                              "derived",
                              one.type,
                              cause.occurred_at,
                              one.payload,
                              ""};
            const Decision decision = decide(event);
            Preview::Derived& told = preview_.derived[place];
            if (const auto* applied = std::get_if<Applied>(&decision)) {
                told.disposition = Disposition::applied;
                told.reason = applied->note;
            } else if (const auto* ignored = std::get_if<Ignored>(&decision)) {
                told.reason = ignored->reason;
            } else if (const auto* deferred = std::get_if<Deferred>(&decision)) {
                told.disposition = Disposition::deferred;
                told.reason = deferred->reason;
            }
        }
        depth_ -= 1;
    }

    const Definition& definition_;
    Preview& preview_;
    Timers timers_;
    Time now_;
    std::size_t depth_ = 0;
};

} // namespace

Preview preview_of(const Definition& definition, const WorkflowRow& row, const Event& event, Time now) {
    Preview preview;
    preview.before = preview.after = row;
    preview.decision = Trial(definition, preview, now).decide(event);
    return preview;
}

} // namespace appointd::engine
