#include "daemon/demo_house.hpp"

#include "daemon/demo_scripts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace appointd::demo {

namespace asio = boost::asio;

Room::Room() : work_(asio::make_work_guard(context_)) {}
Room::~Room() { close(); }

void Room::open() {
    thread_ = std::thread([this] { context_.run(); });
}

void Room::close() {
    work_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
}

sandbox::Options sandbox_options(const std::string& public_url, const Town& town) {
    sandbox::Options options;
    options.listen = {"127.0.0.1:0"};
    options.webhook_base = public_url;
    options.seed = town.seed;
    options.retry_scale = town.retry_scale;
    options.calendly.overlapping = true;
    options.calendly.requests_per_minute = 0;
    options.stripe.requests_per_second = 0;
    options.zoom.light_per_second = 0;
    options.zoom.medium_per_second = 0;
    options.zoom.daily_limit = town.zoom_daily_limit;
    for (const Offer& offer : offers()) {
        sandbox::calendly::EventType type;
        type.id = offer.event_type;
        type.name = offer.name;
        type.duration_minutes = offer.minutes;
        type.location_type = offer.place == "calendly" ? "zoom" : "custom";
        type.redirect_url = public_url + "/go/calendly";
        options.event_types.push_back(std::move(type));
    }
    return options;
}

void add_misfortune(sandbox::Sandbox& sandbox) {
    using sandbox::Fault;
    using sandbox::FaultKind;
    const auto add = [&](FaultKind kind, double rate, std::chrono::milliseconds delay) {
        Fault fault;
        fault.kind = kind;
        fault.rate = rate;
        fault.delay = delay;
        sandbox.faults().add(fault);
    };
    add(FaultKind::duplicate, 0.15, std::chrono::milliseconds(0));
    add(FaultKind::reorder, 0.15, std::chrono::milliseconds(200));
    add(FaultKind::delay, 0.05, std::chrono::milliseconds(300));
    add(FaultKind::twin_event, 0.03, std::chrono::milliseconds(0));
}

void drop_webhooks(sandbox::Sandbox& sandbox) {
    sandbox::Fault fault;
    fault.kind = sandbox::FaultKind::drop;
    sandbox.faults().add(fault);
}

Result<std::unique_ptr<Neighbours>> Neighbours::open(const std::string& public_url, const Town& town, Log log) {
    std::unique_ptr<Neighbours> neighbours(new Neighbours());
    auto made =
        sandbox::Sandbox::listen(neighbours->room_.context().get_executor(), sandbox_options(public_url, town), std::move(log));
    if (!made) return made.error();
    neighbours->sandbox_ = std::move(*made);
    if (town.misfortune) add_misfortune(*neighbours->sandbox_);
    if (town.drop_webhooks) drop_webhooks(*neighbours->sandbox_);
    neighbours->sandbox_->start();
    neighbours->room_.open();
    return neighbours;
}

Neighbours::~Neighbours() {
    if (!sandbox_) return;
    asio::co_spawn(room_.context(), sandbox_->stop(std::chrono::milliseconds(500)), asio::use_future).wait();
    room_.close();
    sandbox_.reset();
}

Result<std::unique_ptr<House>> House::open(const Places& places, const Fields& providers, const std::string& store,
                                           const Pace& pace, Log log) {
    const Setup setup = setup_for(places, providers, store, pace);
    auto configuration = daemon::parse_configuration(setup.toml, "the demo's configuration", setup.environment);
    if (!configuration) return configuration.error();
    std::unique_ptr<House> house(new House());
    auto service = daemon::Service::start(house->room_.context(), std::move(*configuration), std::move(log));
    if (!service) return service.error();
    house->service_ = std::move(*service);
    house->room_.open();
    return house;
}

House::~House() {
    if (!service_) return;
    // Stopped as on SIGTERM, then taken down on this thread: nothing of it runs any more.
    asio::co_spawn(room_.context(), service_->stop(), asio::use_future).wait();
    room_.close();
    service_.reset();
}

} // namespace appointd::demo
