#pragma once

#include "engine/ports/clock.hpp"
#include "engine/ports/reader.hpp"
#include "engine/runtime/engine.hpp"
#include "foundation/log.hpp"
#include "http/reader_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>
#include <vector>

namespace appointd::daemon {

/// Sees to it that each provider account has its reconciliation workflow, configured as this node is. The work itself is the
/// engine's: any number of nodes may do this at once, and it comes to one workflow. On the executor; engine, readers and clock
/// outlive it.
class Reconciler {
public:
    Reconciler(boost::asio::any_io_executor executor, engine::Engine& engine, engine::Readers& readers,
               const engine::Clock& clock, Log log, std::vector<std::string> providers, Duration every);

    /// Ends when all is as it should be, or after stop(). Tries again while the database is away.
    boost::asio::awaitable<void> begin();
    /// Something was surely missed at this provider (`what` names it): swept at once.
    boost::asio::awaitable<void> report_gap(std::string provider, std::string what);
    void stop();

private:
    boost::asio::awaitable<bool> ensure(std::string provider);
    boost::asio::awaitable<bool> submit(engine::Incoming incoming);
    boost::asio::awaitable<Result<std::vector<engine::WorkflowRow>>> current(std::string provider);

    boost::asio::any_io_executor executor_;
    engine::Engine& engine_;
    const engine::Clock& clock_;
    const Log log_;
    const std::vector<std::string> providers_;
    const std::int64_t every_seconds_;
    const Time started_;
    http::ReaderPool readers_;
    boost::asio::steady_timer pause_;
    bool stopping_ = false;
};

} // namespace appointd::daemon
