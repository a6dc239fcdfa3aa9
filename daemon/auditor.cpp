#include "daemon/auditor.hpp"

#include "engine/runtime/replay.hpp"

#include <algorithm>

namespace appointd::daemon {

namespace {

constexpr std::size_t most_remembered = 256, most_told = 1'000;
constexpr int longest_history = 1'000; ///< a longer one is not folded here; `workflows replay` does it

std::string words_of(const engine::ReplayReport& report) {
    if (report.first)
        return "number " + std::to_string(report.first->seq) + ", " + report.first->type + ": recorded " +
               report.first->recorded + ", replayed " + report.first->replayed;
    std::string words;
    for (const auto& difference : report.differences) words += (words.empty() ? "differs: " : ", ") + difference.what;
    return words;
}

} // namespace

Auditor::Auditor(Options options, engine::Readers& readers, const engine::Definitions& definitions, engine::Clock& clock,
                 std::map<std::string, Audit, std::less<>> audits, Outlets outlets, Log log)
    : options_(options), readers_(readers), definitions_(definitions), clock_(clock), audits_(std::move(audits)),
      outlets_(std::move(outlets)), log_(std::move(log)) {}

Auditor::~Auditor() {
    stop();
    if (thread_.joinable()) thread_.join();
}

void Auditor::start() {
    if (options_.interval.count() > 0) thread_ = std::thread([this] { work(); });
}

void Auditor::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
}

bool Auditor::stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void Auditor::work() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, options_.interval, [this] { return stopping_; })) return;
        }
        try {
            const auto done = round();
            if (done) continue;
            // The engine and the readiness probe tell of a database that is away.
            log_.debug("an audit was cut short", {{"code", done.error().code}, {"message", done.error().message}});
        } catch (const std::exception& broken) {
            log_.error("an audit broke", {{"code", "audit_failed"}, {"what", broken.what()}});
        }
        reader_.reset(); // a fresh session next time
    }
}

Result<void> Auditor::round() {
    if (!reader_) {
        auto opened = readers_.open();
        if (!opened) return opened.error();
        reader_ = std::move(*opened);
    }
    if (auto changed = visit_changed(); !changed) return changed;
    return visit_next();
}

Result<void> Auditor::visit_changed() {
    std::vector<engine::WorkflowId> ids;
    {
        const std::lock_guard lock(mutex_);
        const auto room = static_cast<std::size_t>(options_.sample);
        for (; !changed_.empty() && ids.size() < room; changed_.pop_back()) ids.push_back(changed_.back());
        changed_.clear(); // what is older comes in its turn
    }
    for (const engine::WorkflowId& id : ids) {
        const auto row = reader_->workflow(id);
        if (!row) return row.error();
        if (!*row) continue;
        if (auto examined = examine(**row); !examined) return examined;
    }
    return {};
}

Result<void> Auditor::visit_next() {
    engine::WorkflowFilter filter;
    filter.limit = options_.sample;
    filter.before = before_;
    const auto rows = reader_->list(filter);
    if (!rows) return rows.error();
    for (const engine::WorkflowRow& row : *rows)
        if (auto examined = examine(row); !examined) return examined;
    if (rows->size() < static_cast<std::size_t>(options_.sample))
        before_.reset();
    else
        before_ = rows->back().id;
    return {};
}

Result<void> Auditor::examine(const engine::WorkflowRow& row) {
    if (stopping()) return Error{"shutting_down", "the node is stopping"};
    if (const auto audit = audits_.find(row.kind); audit != audits_.end()) {
        try {
            for (const Breach& breach : audit->second(row, clock_.now())) tell(row, breach);
        } catch (const std::exception& unreadable) {
            tell(row, {"H1", std::string("its data cannot be read: ") + unreadable.what()});
        }
    }
    if (row.revision <= longest_history) {
        const auto report = engine::replay(*reader_, definitions_, row.id);
        if (!report && report.error().code != "version_missing") return report.error();
        if (report && *report && !(*report)->same()) tell(row, {"H1", words_of(**report)});
    }
    outlets_.audited(1);
    return {};
}

void Auditor::tell(const engine::WorkflowRow& row, const Breach& breach) {
    if (told_.size() >= most_told) told_.clear();
    if (!told_.emplace(row.id, row.revision, breach.invariant).second) return;
    outlets_.broken(breach);
    log_.error("a workflow breaks an invariant", {{"code", "invariant_broken"},
                                                  {"workflow", engine::to_string(row.id)},
                                                  {"kind", row.kind},
                                                  {"state", row.state},
                                                  {"seq", row.revision},
                                                  {"invariant", breach.invariant},
                                                  {"words", breach.words}});
}

void Auditor::decided(const Decided& decided) {
    if (decided.workflow == engine::WorkflowId{} || options_.interval.count() == 0) return;
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || changed_.size() >= most_remembered) return; // its turn comes all the same
    if (std::ranges::find(changed_, decided.workflow) == changed_.end()) changed_.push_back(decided.workflow);
}

} // namespace appointd::daemon
