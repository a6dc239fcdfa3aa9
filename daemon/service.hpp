#pragma once

#include "daemon/configuration.hpp"
#include "foundation/log.hpp"
#include "foundation/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace appointd::daemon {

/// The whole daemon, wired: store, engine, adapters, two listeners, metrics. Everything but the database threads runs on one
/// io_context.
class Service {
public:
    /// Migrates the database, opens the listeners and starts to work. Blocks while it does; call it before `context` runs.
    /// Errors: those of the store (schema_too_new, …), of Engine::start and of the listeners, each saying what to do.
    static Result<std::unique_ptr<Service>> start(boost::asio::io_context& context, Configuration configuration, Log log);
    virtual ~Service() = default;

    /// Where it listens, "http://127.0.0.1:8080", with the ports in use where 0 was asked.
    virtual std::string public_url() const = 0;
    virtual std::string admin_url() const = 0;

    /// Readiness red, no new claims, what is queued is committed and answered, calls in flight end. Completes within 15 s.
    virtual boost::asio::awaitable<void> stop() = 0;
};

} // namespace appointd::daemon
