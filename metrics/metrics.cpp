#include "metrics/metrics.hpp"

#include "metrics/families.hpp"
#include "metrics/labelled.hpp"
#include "metrics/process.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace appointd::metrics {

namespace {

using prometheus::Counter, prometheus::Gauge, prometheus::Histogram;
using Set = std::set<std::string, std::less<>>;

constexpr std::array<std::string_view, 7> dispositions = {"applied", "duplicate", "deferred",   "ignored",
                                                          "dead",    "rejected",  "unavailable"};
constexpr std::array<std::string_view, 9> sources = {"calendly", "stripe",   "zoom",    "api",      "operator",
                                                     "timer",    "activity", "derived", "reconcile"};
constexpr std::array<std::string_view, 6> outcomes = {"succeeded", "failed", "exhausted", "retry", "wait", "late"};

template <class Values> std::string_view known(const Values& values, std::string_view value) {
    return std::ranges::find(values, value) != std::end(values) ? value : "other";
}
std::string_view known(const Set& values, std::string_view value) { return values.contains(value) ? value : "other"; }

/// "timer.reminder.3" is one of many alike: "timer.reminder".
std::string_view without_ordinal(std::string_view name) {
    const auto end = name.find_last_not_of("0123456789");
    return end != std::string_view::npos && end + 1 < name.size() && name[end] == '.' ? name.substr(0, end) : name;
}

std::string_view commit_word(engine::Commit status) {
    switch (status) {
    case engine::Commit::committed: return "committed";
    case engine::Commit::conflict: return "conflict";
    case engine::Commit::bad_data: return "bad_data";
    case engine::Commit::unavailable: return "unavailable";
    case engine::Commit::unknown: return "unknown";
    case engine::Commit::abandoned: return "abandoned";
    }
    return "other";
}

std::string_view status_class(int status) {
    constexpr std::array<std::string_view, 6> classes = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
    return status >= 100 && status < 600 ? classes.at(static_cast<std::size_t>(status / 100)) : classes[0];
}

double seconds_between(Time from, Time to) { return std::max(0.0, engine::Seconds(to - from).count()); }

/// Registers families as they are declared: labelled ones by their children, the others by their only one.
class Registered {
public:
    explicit Registered(prometheus::Registry& registry) : registry_(registry) {}
    template <class Metric> Labelled<Metric> labelled(Id id) { return {add<Metric>(id), family(id)}; }
    template <class Metric> Metric& single(Id id) { return Labelled<Metric>(add<Metric>(id), family(id)).at({}); }

private:
    template <class Metric> prometheus::Family<Metric>& add(Id id) {
        return prometheus::detail::Builder<Metric>()
            .Name(std::string(family(id).name))
            .Help(std::string(family(id).help))
            .Register(registry_);
    }
    prometheus::Registry& registry_;
};

prometheus::MetricFamily of_process(Id id, double value) {
    const Declaration& row = family(id);
    prometheus::ClientMetric metric;
    const bool counter = row.type == Type::counter;
    if (counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
    return {std::string(row.name),
            std::string(row.help),
            counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
            {metric}};
}

} // namespace

struct Metrics::Families {
    explicit Families(Vocabulary words);
    void preset();
    void zero_store_gauges();

    Vocabulary vocabulary;
    Set providers, attention_reasons, states, event_types, kinds, invariants;
    prometheus::Registry registry;
    Registered in{registry};
    Labelled<Counter> webhooks = in.labelled<Counter>(Id::webhooks);
    Labelled<Histogram> webhook_ack = in.labelled<Histogram>(Id::webhook_ack);
    Labelled<Counter> http_requests = in.labelled<Counter>(Id::http_requests);
    Labelled<Histogram> http_request = in.labelled<Histogram>(Id::http_request);
    Labelled<Counter> events = in.labelled<Counter>(Id::events);
    Labelled<Counter> transitions = in.labelled<Counter>(Id::transitions);
    Labelled<Gauge> workflows = in.labelled<Gauge>(Id::workflows);
    Labelled<Gauge> oldest_workflow = in.labelled<Gauge>(Id::oldest_workflow);
    Labelled<Gauge> attention = in.labelled<Gauge>(Id::attention);
    Labelled<Counter> activities = in.labelled<Counter>(Id::activities);
    Labelled<Counter> activity_attempts = in.labelled<Counter>(Id::activity_attempts);
    Labelled<Histogram> activity = in.labelled<Histogram>(Id::activity);
    Labelled<Gauge> pending_activities = in.labelled<Gauge>(Id::pending_activities);
    Labelled<Gauge> breakers = in.labelled<Gauge>(Id::breaker);
    Labelled<Counter> commit_failures = in.labelled<Counter>(Id::commit_failures);
    Labelled<Counter> timers_fired = in.labelled<Counter>(Id::timers_fired);
    Labelled<Gauge> store_bytes = in.labelled<Gauge>(Id::store_bytes);
    Labelled<Counter> troubles = in.labelled<Counter>(Id::troubles);
    Labelled<Counter> invariant_violations = in.labelled<Counter>(Id::invariant_violations);
    Labelled<Gauge> build = in.labelled<Gauge>(Id::build);
    Gauge& oldest_pending = in.single<Gauge>(Id::oldest_pending_activity);
    Histogram& commit = in.single<Histogram>(Id::commit);
    Histogram& commit_batch = in.single<Histogram>(Id::commit_batch);
    Gauge& queue = in.single<Gauge>(Id::queue_depth);
    Counter& overloaded = in.single<Counter>(Id::overloaded);
    Counter& audited = in.single<Counter>(Id::audited);
    Gauge& timer_lag = in.single<Gauge>(Id::timer_lag);
    Histogram& timer_lateness = in.single<Histogram>(Id::timer_lateness);
    Gauge& dead_letters = in.single<Gauge>(Id::dead_letters);
    Gauge& deferred = in.single<Gauge>(Id::deferred);
    Gauge& reachable = in.single<Gauge>(Id::store_reachable);
    Gauge& ready = in.single<Gauge>(Id::ready);

    mutable std::mutex mutex; ///< guards what follows, and lets one census be written at a time
    std::map<engine::Lane, engine::Breaker> breaker_states;
};

Metrics::Families::Families(Vocabulary words) : vocabulary(std::move(words)) {
    providers.insert(vocabulary.providers.begin(), vocabulary.providers.end());
    attention_reasons.insert(vocabulary.attention.begin(), vocabulary.attention.end());
    invariants.insert(vocabulary.invariants.begin(), vocabulary.invariants.end());
    for (const engine::Definition& definition : vocabulary.definitions) {
        kinds.insert(definition.kind);
        states.insert(definition.states.begin(), definition.states.end());
        for (const std::string& type : definition.events) event_types.insert(std::string(without_ordinal(type)));
    }
    preset();
}

/// Series that alerts and dashboards compare with zero must be there before the first time they count.
void Metrics::Families::preset() {
    for (const std::string& provider : providers) {
        for (const std::string_view disposition : dispositions) webhooks.at({provider, disposition});
        webhook_ack.at({provider});
        breakers.at({provider});
        pending_activities.at({provider});
    }
    for (const engine::Definition& definition : vocabulary.definitions) {
        for (const std::string& state : definition.states) {
            workflows.at({definition.kind, state});
            oldest_workflow.at({definition.kind, state});
        }
    }
    for (const std::string& reason : attention_reasons) attention.at({reason});
    for (const std::string& invariant : invariants) invariant_violations.at({invariant});
    for (const engine::Commit status :
         {engine::Commit::conflict, engine::Commit::bad_data, engine::Commit::unavailable, engine::Commit::unknown}) {
        commit_failures.at({commit_word(status)});
    }
    for (const std::string_view listener : {"public", "admin"}) http_request.at({listener});
    build.at({vocabulary.version, "g++ " __VERSION__}).Set(1);
}

void Metrics::Families::zero_store_gauges() {
    const auto zero = [](Gauge& gauge) { gauge.Set(0); };
    workflows.for_each(zero);
    oldest_workflow.for_each(zero);
    attention.for_each(zero);
    pending_activities.for_each(zero);
    store_bytes.for_each(zero);
}

Metrics::Metrics(Vocabulary vocabulary) : families_(std::make_unique<Families>(std::move(vocabulary))) {}
Metrics::~Metrics() = default;

void Metrics::webhook_answered(std::string_view provider, std::string_view disposition, engine::Seconds took) {
    const std::string_view label = known(families_->providers, provider);
    families_->webhooks.at({label, known(dispositions, disposition)}).Increment();
    families_->webhook_ack.at({label}).Observe(took.count());
}

void Metrics::request_answered(std::string_view listener, std::string_view route, int status, engine::Seconds took) {
    families_->http_requests.at({listener, route, status_class(status)}).Increment();
    families_->http_request.at({listener}).Observe(took.count());
}

void Metrics::census(const engine::Census& census, Time now) {
    Families& f = *families_;
    const std::lock_guard lock(f.mutex);
    f.zero_store_gauges();
    for (const auto& row : census.states) {
        const std::string_view kind = known(f.kinds, row.kind), state = known(f.states, row.state);
        f.workflows.at({kind, state}).Increment(static_cast<double>(row.count));
        if (row.oldest && row.count > 0) f.oldest_workflow.at({kind, state}).Set(seconds_between(*row.oldest, now));
    }
    for (const auto& row : census.attention) {
        f.attention.at({known(f.attention_reasons, row.reason)}).Increment(static_cast<double>(row.count));
    }
    double oldest = 0;
    for (const auto& row : census.outbox) {
        f.pending_activities.at({known(f.providers, engine::provider_of(row.lane))}).Increment(static_cast<double>(row.depth));
        if (row.depth > 0) oldest = std::max(oldest, seconds_between(row.oldest, now));
    }
    f.oldest_pending.Set(oldest);
    for (const auto& row : census.tables) f.store_bytes.at({row.name}).Set(static_cast<double>(row.bytes));
    f.dead_letters.Set(static_cast<double>(census.dead_letters));
    f.deferred.Set(static_cast<double>(census.deferred));
    f.timer_lag.Set(census.earliest_wake ? seconds_between(*census.earliest_wake, now) : 0);
    f.reachable.Set(1);
}

void Metrics::census_failed() { families_->reachable.Set(0); }

void Metrics::ready(bool is_ready) { families_->ready.Set(is_ready ? 1 : 0); }

void Metrics::audited(std::size_t workflows) { families_->audited.Increment(static_cast<double>(workflows)); }

void Metrics::invariant_broken(std::string_view name) {
    families_->invariant_violations.at({known(families_->invariants, name)}).Increment();
}

std::string Metrics::exposition() const {
    std::vector<prometheus::MetricFamily> all;
    {
        // Not between the zeros and the values of a census.
        const std::lock_guard lock(families_->mutex);
        all = families_->registry.Collect();
    }
    const ProcessFacts process = read_process_facts();
    all.push_back(of_process(Id::process_cpu, process.cpu_seconds));
    all.push_back(of_process(Id::process_memory, process.resident_bytes));
    all.push_back(of_process(Id::process_virtual_memory, process.virtual_bytes));
    all.push_back(of_process(Id::process_open_fds, process.open_fds));
    all.push_back(of_process(Id::process_max_fds, process.max_fds));
    all.push_back(of_process(Id::process_start, process.start_seconds));
    std::erase_if(all, [](const prometheus::MetricFamily& item) { return item.metric.empty(); });
    std::ranges::sort(all, {}, &prometheus::MetricFamily::name);
    return prometheus::TextSerializer().Serialize(all);
}

void Metrics::decided(const Decided& event) {
    Families& f = *families_;
    f.events.at({known(sources, event.source), engine::to_string(event.disposition)}).Increment();
    if (event.disposition != engine::Disposition::applied) return;
    const std::string_view from = event.from.empty() ? std::string_view("none") : known(f.states, event.from);
    f.transitions
        .at({known(f.kinds, event.kind), from, known(f.states, event.to), known(f.event_types, without_ordinal(event.type))})
        .Increment();
}

void Metrics::committed(std::size_t events, engine::Seconds took) {
    families_->commit.Observe(took.count());
    families_->commit_batch.Observe(static_cast<double>(events));
}

void Metrics::commit_failed(engine::Commit status, std::string_view) {
    families_->commit_failures.at({commit_word(status)}).Increment();
}

void Metrics::queue_depth(std::size_t depth) { families_->queue.Set(static_cast<double>(depth)); }

void Metrics::overloaded() { families_->overloaded.Increment(); }

void Metrics::attempted(const engine::ActivityId&, std::string_view kind, const engine::Lane& lane, std::string_view outcome,
                        std::string_view, std::string_view, int, engine::Seconds took) {
    Families& f = *families_;
    const std::string_view provider = known(f.providers, engine::provider_of(lane));
    const std::string_view word = known(outcomes, outcome);
    f.activity_attempts.at({provider, kind, word}).Increment();
    if (word == "succeeded" || word == "failed" || word == "exhausted") f.activities.at({provider, kind, word}).Increment();
    if (word != "wait" && word != "late") f.activity.at({provider, kind}).Observe(took.count());
}

void Metrics::breaker(const engine::Lane& lane, engine::Breaker state) {
    Families& f = *families_;
    const std::lock_guard lock(f.mutex);
    f.breaker_states[lane] = state;
    engine::Breaker worst = engine::Breaker::closed;
    for (const auto& [other, of_other] : f.breaker_states) {
        if (engine::provider_of(other) == engine::provider_of(lane)) worst = std::max(worst, of_other);
    }
    f.breakers.at({known(f.providers, engine::provider_of(lane))}).Set(static_cast<double>(worst));
}

void Metrics::timer_fired(std::string_view kind, std::string_view name, engine::Seconds late) {
    families_->timers_fired.at({known(families_->kinds, kind), without_ordinal(name)}).Increment();
    families_->timer_lateness.Observe(std::max(0.0, late.count()));
}

void Metrics::trouble(std::string_view code, std::string_view) { families_->troubles.at({code}).Increment(); }

} // namespace appointd::metrics
