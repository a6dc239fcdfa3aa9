#include "engine/runtime/housekeeping.hpp"

#include <cstdlib>
#include <exception>

namespace appointd::engine {

namespace {
constexpr int timers_at_once = 512;
constexpr int expiries_at_once = 256;
constexpr int purges_at_once = 50;
constexpr int claims_at_once = 64;
constexpr std::chrono::seconds clock_every{60}, expiry_every{1}, purge_every{30};
constexpr std::chrono::seconds most_drift{5};
constexpr std::chrono::hours shortest_retention{24 * 30};

} // namespace

Housekeeping::Housekeeping(const Options& options, Stores& stores, LaneControl& lanes, Fleet& fleet, Clock& clock, Random& random,
                           Observer& observer, HousekeepingOutlets outlets)
    : options_(options), stores_(stores), lanes_(lanes), fleet_(fleet), clock_(clock), observer_(observer),
      outlets_(std::move(outlets)) {
    random.fill(std::span(node_.data, 16));
}

Housekeeping::~Housekeeping() { join(); }

void Housekeeping::join() {
    stop();
    if (thread_.joinable()) thread_.join();
}

void Housekeeping::start() {
    thread_ = std::thread([this] { run(); });
}

void Housekeeping::poke() {
    {
        const std::lock_guard lock(mutex_);
        poked_ = true;
    }
    changed_.notify_one();
}

void Housekeeping::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
}

void Housekeeping::run() {
    for (;;) {
        try {
            look(clock_.monotonic());
        } catch (const std::exception& error) { // no memory: the next look begins anew
            observer_.trouble("housekeeping_threw", error.what());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, options_.poll, [this] { return poked_ || stopping_; });
        poked_ = false;
        if (stopping_) break;
    }
    finished_ = true;
}

template <class T> bool Housekeeping::ok(const char* what, const Result<T>& result) {
    if (result) {
        database_ok_ = true;
        return true;
    }
    const Error& error = result.error();
    const bool answered = error.code != "database_unavailable"; // somebody else holds a lock, or a value was refused
    if (answered || database_ok_.exchange(false)) observer_.trouble(error.code, std::string(what) + ": " + error.message);
    return false;
}

bool Housekeeping::is_due(std::chrono::steady_clock::time_point& next, Duration every,
                          std::chrono::steady_clock::time_point now) {
    if (now < next) return false;
    next = now + every;
    return true;
}

void Housekeeping::look(std::chrono::steady_clock::time_point now) {
    if (!store_) {
        auto opened = stores_.open();
        if (!ok("open", opened)) return;
        store_ = std::move(*opened);
    }
    if (!database_ok_ || is_due(next_clock_, clock_every, now)) sample_clock();
    if (is_due(next_beat_, options_.node_timeout / 3, now)) beat();
    if (!healthy()) return;
    fire_timers();
    claim();
    if (is_due(next_expiry_, expiry_every, now)) expire();
    if (is_due(next_purge_, purge_every, now)) purge();
}

/// A node whose clock cannot be trusted claims nothing: leases and timers are instants of the database's clock.
void Housekeeping::sample_clock() {
    const Time before = clock_.uncorrected();
    const auto sampled = store_->server_time();
    if (!ok("clock", sampled)) {
        clock_ok_ = false;
        return;
    }
    if (!*sampled) {
        clock_ok_ = true; // the database has no clock of its own
        return;
    }
    const Duration distance = **sampled - (before + (clock_.uncorrected() - before) / 2);
    const bool drifted = distance_ && std::chrono::abs(distance - *distance_) > most_drift;
    if (drifted) observer_.trouble("clock_drifted", "the distance to the database's clock changed by more than 5 s: check NTP");
    clock_ok_ = !drifted;
    distance_ = distance;
    clock_.correct(distance);
}

void Housekeeping::beat() {
    const Time now = clock_.now();
    const auto live = store_->heartbeat(node_, now, now - options_.node_timeout, fleet_.own_versions());
    if (!ok("heartbeat", live)) return;
    lanes_.set_nodes(static_cast<int>(live->size()));
    fleet_.set(*live);
}

void Housekeeping::fire_timers() {
    const auto due = store_->due(clock_.now(), timers_at_once);
    if (!ok("due", due)) return;
    for (const Due& proposal : *due) {
        {
            const std::lock_guard lock(mutex_);
            if (!proposed_.insert(proposal.workflow).second) continue;
        }
        const auto forget = [this, alive = std::weak_ptr(alive_), id = proposal.workflow](const Answer&) {
            if (alive.expired()) return;
            const std::lock_guard lock(mutex_);
            proposed_.erase(id);
        };
        Work work{.what = TimersDue{proposal.workflow}, .received_at = clock_.now(), .done = forget, .condemned = false};
        if (!outlets_.submit(std::move(work))) forget({});
    }
}

void Housekeeping::claim() {
    const auto ready = store_->ready_lanes(clock_.now());
    if (!ok("ready lanes", ready)) return;
    for (const auto& [lane, count] : *ready) {
        const int places = lanes_.reserve(lane, std::min(count, claims_at_once));
        if (places == 0) {
            lanes_.set_backlog(lane, true);
            continue;
        }
        const auto claimed_at = clock_.monotonic();
        const Time now = clock_.now();
        auto rows = store_->claim({lane, now, now + options_.lease, places, fleet_.own_versions()});
        if (!ok("claim", rows)) {
            lanes_.give_back(lane, places);
            return;
        }
        const int taken = static_cast<int>(rows->size());
        lanes_.give_back(lane, places - taken);
        lanes_.set_backlog(lane, taken < count && taken == places);
        if (taken > 0) outlets_.launch(std::move(*rows), claimed_at);
    }
}

void Housekeeping::expire() {
    auto rows = store_->expired(clock_.now(), expiries_at_once);
    if (!ok("expired", rows)) return;
    for (EventRow& row : *rows) {
        const EventId id = row.id;
        {
            const std::lock_guard lock(mutex_);
            if (!expiring_.insert(id).second) continue;
        }
        const auto forget = [this, alive = std::weak_ptr(alive_), id](const Answer&) {
            if (alive.expired()) return;
            const std::lock_guard lock(mutex_);
            expiring_.erase(id);
        };
        Work work{.what = Expired{std::move(row)}, .received_at = clock_.now(), .done = forget, .condemned = false};
        if (!outlets_.submit(std::move(work))) forget({});
    }
}

void Housekeeping::purge() {
    const Duration kept = std::max<Duration>(options_.retention, shortest_retention);
    const auto purged = store_->purge_closed(clock_.now() - kept, purges_at_once);
    ok("purge", purged);
}

} // namespace appointd::engine
