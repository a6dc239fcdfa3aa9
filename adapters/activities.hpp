#pragma once

#include "adapters/calendly/config.hpp"
#include "adapters/exchange.hpp"
#include "adapters/notify/config.hpp"
#include "adapters/stripe/config.hpp"
#include "adapters/webhook.hpp"
#include "adapters/zoom/config.hpp"
#include "engine/ports/activity_handler.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace appointd::adapters {

struct ActivitiesConfig {
    calendly::ApiConfig calendly;
    stripe::ApiConfig stripe;
    zoom::ApiConfig zoom;
    notify::Config notify;
};

/// Carries out every activity of docs/events.md against the three providers, the mail relay and listeners, each as a coroutine on
/// `executor`, which must be the runtime's and single-threaded. A provider without credentials answers `failed` with
/// "PROVIDER_not_configured". HTTP client, clock and random outlive it; it may be destroyed while calls are under way (their
/// `done` is still called).
class Activities final : public engine::ActivityHandler {
public:
    Activities(asio::any_io_executor executor, net::HttpClient& http, const engine::Clock& clock, engine::Random& random,
               ActivitiesConfig config, SessionTypes session_types, Log log);
    ~Activities() override;

    void start(engine::Attempt attempt, std::function<void(engine::AttemptResult)> done) override;

private:
    struct Providers;
    asio::any_io_executor executor_;
    std::shared_ptr<Providers> providers_; // shared with the calls under way
};

} // namespace appointd::adapters
