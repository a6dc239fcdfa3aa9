#include "daemon/serve.hpp"

#include "daemon/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdlib>

namespace appointd::daemon {

namespace asio = boost::asio;

namespace {
constexpr std::chrono::seconds longest_stop{18};
}

int serve(Configuration configuration) {
    const Log log = Log::to_stderr(configuration.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    asio::io_context context(1);
    auto service = Service::start(context, std::move(configuration), log);
    if (!service) {
        log.error(service.error().message, {{"code", service.error().code}});
        return 1;
    }
    asio::signal_set signals(context, SIGTERM, SIGINT);
    asio::steady_timer patience(context);
    bool clean = false;
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        patience.expires_after(longest_stop);
        patience.async_wait([&](const boost::system::error_code& canceled) {
            if (!canceled) context.stop();
        });
        asio::co_spawn(context, (*service)->stop(), [&](std::exception_ptr) {
            clean = true;
            context.stop();
        });
    });
    context.run();
    if (!clean) {
        // What is cut off is an unknown outcome like after a crash: leases run out, and the next start resolves it.
        log.warn("the stop took too long and was cut off", {{"code", "stop_cut_off"}});
        std::_Exit(EXIT_SUCCESS);
    }
    return EXIT_SUCCESS;
}

} // namespace appointd::daemon
