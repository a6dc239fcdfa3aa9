#include "tests/unit/metrics/vocabulary.hpp"

#include <cmath>

namespace appointd::metrics::testing {

using namespace std::chrono_literals;

Vocabulary vocabulary() {
    engine::Definition errand;
    errand.kind = "errand";
    errand.states = {"open", "done"};
    errand.events = {"errand.asked", "errand.finished", "timer.reminder.0"};
    return {{errand}, {"post", "bank"}, {"lost", "late"}, "1.2.3", {"M1", "H1"}};
}

void touch_everything(Metrics& metrics) {
    const engine::Lane lane = engine::lane("", "post", "default");
    const Time now = from_micros(1'800'000'000'000'000);
    metrics.webhook_answered("post", "applied", 4ms);
    metrics.request_answered("admin", "/metrics", 200, 1ms);
    metrics.decided({{}, {}, "errand", "open", "done", "errand.finished", "api", "", engine::Disposition::applied, 2});
    metrics.committed(3, 2ms);
    metrics.commit_failed(engine::Commit::conflict, "");
    metrics.queue_depth(5);
    metrics.overloaded();
    metrics.attempted({}, "letter.send", lane, "succeeded", "", "", 1, 30ms);
    metrics.breaker(lane, engine::Breaker::open);
    metrics.timer_fired("errand", "reminder.0", 10ms);
    metrics.trouble("database_unavailable", "");
    metrics.ready(true);
    metrics.audited(4);
    metrics.invariant_broken("M1");
    engine::Census census;
    census.states.push_back({"errand", "open", 2, now - 60s});
    census.attention.push_back({"lost", 1});
    census.outbox.push_back({lane, 4, now - 30s});
    census.tables.push_back({"event", 8192});
    census.dead_letters = 1;
    census.deferred = 2;
    census.earliest_wake = now - 3s;
    metrics.census(census, now);
}

double value_of(const std::string& exposition, const std::string& series) {
    const std::string needle = "\n" + series + " ";
    const auto at = exposition.find(needle);
    return at == std::string::npos ? std::nan("") : std::stod(exposition.substr(at + needle.size()));
}

} // namespace appointd::metrics::testing
