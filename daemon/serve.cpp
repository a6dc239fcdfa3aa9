#include "daemon/serve.hpp"

#include "daemon/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace appointd::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds longest_stop{18};

/// Ends the process where stopping and taking down take too long: a thread may sit in a statement of a database that hangs. What
/// is cut off is an unknown outcome like after a crash: leases run out, and the next start resolves it.
class Watchdog {
public:
    explicit Watchdog(Log log) : log_(std::move(log)) {}

    void start() {
        thread_ = std::jthread([this](const std::stop_token& over) {
            std::mutex mutex;
            std::condition_variable_any changed;
            std::unique_lock lock(mutex);
            changed.wait_for(lock, over, longest_stop, [] { return false; });
            if (over.stop_requested()) return;
            log_.warn("the stop took too long and was cut off", {{"code", "stop_cut_off"}});
            std::_Exit(EXIT_SUCCESS);
        });
    }

private:
    Log log_;
    std::jthread thread_; // last: it is joined while the log is there
};

} // namespace

int serve(Configuration configuration) {
    const Log log = Log::to_stderr(configuration.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    Watchdog watchdog(log); // outlives the service: taking it down is watched too
    asio::io_context context(1);
    auto service = Service::start(context, std::move(configuration), log);
    if (!service) {
        log.error(service.error().message, {{"code", service.error().code}});
        return 1;
    }
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        watchdog.start();
        asio::co_spawn(context, (*service)->stop(), [&](std::exception_ptr) { context.stop(); });
    });
    context.run();
    return EXIT_SUCCESS;
}

} // namespace appointd::daemon
