#include "tests/support/engine/faulty_stores.hpp"

#include <algorithm>

namespace appointd::engine::testing {

namespace {

const Error gone{"database_unavailable", "away"};
const Error held{"database_busy", "somebody holds a lock"};

class Session final : public Store {
public:
    Session(FaultyStores& faults, std::unique_ptr<Store> inner) : faults_(faults), inner_(std::move(inner)) {}

    CommitReport commit(const Names& names, const Decide& decide) override;
    Result<std::vector<ActivityRow>> claim(const Claim& claim) override {
        return change<std::vector<ActivityRow>>([&] { return inner_->claim(claim); });
    }
    Result<std::vector<std::pair<Lane, int>>> ready_lanes(Time now) override {
        return ask<std::vector<std::pair<Lane, int>>>([&] { return inner_->ready_lanes(now); });
    }
    Result<std::vector<Due>> due(Time now, int limit) override {
        return ask<std::vector<Due>>([&] { return inner_->due(now, limit); });
    }
    Result<std::vector<EventRow>> expired(Time now, int limit) override {
        return ask<std::vector<EventRow>>([&] { return inner_->expired(now, limit); });
    }
    Result<std::vector<std::string>> heartbeat(const Uuid& node, Time now, Time alive_after,
                                               const std::string& versions) override {
        return change<std::vector<std::string>>([&] { return inner_->heartbeat(node, now, alive_after, versions); });
    }
    Result<std::optional<Time>> server_time() override { // time is the test's: no database has a clock of its own
        return ask<std::optional<Time>>([] { return Result<std::optional<Time>>(std::nullopt); });
    }
    Result<int> purge_closed(Time before, int limit) override {
        return change<int>([&] { return inner_->purge_closed(before, limit); });
    }
    Result<std::vector<Fingerprint>> register_definitions(const std::vector<Fingerprint>& mine) override {
        return ask<std::vector<Fingerprint>>([&] { return inner_->register_definitions(mine); });
    }
    Result<std::vector<std::pair<std::string, int>>> live_versions() override {
        return ask<std::vector<std::pair<std::string, int>>>([&] { return inner_->live_versions(); });
    }

private:
    template <class T, class F> Result<T> ask(F&& question) {
        if (faults_.away()) return gone;
        return question();
    }
    template <class T, class F> Result<T> change(F&& question) {
        if (faults_.busy()) return held;
        return ask<T>(std::forward<F>(question));
    }
    FaultyStores& faults_;
    std::unique_ptr<Store> inner_;
};

CommitReport Session::commit(const Names& names, const Decide& decide) {
    if (faults_.away()) return {Commit::unavailable, "away"};
    faults_.wait_at_gate();
    Fault fault = Fault::none;
    bool refused = false;
    std::size_t events = 0;
    const CommitReport report = inner_->commit(names, [&](Look&& look) -> std::optional<Writes> {
        auto writes = decide(std::move(look));
        if (!writes) return writes;
        events = writes->events.size();
        refused = faults_.refuses(*writes);
        if (refused) return std::nullopt;
        faults_.dawdle();
        fault = faults_.next();
        if (fault == Fault::conflict || fault == Fault::unavailable || fault == Fault::unknown_lost) return std::nullopt;
        return writes;
    });
    if (refused) return {Commit::bad_data, "refused text"};
    switch (fault) {
    case Fault::conflict: return {Commit::conflict, "ordered"};
    case Fault::unavailable: return {Commit::unavailable, "ordered"};
    case Fault::unknown_lost: return {Commit::unknown, "ordered"};
    case Fault::unknown_done:
    case Fault::none: break;
    }
    if (report.status == Commit::committed) faults_.stood(events);
    return report.status == Commit::committed && fault == Fault::unknown_done ? CommitReport{Commit::unknown, "ordered"} : report;
}

} // namespace

Result<std::unique_ptr<Store>> FaultyStores::open() {
    if (away_) return gone;
    auto inner = inner_.open();
    if (!inner) return inner.error();
    return std::unique_ptr<Store>(std::make_unique<Session>(*this, std::move(*inner)));
}

void FaultyStores::fail_next(std::vector<Fault> faults) {
    const std::lock_guard lock(mutex_);
    ordered_.insert(ordered_.end(), faults.begin(), faults.end());
}

void FaultyStores::fail_when(std::function<Fault()> choose) {
    const std::lock_guard lock(mutex_);
    choose_ = std::move(choose);
}

void FaultyStores::refuse_text(std::string text) {
    const std::lock_guard lock(mutex_);
    refused_ = std::move(text);
}

void FaultyStores::close_gate() {
    const std::lock_guard lock(mutex_);
    gate_closed_ = true;
}

void FaultyStores::open_gate() {
    {
        const std::lock_guard lock(mutex_);
        gate_closed_ = false;
    }
    gate_changed_.notify_all();
}

void FaultyStores::wait_at_gate() {
    std::unique_lock lock(mutex_);
    gate_changed_.wait(lock, [this] { return !gate_closed_; });
}

void FaultyStores::slow_next(std::function<void()> meanwhile) {
    const std::lock_guard lock(mutex_);
    meanwhile_ = std::move(meanwhile);
}

void FaultyStores::dawdle() {
    std::function<void()> meanwhile;
    {
        const std::lock_guard lock(mutex_);
        std::swap(meanwhile, meanwhile_);
    }
    if (meanwhile) meanwhile();
}

Fault FaultyStores::next() {
    const std::lock_guard lock(mutex_);
    if (ordered_.empty()) return choose_ ? choose_() : Fault::none;
    const Fault fault = ordered_.front();
    ordered_.pop_front();
    return fault;
}

bool FaultyStores::refuses(const Writes& writes) const {
    const std::lock_guard lock(mutex_);
    if (refused_.empty()) return false;
    const auto holds = [&](const std::string& text) { return text.find(refused_) != std::string::npos; };
    return std::any_of(writes.events.begin(), writes.events.end(),
                       [&](const EventRow& row) { return holds(row.payload) || holds(row.raw); }) ||
           std::any_of(writes.freed.begin(), writes.freed.end(),
                       [&](const Writes::Freed& freed) { return holds(freed.row.reason); }) ||
           std::any_of(writes.workflows.begin(), writes.workflows.end(),
                       [&](const Writes::Update& update) { return holds(update.row.data); });
}

void FaultyStores::stood(std::size_t events) {
    commits_ += 1;
    std::size_t largest = largest_;
    while (events > largest && !largest_.compare_exchange_weak(largest, events)) {
    }
}

} // namespace appointd::engine::testing
