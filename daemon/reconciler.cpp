#include "daemon/reconciler.hpp"

#include "http/reconciliations.hpp"
#include "workflows/reconciliation/instance.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace appointd::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds between_tries{1};
constexpr std::chrono::seconds question_limit{10};
constexpr std::chrono::minutes slack{1}; // between the providers' clocks and ours

std::int64_t whole_seconds(Duration time) {
    return std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(time).count(), 1);
}

} // namespace

Reconciler::Reconciler(asio::any_io_executor executor, engine::Engine& engine, engine::Readers& readers,
                       const engine::Clock& clock, Log log, std::vector<std::string> providers, Duration every)
    : executor_(executor), engine_(engine), clock_(clock), log_(std::move(log)), providers_(std::move(providers)),
      every_seconds_(whole_seconds(every)), started_(clock.now()), readers_(executor, readers, 1, question_limit, log_),
      pause_(executor) {}

void Reconciler::stop() {
    stopping_ = true;
    pause_.cancel();
}

asio::awaitable<void> Reconciler::begin() {
    for (const std::string& provider : providers_) {
        while (!stopping_) {
            const bool done = co_await ensure(provider);
            if (done) break;
            boost::system::error_code canceled;
            pause_.expires_after(between_tries);
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, canceled));
        }
    }
}

asio::awaitable<Result<std::vector<engine::WorkflowRow>>> Reconciler::current(std::string provider) {
    using Rows = std::vector<engine::WorkflowRow>;
    std::function<Result<Rows>(engine::Reader&)> question = [provider](engine::Reader& reader) {
        return http::current_reconciliations(reader, provider);
    };
    co_return co_await readers_.ask(std::move(question));
}

/// The first instance of an account's chain begins with what happens from our start on: what was before was not appointd's.
asio::awaitable<bool> Reconciler::ensure(std::string provider) {
    const auto rows = co_await current(provider);
    if (!rows) co_return false;
    const Time now = clock_.now();
    if (rows->empty()) {
        const reconciliation::Beginning beginning{
            .provider = provider, .every_seconds = every_seconds_, .floor = started_ - slack, .covered = started_};
        co_return co_await submit(reconciliation::begun(beginning, now));
    }
    const engine::WorkflowRow& row = rows->front();
    if (reconciliation::read(row.data).every_seconds == every_seconds_) co_return true;
    co_return co_await submit(reconciliation::configured(row.id, every_seconds_, row.revision, now));
}

asio::awaitable<void> Reconciler::report_gap(std::string provider, std::string what) {
    const auto rows = co_await current(provider);
    if (!rows || rows->empty()) co_return; // the next sweep covers the gap: a window begins where the last one ended
    auto incoming = reconciliation::gap(rows->front().id, what, clock_.now());
    const bool told = co_await submit(std::move(incoming));
    if (told) log_.info("webhooks were missed: the provider is asked for them", {{"provider", provider}, {"gap", what}});
}

asio::awaitable<bool> Reconciler::submit(engine::Incoming incoming) {
    const auto answer = co_await engine_.submit(std::move(incoming));
    co_return answer.kind == engine::Answer::Kind::decided;
}

} // namespace appointd::daemon
