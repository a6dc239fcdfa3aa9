#include "engine/runtime/engine.hpp"

#include "engine/runtime/dispatcher.hpp"
#include "engine/runtime/housekeeping.hpp"
#include "engine/runtime/pipeline.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>
#include <vector>

namespace appointd::engine {

namespace asio = boost::asio;

namespace {

std::size_t hash_of(const Uuid& id) { return std::hash<std::string_view>{}({reinterpret_cast<const char*>(id.data), 16}); }

std::size_t hash_of(const Target& target) {
    if (const auto* id = std::get_if<WorkflowId>(&target)) return hash_of(id->get());
    return std::hash<std::string>{}(std::get<CorrelationKey>(target).get());
}

/// Which lane: what the work names decides, so that the events of one workflow mostly meet in one batch. A matter of speed only.
std::size_t hash_of(const Work& work) {
    if (const auto target = target_of(work)) return hash_of(*target);
    if (const auto* incoming = std::get_if<Incoming>(&work.what)) return hash_of(incoming->event.id.get());
    if (const auto* expired = std::get_if<Expired>(&work.what)) return hash_of(expired->row.id.get());
    return hash_of(std::get<Requeued>(work.what).event.get());
}

class Assembled final : public Engine {
public:
    Assembled(asio::any_io_executor executor, Options options, Definitions definitions, Stores& stores, ActivityHandler& handler,
              Clock& clock, Random& random, Observer& observer)
        : executor_(std::move(executor)), options_(std::move(options)), definitions_(std::move(definitions)), stores_(stores),
          clock_(clock), observer_(observer), lanes_(options_, clock, observer), fleet_(definitions_),
          dispatcher_(
              options_, handler, lanes_, clock, random, observer, [this](Work work) { push(std::move(work)); },
              [this] { housekeeping_.poke(); }),
          housekeeping_(options_, stores, lanes_, fleet_, clock, random, observer,
                        {.submit = [this](Work work) { return push(std::move(work)); },
                         .launch = [this](auto rows, auto claimed) { launch(std::move(rows), claimed); }}) {
        const int count = std::max(stores.lanes(), 1);
        const auto share = [count](std::size_t of_all) {
            return std::max<std::size_t>(of_all / static_cast<std::size_t>(count), 1);
        };
        const Intake::Limits limits{.capacity = share(options_.queue_capacity),
                                    .capacity_bytes = share(options_.queue_bytes),
                                    .batch_events = options_.batch_events,
                                    .batch_bytes = options_.batch_bytes,
                                    .batch_events_of_one = options_.batch_events_of_one};
        for (int lane = 0; lane < count; ++lane)
            pipelines_.push_back(std::make_unique<Pipeline>(
                limits, stores, definitions_, Rules{options_.lease, options_.deferred_ttl}, lanes_, fleet_, clock, random,
                observer,
                PipelineOutlets{.deliver = [this](auto answers) { deliver(std::move(answers)); },
                                .launch = [this](auto rows, auto claimed) { launch(std::move(rows), claimed); },
                                .backlog = [this] { housekeeping_.poke(); }}));
    }

    /// Housekeeping first: it hands work to the pipelines.
    ~Assembled() override { housekeeping_.join(); }

    Result<void> start() override;
    void submit(Incoming incoming, std::function<void(Answer)> done) override;
    void requeue(EventId id, std::function<void(Answer)> done) override;
    Preview preview(const WorkflowRow& row, const Event& event) const override;
    const Definitions& definitions() const override { return definitions_; }
    Result<void> ready() const override;
    std::size_t queue_depth() const override;
    void retire() override;
    asio::awaitable<void> stop(std::chrono::milliseconds limit) override;

private:
    bool push(Work&& work) { return pipelines_[hash_of(work) % pipelines_.size()]->intake().push(std::move(work)); }
    void deliver(std::vector<std::pair<std::function<void(Answer)>, Answer>> answers) {
        asio::post(executor_, [answers = std::move(answers)]() mutable {
            for (auto& [done, answer] : answers) done(std::move(answer));
        });
    }
    void launch(std::vector<ActivityRow> rows, std::chrono::steady_clock::time_point claimed) {
        launching_ += 1;
        asio::post(executor_, [this, alive = std::weak_ptr(alive_), rows = std::move(rows), claimed]() mutable {
            if (alive.expired()) return;
            launching_ -= 1;
            dispatcher_.launch(std::move(rows), claimed);
        });
    }
    void offer(Work work, EventId id);
    Result<void> check_definitions(Store& store);
    asio::awaitable<bool> until(std::chrono::steady_clock::time_point deadline, const std::function<bool()>& holds);

    asio::any_io_executor executor_;
    Options options_;
    Definitions definitions_;
    Stores& stores_;
    Clock& clock_;
    Observer& observer_;
    LaneControl lanes_;
    Fleet fleet_;
    Dispatcher dispatcher_;
    std::atomic<bool> retired_ = false, stopping_ = false;
    std::atomic<int> launching_ = 0;                         ///< claims on their way to the executor
    std::shared_ptr<char> alive_ = std::make_shared<char>(); ///< the executor may get to them after we are gone
    Housekeeping housekeeping_;
    std::vector<std::unique_ptr<Pipeline>> pipelines_; // last: their threads use everything above
};

Result<void> Assembled::check_definitions(Store& store) {
    std::vector<Store::Fingerprint> mine;
    for (const Definition& definition : definitions_.all())
        mine.push_back({definition.kind, definition.version, definition.fingerprint});
    const auto known = store.register_definitions(mine);
    if (!known) return known.error();
    for (const auto& released : *known) {
        const Definition* ours = definitions_.find(released.kind, released.version);
        if (ours && ours->fingerprint != released.fingerprint)
            return Error{"definition_changed",
                         released.kind + " version " + std::to_string(released.version) +
                             " is not the one this database's workflows run on: a released version never changes; "
                             "use the binary that released it, or give the change a new version"};
    }
    const auto live = store.live_versions();
    if (!live) return live.error();
    for (const auto& [kind, version] : *live)
        if (!definitions_.find(kind, version))
            return Error{"version_missing", "live workflows run on " + kind + " version " + std::to_string(version) +
                                                ", which this binary does not carry: use a binary that does"};
    return {};
}

Result<void> Assembled::start() {
    auto store = stores_.open();
    if (!store) return store.error();
    if (auto checked = check_definitions(**store); !checked) return checked;
    if (const auto sampled = (*store)->server_time(); sampled && *sampled) clock_.correct(**sampled - clock_.uncorrected());
    for (auto& pipeline : pipelines_) pipeline->start();
    housekeeping_.start();
    return {};
}

void Assembled::submit(Incoming incoming, std::function<void(Answer)> done) {
    const EventId id = incoming.event.id;
    offer(Work{.what = std::move(incoming), .received_at = clock_.now(), .done = std::move(done), .condemned = false}, id);
}

/// Queues work from outside, or answers at once that it cannot be.
void Assembled::offer(Work work, EventId id) {
    Answer refusal;
    refusal.event = id;
    if (!stopping_) {
        if (push(std::move(work))) return;
        refusal.kind = Answer::Kind::overloaded;
        observer_.overloaded();
    }
    asio::post(executor_, [done = std::move(work.done), refusal = std::move(refusal)]() mutable { done(std::move(refusal)); });
}

void Assembled::requeue(EventId id, std::function<void(Answer)> done) {
    offer(Work{.what = Requeued{id}, .received_at = clock_.now(), .done = std::move(done), .condemned = false}, id);
}

Preview Assembled::preview(const WorkflowRow& row, const Event& event) const {
    const Definition* definition = definitions_.find(row.kind, row.version);
    if (definition) return preview_of(*definition, row, event, clock_.now());
    Preview unknown;
    unknown.decision = Ignored{"this node does not know version " + std::to_string(row.version)};
    unknown.before = unknown.after = row;
    return unknown;
}

Result<void> Assembled::ready() const {
    if (retired_) return Error{"shutting_down", "this node is shutting down"};
    // Housekeeping asks the database all the time; a pipeline only notices while there is traffic.
    if (!housekeeping_.database_ok()) return Error{"database_unavailable", "the database does not answer"};
    if (!housekeeping_.clock_ok())
        return Error{"clock_not_trusted", "the database's clock could not be sampled, or drifted by more than 5 s"};
    return {};
}

std::size_t Assembled::queue_depth() const {
    std::size_t sum = 0;
    for (const auto& pipeline : pipelines_) sum += std::as_const(*pipeline).intake().waiting_outside();
    return sum;
}

asio::awaitable<bool> Assembled::until(std::chrono::steady_clock::time_point deadline, const std::function<bool()>& holds) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline) co_return false;
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return true;
}

void Assembled::retire() {
    retired_ = true;
    lanes_.close();
    housekeeping_.stop();
}

asio::awaitable<void> Assembled::stop(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    retire();
    stopping_ = true;
    dispatcher_.stop();
    const std::function<bool()> housekeeping_done = [this] { return housekeeping_.finished(); };
    co_await until(deadline, housekeeping_done);
    // The order matters: what leaves a pipeline is on its way before the pipeline is idle, then with the dispatcher, and comes
    // back.
    const std::function<bool()> quiet = [this] {
        const bool idle =
            std::all_of(pipelines_.begin(), pipelines_.end(), [](auto& pipeline) { return pipeline->intake().idle(); });
        return idle && launching_ == 0 && dispatcher_.in_flight() == 0;
    };
    co_await until(deadline, quiet);
    for (auto& pipeline : pipelines_) pipeline->intake().close();
    const std::function<bool()> drained = [this] {
        return std::all_of(pipelines_.begin(), pipelines_.end(), [](const auto& pipeline) { return pipeline->finished(); });
    };
    co_await until(deadline + std::chrono::seconds(5), drained);
    co_await asio::post(executor_, asio::use_awaitable); // the answers that the pipelines gave last
}

} // namespace

std::unique_ptr<Engine> Engine::make(asio::any_io_executor executor, Options options, Definitions definitions, Stores& stores,
                                     ActivityHandler& handler, Clock& clock, Random& random, Observer& observer) {
    return std::make_unique<Assembled>(std::move(executor), std::move(options), std::move(definitions), stores, handler, clock,
                                       random, observer);
}

asio::awaitable<Answer> Engine::submit(Incoming incoming) {
    const auto initiate = [this, incoming = std::move(incoming)](auto handler) mutable {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        submit(std::move(incoming), [shared](Answer answer) { std::move (*shared)(std::move(answer)); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Answer)>(std::move(initiate),
                                                                                         asio::use_awaitable);
}

} // namespace appointd::engine
