#include "sandbox/delivery.hpp"

#include "foundation/digest.hpp"
#include "foundation/json.hpp"
#include "net/http_client.hpp"
#include "sandbox/signing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <map>

namespace appointd::sandbox {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kept_records = 5000;
constexpr std::size_t most_under_way = 32; // as many as the client has connections

struct Attempt {
    Time at;
    int status;
    std::string error;
};

struct Record {
    enum class State { waiting, under_way, delivered, dropped, failed };
    std::uint64_t number = 0;
    Webhook webhook;
    bool copy = false;
    State state = State::waiting;
    std::vector<Attempt> attempts{};
};

std::string_view name_of(Record::State state) {
    static constexpr std::string_view names[] = {"waiting", "under_way", "delivered", "dropped", "failed"};
    return names[static_cast<std::size_t>(state)];
}

bool over(const Record& record) { return record.state >= Record::State::delivered; }

/// The challenge is met by the right digest, not by any 2xx.
bool is_accepted(const Webhook& webhook, const net::ClientResponse& answer) {
    if (webhook.type != "endpoint.url_validation") return answer.status >= 200 && answer.status < 300;
    const auto body = parse_object(answer.body);
    return answer.status == 200 && body && text_field(*body, "plainToken") == webhook.object &&
           text_field(*body, "encryptedToken") == hmac_sha256_hex(webhook.secrets.front(), webhook.object);
}

} // namespace

struct Delivery::Core : std::enable_shared_from_this<Delivery::Core> {
    Core(asio::any_io_executor its_executor, Settings its_settings, Faults& its_faults, Report its_report, Log its_log)
        : executor(its_executor), settings(std::move(its_settings)), faults(its_faults), report(std::move(its_report)),
          log(std::move(its_log)), timer(executor), client(net::HttpClient::make(executor, {})) {}

    asio::any_io_executor executor;
    Settings settings;
    Faults& faults;
    Report report;
    Log log;
    asio::steady_timer timer;
    std::unique_ptr<net::HttpClient> client;

    mutable std::mutex mutex; // guards what follows
    std::map<std::uint64_t, std::shared_ptr<Record>> records;
    std::multimap<Steady::time_point, std::shared_ptr<Record>> waiting; // by when they are due
    std::size_t under_way = 0;
    std::size_t open = 0; // records that are not over
    std::uint64_t last_number = 0;
    bool paused = false;
    bool stopped = false;

    void add(Webhook webhook, bool copy, Steady::duration delay, bool dropped);
    void close(Record& record, Record::State state);
    void pump();
    bool is_stopped() const {
        const std::lock_guard lock(mutex);
        return stopped;
    }
    void wait(const std::shared_ptr<Record>& record, Steady::time_point due);
    std::vector<std::shared_ptr<Record>> take(bool due_only);
    bool attempted(const std::shared_ptr<Record>& record, const net::ClientResponse& answer, bool accepted);

    static asio::awaitable<void> attempt(std::shared_ptr<Core> core, std::shared_ptr<Record> record);
    static asio::awaitable<void> attempt_all(std::shared_ptr<Core> core, std::vector<std::shared_ptr<Record>> batch);
};

void Delivery::Core::add(Webhook webhook, bool copy, Steady::duration delay, bool dropped) {
    auto record = std::make_shared<Record>();
    record->number = ++last_number;
    record->webhook = std::move(webhook);
    record->copy = copy;
    records.emplace(record->number, record);
    ++open;
    if (dropped)
        close(*record, Record::State::dropped);
    else
        wait(record, Steady::now() + delay);
}

void Delivery::Core::close(Record& record, Record::State state) {
    record.state = state;
    --open;
    for (auto oldest = records.begin(); records.size() > kept_records && oldest != records.end();)
        oldest = over(*oldest->second) ? records.erase(oldest) : std::next(oldest);
}

void Delivery::Core::wait(const std::shared_ptr<Record>& record, Steady::time_point due) {
    record->state = Record::State::waiting;
    waiting.emplace(due, record);
}

std::vector<std::shared_ptr<Record>> Delivery::Core::take(bool due_only) {
    std::vector<std::shared_ptr<Record>> taken;
    const auto now = Steady::now();
    while (!waiting.empty()) {
        const auto first = waiting.begin();
        if (due_only && (first->first > now || under_way >= most_under_way)) break;
        first->second->state = Record::State::under_way;
        ++under_way;
        taken.push_back(first->second);
        waiting.erase(first);
    }
    return taken;
}

void Delivery::Core::pump() {
    std::vector<std::shared_ptr<Record>> due;
    {
        const std::lock_guard lock(mutex);
        if (paused || stopped) return;
        due = take(true);
        // With all hands busy the next attempt that ends comes back here.
        if (!waiting.empty() && under_way < most_under_way) {
            timer.expires_at(waiting.begin()->first);
            timer.async_wait([self = shared_from_this()](const boost::system::error_code& canceled) {
                if (!canceled) self->pump();
            });
        }
    }
    // Not under the lock: a coroutine may begin at once, and asks for it.
    for (auto& record : due) asio::co_spawn(executor, attempt(shared_from_this(), std::move(record)), asio::detached);
}

bool Delivery::Core::attempted(const std::shared_ptr<Record>& shared, const net::ClientResponse& answer, bool accepted) {
    const std::lock_guard lock(mutex);
    Record& record = *shared;
    --under_way;
    record.attempts.push_back({settings.signing_time(), answer.status, answer.error});
    if (accepted) {
        close(record, Record::State::delivered);
        return false;
    }
    const bool challenge = record.webhook.type == "endpoint.url_validation";
    const auto pause_length = challenge || stopped
                                  ? std::nullopt
                                  : retry_wait(record.webhook.provider, static_cast<int>(record.attempts.size()), answer.status);
    if (!pause_length) {
        close(record, Record::State::failed);
        return true;
    }
    wait(shared, Steady::now() + std::chrono::duration_cast<Steady::duration>(*pause_length * settings.retry_scale));
    return false;
}

asio::awaitable<void> Delivery::Core::attempt(std::shared_ptr<Core> core, std::shared_ptr<Record> record) {
    // Once stopped, faults, report and clock may be gone with their owner.
    if (core->is_stopped()) co_return;
    const Webhook& webhook = record->webhook;
    Time moment = core->settings.signing_time();
    Webhook shown = webhook;
    for (const Fault& fault :
         core->faults.draw_webhook(webhook.provider, webhook.type, {FaultKind::bad_signature, FaultKind::stale_timestamp})) {
        if (fault.kind == FaultKind::stale_timestamp) moment -= 1h;
        if (fault.kind == FaultKind::bad_signature) shown.secrets = {"not-the-secret"};
    }
    net::ClientRequest request;
    request.method = "POST";
    request.url = webhook.url;
    request.headers = signed_headers(shown, moment);
    request.body = webhook.body;
    request.timeout = answer_limit(webhook.provider);
    const net::ClientResponse answer = co_await core->client->send(std::move(request));
    if (core->is_stopped()) co_return;
    const bool accepted = is_accepted(webhook, answer);
    const bool for_good = core->attempted(record, answer, accepted);
    if (!accepted) core->log.debug("a webhook was not taken", {{"type", webhook.type}, {"status", answer.status}});
    if (!record->copy) core->report(webhook, accepted, for_good);
    core->pump();
}

asio::awaitable<void> Delivery::Core::attempt_all(std::shared_ptr<Core> core, std::vector<std::shared_ptr<Record>> batch) {
    for (const auto& record : batch) co_await attempt(core, record);
}

Delivery::Delivery(asio::any_io_executor executor, Settings settings, Faults& faults, Report report, Log log)
    : core_(std::make_shared<Core>(executor, std::move(settings), faults, std::move(report), std::move(log))) {}

Delivery::~Delivery() { stop(); }

void Delivery::send(std::vector<Webhook> webhooks) {
    if (webhooks.empty()) return;
    {
        const std::lock_guard lock(core_->mutex);
        if (core_->stopped) return;
        for (Webhook& webhook : webhooks) {
            bool dropped = false, twice = false;
            std::chrono::milliseconds wait{0};
            for (const Fault& fault :
                 core_->faults.draw_webhook(webhook.provider, webhook.type,
                                            {FaultKind::duplicate, FaultKind::reorder, FaultKind::delay, FaultKind::drop})) {
                if (fault.kind == FaultKind::drop) dropped = true;
                if (fault.kind == FaultKind::duplicate) twice = true;
                if (fault.kind == FaultKind::delay) wait += fault.delay;
                if (fault.kind == FaultKind::reorder) wait += core_->faults.some_of(fault.delay);
            }
            if (twice && !dropped) core_->add(webhook, true, wait + core_->faults.some_of(20ms), false);
            core_->add(std::move(webhook), false, wait, dropped);
        }
    }
    asio::post(core_->executor, [core = core_] { core->pump(); });
}

void Delivery::pause() {
    const std::lock_guard lock(core_->mutex);
    core_->paused = true;
}

void Delivery::resume() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->paused = false;
    }
    asio::post(core_->executor, [core = core_] { core->pump(); });
}

void Delivery::flush(Order order) {
    std::vector<std::shared_ptr<Record>> batch;
    {
        const std::lock_guard lock(core_->mutex);
        batch = core_->take(false);
    }
    std::sort(batch.begin(), batch.end(), [](const auto& left, const auto& right) { return left->number < right->number; });
    if (order == Order::reversed) std::reverse(batch.begin(), batch.end());
    if (order == Order::shuffled)
        for (std::size_t i = batch.size(); i > 1; --i) {
            const auto other = core_->faults.some_of(std::chrono::milliseconds(static_cast<std::int64_t>(i) - 1)).count();
            std::swap(batch[i - 1], batch[static_cast<std::size_t>(other)]);
        }
    asio::co_spawn(core_->executor, Core::attempt_all(core_, std::move(batch)), asio::detached);
}

void Delivery::stop() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->stopped = true;
    }
    asio::post(core_->executor, [core = core_] {
        core->timer.cancel();
        core->client.reset(); // ends the calls under way
    });
}

std::size_t Delivery::pending() const {
    const std::lock_guard lock(core_->mutex);
    return core_->open;
}

boost::json::array Delivery::list() const {
    const std::lock_guard lock(core_->mutex);
    boost::json::array out;
    for (const auto& [number, record] : core_->records) {
        boost::json::array attempts;
        for (const Attempt& attempt : record->attempts)
            attempts.push_back({{"at", to_iso(attempt.at)}, {"status", attempt.status}, {"error", attempt.error}});
        out.push_back({{"number", record->number},
                       {"provider", sandbox::name_of(record->webhook.provider)},
                       {"type", record->webhook.type},
                       {"object", record->webhook.object},
                       {"event", record->webhook.id},
                       {"copy", record->copy},
                       {"state", name_of(record->state)},
                       {"attempts", std::move(attempts)}});
    }
    return out;
}

boost::json::object Delivery::counts() const {
    const std::lock_guard lock(core_->mutex);
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> counted;
    for (const auto& [number, record] : core_->records)
        ++counted[{sandbox::name_of(record->webhook.provider), name_of(record->state)}];
    boost::json::object out;
    for (const auto& [key, count] : counted) {
        auto& provider = out[key.first];
        if (!provider.is_object()) provider.emplace_object();
        provider.get_object()[key.second] = count;
    }
    return out;
}

} // namespace appointd::sandbox
