#include "engine/runtime/pipeline.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

namespace appointd::engine {

namespace {

constexpr int most_conflicts = 50; ///< then the batch is answered "unavailable": somebody holds our rows
constexpr int most_unknown = 20;   ///< tries to learn what came of a commit whose answer was lost
constexpr std::chrono::milliseconds away{250};

BatchId new_batch(Random& random) {
    Uuid id{};
    random.fill(std::span(id.data, 16));
    id.data[6] = static_cast<std::uint8_t>((id.data[6] & 0x0fu) | 0x40u);
    id.data[8] = static_cast<std::uint8_t>((id.data[8] & 0x3fu) | 0x80u);
    return BatchId(id);
}

} // namespace

/// One batch on its way: what it names, and the try before this one where that one's fate is not known.
struct Pipeline::Trial {
    Names names;
    Plan plan;
    BatchId batch;
    std::optional<Plan> uncertain;
    BatchId uncertain_batch;
    bool already_committed = false; ///< the uncertain try turned out to stand
    bool nothing_to_write = false;
    std::string thrown; ///< deciding threw past the single events
    std::chrono::steady_clock::time_point claimed{};
};

Pipeline::Pipeline(Intake::Limits limits, Stores& stores, const Definitions& definitions, Rules rules, LaneControl& lanes,
                   const Clock& clock, Random& random, Observer& observer, PipelineOutlets outlets)
    : intake_(limits), stores_(stores), definitions_(definitions), rules_(rules), lanes_(lanes), clock_(clock), random_(random),
      observer_(observer), outlets_(std::move(outlets)) {}

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
        observer_.queue_depth(intake_.depth());
        if (works.empty()) break;
        commit(std::move(works));
    }
    finished_ = true;
}

CommitReport Pipeline::attempt(Trial& trial, const std::vector<Work>& works) {
    if (!store_) {
        auto opened = stores_.open();
        if (!opened) return {Commit::unavailable, opened.error().message};
        store_ = std::move(*opened);
    }
    trial.batch = new_batch(random_);
    trial.plan = {};
    trial.nothing_to_write = trial.already_committed = false;
    trial.thrown.clear();
    return store_->commit(trial.names, [&](Look&& look) -> std::optional<Writes> {
        const auto own = [&](const Look::Seen& seen) { return seen.batch == trial.uncertain_batch; };
        trial.already_committed = trial.uncertain && std::any_of(look.seen.begin(), look.seen.end(), own);
        if (trial.already_committed) return std::nullopt;
        trial.claimed = clock_.monotonic();
        try {
            Deliberation deliberation(
                definitions_, rules_, [this](const Lane& lane) { return lanes_.reserve(lane); }, trial.names, std::move(look),
                clock_.now(), trial.batch);
            trial.plan = deliberation.decide(works);
        } catch (const std::exception& error) {
            trial.thrown = error.what();
            return std::nullopt;
        }
        const Names& missing = trial.plan.missing;
        if (!missing.workflows.empty() || !missing.keys.empty() || !missing.activities.empty()) return std::nullopt;
        trial.nothing_to_write = trial.plan.writes.empty();
        if (trial.nothing_to_write) return std::nullopt;
        return std::move(trial.plan.writes);
    });
}

void Pipeline::commit(std::vector<Work> works) {
    Trial trial;
    for (const Work& work : works) add_names(trial.names, work);
    int conflicts = 0, refusals = 0, unknown = 0;
    const auto started = clock_.monotonic();
    for (;;) {
        const CommitReport report = attempt(trial, works);
        if (report.status == Commit::committed || trial.nothing_to_write || trial.already_committed) {
            if (trial.already_committed)
                trial.plan = std::move(*trial.uncertain);
            else if (trial.uncertain)
                abandon(*trial.uncertain);
            if (report.status == Commit::committed) observer_.committed(works.size(), clock_.monotonic() - started);
            return finish(trial.plan, works, trial);
        }
        if (report.status == Commit::abandoned && trial.thrown.empty()) { // decide again with the names that were missing
            trial.names.workflows.merge(trial.plan.missing.workflows);
            trial.names.keys.merge(trial.plan.missing.keys);
            trial.names.activities.merge(trial.plan.missing.activities);
            abandon(trial.plan);
            if (++conflicts > most_conflicts) return fail(std::move(works));
            continue;
        }
        if (report.status != Commit::abandoned) observer_.commit_failed(report.status, report.detail);
        if (report.status == Commit::unknown) {
            if (trial.uncertain) abandon(*trial.uncertain);
            trial.uncertain = std::move(trial.plan);
            trial.uncertain_batch = trial.batch;
            if (++unknown > most_unknown) return fail(std::move(works));
            continue;
        }
        abandon(trial.plan);
        if (report.status == Commit::unavailable) {
            if (trial.uncertain && ++unknown <= most_unknown) {
                intake_.pause(away);
                continue;
            }
            if (trial.uncertain) abandon(*trial.uncertain);
            return fail(std::move(works));
        }
        if (report.status == Commit::conflict) {
            if (++conflicts > most_conflicts) return fail(std::move(works));
            if (conflicts > 3) intake_.pause(std::chrono::milliseconds(1 + random_.bits() % 20));
            continue;
        }
        // bad data, or deciding threw: once more from fresh reads, then the guilty one is looked for
        if (!trial.thrown.empty()) observer_.trouble("batch_threw", trial.thrown);
        if (++refusals >= 2) return split(std::move(works));
    }
}

/// Halves a batch that the database refuses until the guilty one stands alone; that one is stored dead.
void Pipeline::split(std::vector<Work> works) {
    if (works.size() == 1) {
        if (works.front().condemned) {
            observer_.trouble("not_storable",
                              "an event could not even be stored as a dead letter; its sender will send it again");
            if (works.front().done) outlets_.deliver({{std::move(works.front().done), Answer{}}});
            return;
        }
        works.front().condemned = true;
        return commit(std::move(works));
    }
    const auto middle = works.begin() + static_cast<std::ptrdiff_t>(works.size() / 2);
    std::vector<Work> second(std::make_move_iterator(middle), std::make_move_iterator(works.end()));
    works.erase(middle, works.end());
    commit(std::move(works));
    commit(std::move(second));
}

void Pipeline::finish(Plan& plan, std::vector<Work>& works, const Trial& trial) {
    observe(plan);
    std::vector<std::pair<std::function<void(Answer)>, Answer>> answers;
    for (std::size_t at = 0; at < works.size(); ++at)
        if (works[at].done) answers.emplace_back(std::move(works[at].done), std::move(plan.answers[at]));
    if (!answers.empty()) outlets_.deliver(std::move(answers));
    if (!plan.born.empty()) outlets_.launch(std::move(plan.born), trial.claimed);
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
    for (const ActivityId& id : plan.late) observer_.attempted(id, "", Lane(), "late", "", "", 0, Seconds(0));
}

/// The database is away: outside senders send again; what the engine itself knows waits here.
void Pipeline::fail(std::vector<Work> works) {
    std::vector<std::pair<std::function<void(Answer)>, Answer>> answers;
    std::vector<Work> keep;
    for (Work& work : works) {
        const bool proposal = std::holds_alternative<TimersDue>(work.what) || std::holds_alternative<Expired>(work.what);
        if (from_outside(work) || proposal || intake_.closed()) {
            if (work.done) answers.emplace_back(std::move(work.done), Answer{});
        } else {
            keep.push_back(std::move(work));
        }
    }
    if (!answers.empty()) outlets_.deliver(std::move(answers));
    if (!keep.empty()) {
        intake_.give_back(std::move(keep));
        intake_.pause(away);
    }
}

/// Gives back the places of calls that will not be made.
void Pipeline::abandon(const Plan& plan) {
    for (const ActivityRow& row : plan.born) lanes_.give_back(row.lane, 1);
}

} // namespace appointd::engine
