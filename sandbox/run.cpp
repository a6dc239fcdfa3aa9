#include "sandbox/run.hpp"

#include "sandbox/sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

namespace appointd::sandbox {

int run(Options options) {
    namespace asio = boost::asio;
    if (options.event_types.empty())
        options.event_types.push_back({.id = "coaching-60", .name = "Coaching, 60 minutes", .slug = "coaching-60"});
    const bool delivers = !options.webhook_base.empty();
    const std::string target = options.webhook_base;
    asio::io_context io(1);
    auto made = Sandbox::listen(io.get_executor(), std::move(options), Log::to_stderr(Level::info));
    if (!made) {
        std::cerr << "appointd sandbox: " << made.error().message << '\n';
        return 1;
    }
    Sandbox& sandbox = **made;
    sandbox.start();
    std::cout << "# sandbox at " << sandbox.base() << " (control: " << sandbox.base() << "/control/ledger)\n";
    std::cout << "# e-mails: " << sandbox.base() << "/mailbox\n";
    std::cout << (delivers ? "# webhooks go to " + target + "/webhooks/{calendly,stripe,zoom}\n"
                           : std::string("# webhooks: none (no target was given)\n"));
    sandbox.act([](World& world, Time) {
        for (const calendly::EventType& type : world.calendly.state().types)
            std::cout << "# event type " << calendly::uri_of("event_types", type.id) << " \"" << type.name << "\"\n";
    });
    for (const auto& [name, value] : sandbox.environment()) std::cout << "export " << name << "='" << value << "'\n";
    std::cout << std::flush;

    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& canceled, int) {
        if (canceled) return;
        asio::co_spawn(io, sandbox.stop(std::chrono::milliseconds(1000)), [&](std::exception_ptr) { io.stop(); });
    });
    io.run();
    return 0;
}

} // namespace appointd::sandbox
