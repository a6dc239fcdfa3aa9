#pragma once

#include "daemon/demo_setup.hpp"
#include "daemon/service.hpp"
#include "foundation/result.hpp"
#include "sandbox/sandbox.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <thread>

namespace appointd::demo {

/// An io_context with a thread of its own; stopped and joined when destroyed.
class Room {
public:
    Room();
    ~Room();
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

    boost::asio::io_context& context() { return context_; }
    /// Begins to run; what blocks while it starts is done before.
    void open();
    void close();

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

/// How the sandbox of a demonstration differs from the real three.
struct Town {
    std::uint64_t seed = 1;
    int zoom_daily_limit = 1'000'000; ///< creates and updates a day; really 100
    double retry_scale = 0.001;       ///< of the providers' schedules of webhook retries
    bool misfortune = true;           ///< webhooks come twice, late and out of order
    bool drop_webhooks = false;       ///< none comes at all
};
/// Calendly knows the offers, any time may be booked many times over, and no provider limits the calls a second. Webhooks go to
/// `public_url`, where a booked customer is led, too.
sandbox::Options sandbox_options(const std::string& public_url, const Town& town);
/// What Town::misfortune asks for.
void add_misfortune(sandbox::Sandbox& sandbox);
/// What Town::drop_webhooks asks for.
void drop_webhooks(sandbox::Sandbox& sandbox);

/// Calendly, Stripe and Zoom in a room of their own.
class Neighbours {
public:
    /// Errors: those of Sandbox::listen.
    static Result<std::unique_ptr<Neighbours>> open(const std::string& public_url, const Town& town, Log log);
    ~Neighbours();
    sandbox::Sandbox& sandbox() { return *sandbox_; }

private:
    Neighbours() = default;
    Room room_;
    std::unique_ptr<sandbox::Sandbox> sandbox_;
};

/// The daemon in a room of its own, on loopback ports that its caller reserved.
class House {
public:
    /// Errors: those of Service::start and of the configuration.
    static Result<std::unique_ptr<House>> open(const Places& places, const Fields& providers, const std::string& store,
                                               const Pace& pace, Log log);
    ~House();

private:
    House() = default;
    Room room_;
    std::unique_ptr<daemon::Service> service_;
};

} // namespace appointd::demo
