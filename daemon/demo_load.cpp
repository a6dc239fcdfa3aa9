#include "daemon/demo_load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

/// Shared by the workers, which outlive nothing: run_load waits for the last of them.
struct Crew {
    Web& web;
    const Places& places;
    const LoadOptions& options;
    std::vector<Plan> plans;
    std::vector<Run> runs;
    std::function<void(const LoadState&)> told;
    LoadState state;
    std::size_t next = 0, working = 0;
    asio::steady_timer all_home;
};

asio::awaitable<void> work(Crew& crew) {
    while (crew.next < crew.plans.size()) {
        const std::size_t mine = crew.next++;
        ++crew.state.under_way;
        Journey journey(crew.web, crew.places, crew.plans[mine], crew.options.tag, crew.options.patience);
        crew.runs[mine] = co_await journey.run();
        --crew.state.under_way;
        ++crew.state.ended;
        if (!crew.runs[mine].stuck.empty()) ++crew.state.stuck;
        crew.told(crew.state);
    }
    if (--crew.working == 0) crew.all_home.cancel();
}

} // namespace

asio::awaitable<std::vector<Run>> run_load(Web& web, const Places& places, LoadOptions options,
                                           std::function<void(const LoadState&)> told) {
    const auto executor = co_await asio::this_coro::executor;
    auto plans = plan(options.bookings, options.seed);
    for (Plan& one : plans) one.in_real_time = options.in_real_time;
    std::vector<Run> runs(plans.size());
    asio::steady_timer all_home(executor, asio::steady_timer::time_point::max());
    Crew crew{web, places, options, std::move(plans), std::move(runs), std::move(told), {}, 0, 0, std::move(all_home)};
    crew.working = std::min(options.at_once, crew.plans.size());
    const std::size_t workers = crew.working;
    for (std::size_t i = 0; i < workers; ++i) asio::co_spawn(executor, work(crew), asio::detached);
    boost::system::error_code cancelled;
    if (workers > 0) co_await crew.all_home.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    co_return std::move(crew.runs);
}

} // namespace appointd::demo
