#pragma once

#include "engine/runtime/engine.hpp"
#include "tests/support/engine/manual_clock.hpp"
#include "tests/support/engine/seeded_random.hpp"
#include "tests/support/engine/world.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <optional>
#include <thread>

namespace appointd::engine::testing {

/// Short polls, small throttles' defaults wide open: a test narrows what it is about.
Options quick_options();

/// The definitions of both tiny kinds.
Definitions tiny_definitions();

/// Waits until `holds`, real time, at most `limit`; answers whether it did.
bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit = std::chrono::seconds(10));

/// One engine with its io_context on a thread of its own. A second Node on the same stores is a second machine.
/// With APPOINTD_TEST_TRACE set, commits and what went wrong with them go to stderr.
class Node {
public:
    Node(Stores& stores, World& world, ManualClock& clock, Options options = quick_options(), std::uint64_t seed = 1,
         Observer* observer = nullptr, Definitions definitions = tiny_definitions());
    ~Node(); // like a machine that is switched off, unless stop was called

    /// Must succeed; throws std::runtime_error with the code otherwise.
    void start();
    std::future<Answer> send(Incoming incoming);
    /// Sends and waits; throws after 10 s without an answer.
    Answer submit(Incoming incoming);
    Answer requeue(EventId id);
    /// Waits for Engine::stop.
    void stop(std::chrono::milliseconds limit = std::chrono::seconds(5));
    Engine& engine() { return *engine_; }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    SeededRandom random_;
    std::unique_ptr<Observer> listener_;
    WorldHandler handler_;
    std::unique_ptr<Engine> engine_;
    std::thread thread_;
};

} // namespace appointd::engine::testing
