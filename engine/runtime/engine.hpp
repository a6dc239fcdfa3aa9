#pragma once

#include "engine/core/definition.hpp"
#include "engine/ports/activity_handler.hpp"
#include "engine/ports/clock.hpp"
#include "engine/ports/observer.hpp"
#include "engine/ports/store.hpp"
#include "engine/runtime/options.hpp"
#include "engine/runtime/preview.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace appointd::engine {

/// What a submitted event came to, after its commit.
struct Answer {
    enum class Kind {
        decided,     ///< `disposition` holds
        refused,     ///< an operator's event that the state does not allow: nothing was written, `reason` says why
        overloaded,  ///< the queue is full: nothing was written, send again
        unavailable, ///< the database is away or we are shutting down: send again (a repeat is harmless)
        not_found,   ///< requeue: no such event, or it is not dead
    };
    Kind kind = Kind::unavailable;
    Disposition disposition = Disposition::applied;
    std::optional<WorkflowId> workflow;
    std::string state;  ///< of the workflow after the event; empty where it has none
    std::string reason; ///< why ignored, deferred, dead or refused
    EventId event;
};

/// The engine: intake queue, commit pipelines, dispatcher, timers, sweeper. Knows the world only through the ports, which outlive
/// it.
class Engine {
public:
    static std::unique_ptr<Engine> make(boost::asio::any_io_executor executor, Options options, Definitions definitions,
                                        Stores& stores, ActivityHandler& handler, Clock& clock, Random& random,
                                        Observer& observer);
    virtual ~Engine() = default;

    /// Opens sessions, registers the definitions and begins to work. Blocks; call it before the executor runs.
    /// Errors: database_unavailable, definition_changed (a released version has another fingerprint), version_missing (live
    /// workflows use one we do not carry).
    virtual Result<void> start() = 0;

    /// Any thread. `done` is called exactly once, on the executor, after the commit. Bounded: a full queue answers `overloaded`
    /// at once.
    virtual void submit(Incoming incoming, std::function<void(Answer)> done) = 0;
    /// For coroutines on the executor.
    boost::asio::awaitable<Answer> submit(Incoming incoming);

    /// Decides a dead letter again.
    virtual void requeue(EventId id, std::function<void(Answer)> done) = 0;

    /// Pure: what `event` would do to this row now. Any thread. Throws what the transition throws.
    virtual Preview preview(const WorkflowRow& row, const Event& event) const = 0;

    virtual const Definitions& definitions() const = 0;
    /// False with a stable code and a reason while the database is away, the clock cannot be trusted or a shutdown is under way.
    virtual Result<void> ready() const = 0;

    /// Events from outside that wait for a commit on this node now, of all pipelines. Any thread.
    virtual std::size_t queue_depth() const = 0;

    /// Shutdown begins: readiness red, no new claims. What comes in is still decided.
    virtual void retire() = 0;
    /// No new claims; what is queued is committed and answered; calls in flight get until their deadline or `limit`; claims never
    /// sent are given back.
    virtual boost::asio::awaitable<void> stop(std::chrono::milliseconds limit) = 0;
};

} // namespace appointd::engine
