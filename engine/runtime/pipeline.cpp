#include "engine/runtime/pipeline.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace appointd::engine {

namespace {

constexpr int most_conflicts = 50;     ///< of an event alone; then it is answered "unavailable": somebody holds our rows
constexpr int conflicts_together = 12; ///< of a batch; then its halves go by themselves, so that one event cannot hold up all
constexpr int most_unknown = 20;       ///< tries to learn what came of a commit whose answer was lost
constexpr std::chrono::milliseconds away{250};

BatchId new_batch(Random& random) {
    Uuid id{};
    random.fill(std::span(id.data, 16));
    id.data[6] = static_cast<std::uint8_t>((id.data[6] & 0x0fu) | 0x40u);
    id.data[8] = static_cast<std::uint8_t>((id.data[8] & 0x3fu) | 0x80u);
    return BatchId(id);
}

} // namespace

/// One try of a batch.
struct Pipeline::Try {
    BatchId batch;
    Plan plan;
    std::vector<Lane> places;    ///< reserved for activities that are born claimed
    std::vector<EventId> events; ///< written by it: their rows tell whose they are
    std::chrono::steady_clock::time_point claimed{};
};

/// A batch on its way: what it names, this try, and the one before where that one's fate is not known.
struct Pipeline::Trial {
    Names names;
    Try current;
    std::optional<Try> uncertain;
    bool already_committed = false; ///< the uncertain try turned out to stand
    bool nothing_to_write = false;
    bool decided = false;
    std::string thrown; ///< deciding threw past the single events
};

Pipeline::Pipeline(Intake::Limits limits, Stores& stores, const Definitions& definitions, Rules rules, LaneControl& lanes,
                   const Fleet& fleet, const Clock& clock, Random& random, Observer& observer, PipelineOutlets outlets)
    : intake_(limits), stores_(stores), definitions_(definitions), rules_(rules), lanes_(lanes), fleet_(fleet), clock_(clock),
      random_(random), observer_(observer), outlets_(std::move(outlets)) {}

Pipeline::~Pipeline() {
    intake_.close();
    if (thread_.joinable()) thread_.join();
}

void Pipeline::start() {
    thread_ = std::thread([this] { run(); });
}

void Pipeline::run() {
    for (;;) {
        std::vector<Work> works = intake_.take();
        if (works.empty()) break;
        try {
            commit(works);
        } catch (const std::exception& error) { // no memory
            observer_.trouble("pipeline_threw", error.what());
            leave_undone(works);
        }
    }
    finished_ = true;
}

CommitReport Pipeline::attempt(Trial& trial, std::span<const Work> works) {
    trial.nothing_to_write = trial.already_committed = trial.decided = false;
    trial.thrown.clear();
    trial.current = {};
    if (!store_) {
        auto opened = stores_.open();
        if (!opened) return {Commit::unavailable, opened.error().message};
        store_ = std::move(*opened);
    }
    Try& now = trial.current;
    now.batch = new_batch(random_);
    return store_->commit(trial.names, [&](Look&& look) -> std::optional<Writes> {
        const auto own = [&](const Look::Seen& seen) { return seen.batch == trial.uncertain->batch; };
        trial.already_committed = trial.uncertain && std::any_of(look.seen.begin(), look.seen.end(), own);
        if (trial.already_committed) return std::nullopt;
        now.claimed = clock_.monotonic();
        try {
            const auto reserve = [this, &now](const Lane& lane) {
                if (!lanes_.reserve(lane)) return false;
                now.places.push_back(lane);
                return true;
            };
            const auto to_start = [this](std::string_view kind) { return fleet_.to_start(kind); };
            Deliberation deliberation(definitions_, rules_, {to_start, reserve}, trial.names, std::move(look), clock_.now(),
                                      now.batch);
            now.plan = deliberation.decide(works);
        } catch (const std::exception& error) {
            trial.thrown = error.what();
            return std::nullopt;
        }
        const Names& missing = now.plan.missing;
        if (!missing.workflows.empty() || !missing.keys.empty() || !missing.activities.empty()) return std::nullopt;
        trial.decided = true;
        trial.nothing_to_write = now.plan.writes.empty();
        if (trial.nothing_to_write) return std::nullopt;
        for (const EventRow& row : now.plan.writes.events) now.events.push_back(row.id);
        for (const Writes::Freed& freed : now.plan.writes.freed) now.events.push_back(freed.row.id);
        return std::move(now.plan.writes);
    });
}

bool Pipeline::commit(std::span<Work> works) {
    Trial trial;
    for (const Work& work : works) add_names(trial.names, work);
    int conflicts = 0, refusals = 0, unknown = 0;
    const auto started = clock_.monotonic();
    for (;;) {
        const CommitReport report = attempt(trial, works);
        if (report.status == Commit::committed || trial.nothing_to_write || trial.already_committed) {
            if (trial.already_committed)
                trial.current = std::move(*trial.uncertain);
            else if (trial.uncertain)
                abandon(*trial.uncertain);
            if (report.status != Commit::abandoned || trial.already_committed)
                observer_.committed(works.size(), clock_.monotonic() - started);
            finish(trial.current, works);
            return true;
        }
        if (report.status != Commit::abandoned) observer_.commit_failed(report.status, report.detail);
        if (report.status == Commit::unknown && trial.decided) {
            // Its rows are asked for by name: an outcome's or a timer's event is not known before it is decided.
            trial.names.events.insert(trial.current.events.begin(), trial.current.events.end());
            if (trial.uncertain) abandon(*trial.uncertain);
            trial.uncertain = std::move(trial.current);
            if (++unknown <= most_unknown) continue;
            trial.current = {};
            return fail(trial, works);
        }
        abandon(trial.current);
        switch (report.status) {
        case Commit::committed: break;
        case Commit::unknown:
        case Commit::unavailable:
            if (!trial.uncertain || ++unknown > most_unknown) return fail(trial, works);
            intake_.pause(away);
            break;
        case Commit::conflict:
            if (++conflicts > (works.size() > 1 ? conflicts_together : most_conflicts)) return give_up(trial, works);
            if (conflicts > 3) intake_.pause(std::chrono::milliseconds(1 + random_.bits() % 20));
            break;
        case Commit::abandoned:
            if (trial.thrown.empty()) { // decide again with the names that were missing
                trial.names.workflows.merge(trial.current.plan.missing.workflows);
                trial.names.keys.merge(trial.current.plan.missing.keys);
                trial.names.activities.merge(trial.current.plan.missing.activities);
                if (++conflicts > most_conflicts) return give_up(trial, works);
                break;
            }
            observer_.trouble("batch_threw", trial.thrown);
            [[fallthrough]];
        case Commit::bad_data: // once more from fresh reads, then the guilty one is looked for
            if (++refusals < 2) break;
            if (trial.uncertain) abandon(*trial.uncertain);
            return split(works);
        }
    }
}

/// Nothing but conflicts: each half for itself, and what is alone is answered "unavailable".
bool Pipeline::give_up(const Trial& trial, std::span<Work> works) {
    if (works.size() == 1) return fail(trial, works);
    if (trial.uncertain) abandon(*trial.uncertain);
    return halve(works);
}

/// Halves a batch that the database refuses until the guilty one stands alone; that one is stored dead. What an outcome brought
/// besides is judged before it, event by event: the outcome may be innocent, and nothing that was learned is lost with another.
bool Pipeline::split(std::span<Work> works) {
    if (works.size() > 1) return halve(works);
    Work& guilty = works.front();
    if (auto* ended = std::get_if<Ended>(&guilty.what); ended && !ended->result.learned.empty()) {
        std::vector<Work> learned;
        for (const Incoming& incoming : ended->result.learned)
            learned.push_back({.what = incoming, .received_at = guilty.received_at, .done = {}, .condemned = false});
        if (!commit(learned)) return fail({}, works);
        ended->result.learned.clear();
        return commit(works);
    }
    if (!guilty.condemned) {
        guilty.condemned = true;
        return commit(works);
    }
    observer_.trouble("not_storable", "an event could not even be stored as a dead letter; its sender will send it again");
    leave_undone(works);
    return true;
}

bool Pipeline::halve(std::span<Work> works) {
    const bool first = commit(works.first(works.size() / 2));
    const bool second = commit(works.subspan(works.size() / 2));
    return first && second;
}

/// Whoever waits for an answer is told to send again; claims run out and are taken up, timers and waits are proposed again.
void Pipeline::leave_undone(std::span<Work> works) {
    for (Work& work : works)
        if (work.done) outlets_.deliver({{std::exchange(work.done, {}), Answer{}}});
}

void Pipeline::finish(Try& stood, std::span<Work> works) {
    Plan& plan = stood.plan;
    observe(plan);
    std::vector<std::pair<std::function<void(Answer)>, Answer>> answers;
    for (std::size_t at = 0; at < works.size(); ++at)
        if (works[at].done) answers.emplace_back(std::exchange(works[at].done, {}), std::move(plan.answers[at]));
    if (!answers.empty()) outlets_.deliver(std::move(answers));
    if (!plan.born.empty()) outlets_.launch(std::move(plan.born), stood.claimed);
    if (!plan.backlog.empty()) outlets_.backlog();
}

void Pipeline::observe(const Plan& plan) const {
    for (const Verdicts& verdict : plan.verdicts)
        observer_.decided({.workflow = verdict.workflow,
                           .event = verdict.event,
                           .kind = verdict.kind,
                           .from = verdict.from,
                           .to = verdict.to,
                           .type = verdict.type,
                           .source = verdict.source,
                           .reason = verdict.reason,
                           .disposition = verdict.disposition,
                           .seq = verdict.seq});
    for (const auto& [timer, text] : plan.fired) {
        const auto split = text.find('\n');
        observer_.timer_fired(std::string_view(text).substr(0, split), std::string_view(text).substr(split + 1),
                              clock_.now() - timer.at);
    }
    for (const Late& late : plan.late) observer_.attempted(late.id, late.kind, late.lane, "late", "", "", 0, Seconds(0));
}

/// The database is away: outside senders send again; what the engine itself knows waits here.
bool Pipeline::fail(const Trial& trial, std::span<Work> works) {
    if (trial.uncertain) abandon(*trial.uncertain); // should it stand after all, its claims run out and are taken up
    std::vector<Work> keep;
    for (Work& work : works) {
        const bool proposal = std::holds_alternative<TimersDue>(work.what) || std::holds_alternative<Expired>(work.what);
        if (from_outside(work) || proposal || intake_.closed())
            leave_undone({&work, 1});
        else
            keep.push_back(std::exchange(work, {}));
    }
    if (!keep.empty()) {
        intake_.give_back(std::move(keep));
        intake_.pause(away);
    }
    return false;
}

/// Gives back the places of calls that will not be made.
void Pipeline::abandon(const Try& lost) {
    for (const Lane& lane : lost.places) lanes_.give_back(lane, 1);
}

} // namespace appointd::engine
