#include "daemon/service.hpp"

#include "adapters/activities.hpp"
#include "adapters/calendly/subscription.hpp"
#include "adapters/calendly/webhook.hpp"
#include "adapters/stripe/webhook.hpp"
#include "adapters/zoom/webhook.hpp"
#include "daemon/auditor.hpp"
#include "daemon/event_log.hpp"
#include "daemon/kinds.hpp"
#include "daemon/reconciler.hpp"
#include "daemon/system_clock.hpp"
#include "daemon/version.hpp"
#include "engine/runtime/engine.hpp"
#include "http/site.hpp"
#include "metrics/metrics.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "persistence/migrate.hpp"
#include "persistence/open.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <thread>

namespace appointd::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds engine_stop_limit{8'000}, server_stop_limit{3'000};
constexpr std::chrono::minutes subscription_every{5};

/// Session types as adapters and HTTP look them up: the terms are made once.
struct Terms {
    std::map<std::string, json::object, std::less<>> by_id;
    std::map<std::string, adapters::SessionTerms, std::less<>> by_event_type;
};

std::shared_ptr<const Terms> terms_of(const Configuration& configuration) {
    auto all = std::make_shared<Terms>();
    for (const SessionType& type : configuration.session_types) {
        json::object terms = terms_of(type, configuration);
        if (!type.calendly_event_type.empty()) all->by_event_type[type.calendly_event_type] = {type.id, terms};
        all->by_id[type.id] = std::move(terms);
    }
    return all;
}

std::string joined(const std::vector<Secret>& secrets) {
    std::string text;
    for (const Secret& secret : secrets) text += (text.empty() ? "" : ",") + secret.reveal();
    return text;
}

adapters::ActivitiesConfig api_config(const Configuration& from) {
    adapters::ActivitiesConfig config;
    config.calendly.base = from.calendly.api_base;
    config.calendly.token = from.calendly.personal_access_token.reveal();
    config.stripe.base = from.stripe.api_base;
    config.stripe.secret_key = from.stripe.secret_key.reveal();
    config.stripe.installation = from.http.public_url;
    config.zoom.api_base = from.zoom.api_base;
    config.zoom.auth_base = from.zoom.auth_base;
    config.zoom.account_id = from.zoom.account_id;
    config.zoom.client_id = from.zoom.client_id;
    config.zoom.client_secret = from.zoom.client_secret.reveal();
    config.zoom.user_id = from.zoom.user_id;
    config.notify = notify_config(from);
    return config;
}

metrics::Vocabulary vocabulary() {
    metrics::Vocabulary words;
    words.definitions = definitions().all();
    words.providers = {"calendly", "stripe", "zoom", "mail", "webhook"};
    words.attention = attention_reasons();
    words.version = std::string(version);
    words.invariants = invariant_names();
    return words;
}

class Wired final : public Service {
public:
    Wired(asio::io_context& context, Configuration configuration, Log log, persistence::Database database);

    Result<void> begin();
    std::string public_url() const override { return "http://127.0.0.1:" + std::to_string(public_server_->port()); }
    std::string admin_url() const override { return "http://127.0.0.1:" + std::to_string(admin_server_->port()); }
    asio::awaitable<void> stop() override;

private:
    std::map<std::string, http::Translator, std::less<>> translators();
    http::Dependencies site_dependencies();
    std::string exposition(const Result<engine::Census>& census);
    Result<std::unique_ptr<net::HttpServer>> listen(const std::string& address, net::Handler handler, net::Refused refused);
    asio::awaitable<void> keep_subscription();

    asio::io_context& context_;
    const Configuration configuration_;
    const Log log_;
    SystemClock clock_;
    SystemRandom random_;
    metrics::Metrics metrics_;
    EventLog event_log_;
    const engine::Definitions definitions_ = definitions();
    const std::shared_ptr<const Terms> terms_;
    persistence::Database database_;
    Auditor auditor_;
    BothObservers log_and_metrics_, observer_;
    std::unique_ptr<net::HttpClient> http_client_;
    adapters::Activities activities_;
    std::unique_ptr<engine::Engine> engine_;
    Reconciler reconciler_;
    std::unique_ptr<http::Site> site_;
    std::unique_ptr<net::HttpServer> public_server_, admin_server_;
    asio::steady_timer subscription_timer_;
    bool stopping_ = false;
};

/// The accounts that tell what happened in them.
std::vector<std::string> swept_providers(const Configuration& configuration) {
    std::vector<std::string> providers;
    if (configuration.calendly.can_call()) providers.emplace_back("calendly");
    if (!configuration.stripe.secret_key.empty()) providers.emplace_back("stripe");
    if (configuration.zoom.can_call() && !configuration.zoom.user_id.empty()) providers.emplace_back("zoom");
    return providers;
}

Duration sweep_distance(const Configuration& configuration) {
    const Duration every = configuration.reconciliation.every;
    return every == Duration(0) ? configuration.booking.reconcile_after : every;
}

net::ClientLimits client_limits(const Configuration& configuration) {
    net::ClientLimits limits;
    for (const auto& [provider, throttle] : configuration.engine.throttles)
        limits.connections_per_host = std::max(limits.connections_per_host, static_cast<long>(throttle.in_flight));
    return limits;
}

Auditor::Options audit_options(const Configuration& configuration) {
    return {std::chrono::duration_cast<std::chrono::milliseconds>(configuration.audit.interval),
            static_cast<int>(configuration.audit.sample)};
}

adapters::SessionTypes by_event_type(const std::shared_ptr<const Terms>& terms) {
    return [terms](std::string_view uri) -> std::optional<adapters::SessionTerms> {
        const auto found = terms->by_event_type.find(uri);
        return found == terms->by_event_type.end() ? std::nullopt : std::optional(found->second);
    };
}

Wired::Wired(asio::io_context& context, Configuration configuration, Log log, persistence::Database database)
    : context_(context), configuration_(std::move(configuration)), log_(std::move(log)), metrics_(vocabulary()), event_log_(log_),
      terms_(terms_of(configuration_)), database_(std::move(database)),
      auditor_(audit_options(configuration_), *database_.readers, definitions_, clock_, audits(),
               {.audited = [this](std::size_t workflows) { metrics_.audited(workflows); },
                .broken = [this](const Breach& breach) { metrics_.invariant_broken(breach.invariant); }},
               log_),
      log_and_metrics_(metrics_, event_log_), observer_(log_and_metrics_, auditor_),
      http_client_(net::HttpClient::make(context.get_executor(), client_limits(configuration_))),
      activities_(context.get_executor(), *http_client_, clock_, random_, api_config(configuration_), by_event_type(terms_),
                  log_),
      engine_(engine::Engine::make(context.get_executor(), configuration_.engine, definitions_, *database_.stores, activities_,
                                   clock_, random_, observer_)),
      reconciler_(context.get_executor(), *engine_, *database_.readers, clock_, log_, swept_providers(configuration_),
                  sweep_distance(configuration_)),
      subscription_timer_(context) {}

/// A provider without its secret has no webhook route at all (and the configuration has warned of it).
std::map<std::string, http::Translator, std::less<>> Wired::translators() {
    std::map<std::string, http::Translator, std::less<>> all;
    const WebhookSettings& settings = configuration_.webhooks;
    if (const auto& key = configuration_.calendly.webhook_signing_key; !key.empty())
        all["calendly"] = adapters::calendly::webhook_translator({key.reveal(), settings.tolerance}, by_event_type(terms_),
                                                                 adapters::fresh_ids(clock_, random_));
    if (const std::string secrets = joined(configuration_.stripe.webhook_secrets); !secrets.empty())
        all["stripe"] = adapters::stripe::webhook_translator(
            {secrets,
             settings.tolerance,
             {adapters::stripe::livemode_of(configuration_.stripe.secret_key.reveal()), configuration_.http.public_url}});
    if (const auto& token = configuration_.zoom.webhook_secret_token; !token.empty())
        all["zoom"] = adapters::zoom::webhook_translator({token.reveal(), settings.tolerance_zoom});
    return all;
}

std::string Wired::exposition(const Result<engine::Census>& census) {
    if (census)
        metrics_.census(*census, clock_.now());
    else
        metrics_.census_failed();
    metrics_.ready(engine_->ready().has_value());
    metrics_.queue_depth(engine_->queue_depth());
    return metrics_.exposition();
}

http::Dependencies Wired::site_dependencies() {
    http::Settings settings;
    settings.public_url = configuration_.http.public_url;
    settings.admin_token = configuration_.http.admin_token.reveal();
    settings.api_token = configuration_.http.api_token.reveal();
    settings.create_per_minute = static_cast<int>(configuration_.http.create_per_minute);
    return http::Dependencies{
        .engine = *engine_,
        .readers = *database_.readers,
        .clock = clock_,
        .random = random_,
        .log = log_,
        .translators = translators(),
        .session_type = [terms = terms_](std::string_view id) -> std::optional<json::object> {
            const auto found = terms->by_id.find(id);
            return found == terms->by_id.end() ? std::nullopt : std::optional(found->second);
        },
        .insights = insights(),
        .attention_reasons = attention_reasons(),
        .metrics = [this](Result<engine::Census> census) { return exposition(census); },
        .telemetry = {.webhook_answered = [this](auto provider, auto disposition,
                                                 auto took) { metrics_.webhook_answered(provider, disposition, took); },
                      .request_answered = [this](auto listener, auto route, int status,
                                                 auto took) { metrics_.request_answered(listener, route, status, took); }},
        .settings = std::move(settings),
        .carry_out =
            [this](engine::Attempt attempt, std::function<void(engine::AttemptResult)> done) {
                activities_.start(std::move(attempt), std::move(done));
            }};
}

Result<std::unique_ptr<net::HttpServer>> Wired::listen(const std::string& address, net::Handler handler, net::Refused refused) {
    net::ServerLimits limits;
    limits.max_body = static_cast<std::size_t>(configuration_.webhooks.max_body);
    limits.max_bodies = static_cast<std::size_t>(std::max(configuration_.http.max_bodies, configuration_.webhooks.max_body));
    limits.max_connections = static_cast<std::size_t>(configuration_.http.max_connections);
    return net::HttpServer::listen(context_.get_executor(), address, limits, std::move(handler), log_, std::move(refused));
}

Result<void> Wired::begin() {
    for (const std::string& warning : configuration_.warnings) log_.warn(warning, {{"code", "configuration"}});
    if (auto started = engine_->start(); !started) return started;
    site_ = std::make_unique<http::Site>(context_.get_executor(), site_dependencies());
    auto admin = listen(configuration_.http.admin_listen, site_->admin_handler(), site_->admin_refused());
    if (!admin) return admin.error();
    admin_server_ = std::move(*admin);
    auto open = listen(configuration_.http.listen, site_->public_handler(), site_->public_refused());
    if (!open) return open.error();
    public_server_ = std::move(*open);
    admin_server_->start();
    public_server_->start();
    auditor_.start();
    asio::co_spawn(context_, reconciler_.begin(), asio::detached);
    if (configuration_.calendly.subscribe) asio::co_spawn(context_, keep_subscription(), asio::detached);
    log_.info("appointd is up", {{"version", version},
                                 {"listen", configuration_.http.listen},
                                 {"admin_listen", configuration_.http.admin_listen},
                                 {"session_types", configuration_.session_types.size()}});
    return {};
}

/// Calendly disables a subscription after a day of failures and tells nobody: it is looked at every few minutes.
asio::awaitable<void> Wired::keep_subscription() {
    const adapters::calendly::SubscriptionConfig wanted{configuration_.http.public_url + "/webhooks/calendly",
                                                        configuration_.calendly.webhook_signing_key.reveal()};
    const auto api = api_config(configuration_).calendly;
    while (!stopping_) {
        const auto found = co_await adapters::calendly::ensure_subscription(*http_client_, clock_, api, wanted);
        if (!found)
            log_.error("Calendly's webhook subscription could not be checked",
                       {{"code", found.error().code}, {"message", found.error().message}});
        else if (found->action != adapters::calendly::Subscription::Action::kept) {
            log_.warn("Calendly's webhook subscription was made anew",
                      {{"code", "calendly_subscription_renewed"}, {"uri", found->uri}});
            co_await reconciler_.report_gap("calendly", found->uri); // nothing of the gap is replayed
        } else if (found->struggling)
            log_.warn("Calendly is retrying deliveries to us", {{"code", "calendly_struggling"}, {"uri", found->uri}});
        boost::system::error_code canceled;
        subscription_timer_.expires_after(subscription_every);
        co_await subscription_timer_.async_wait(asio::redirect_error(asio::use_awaitable, canceled));
    }
}

asio::awaitable<void> Wired::stop() {
    log_.info("appointd is stopping");
    stopping_ = true;
    subscription_timer_.cancel();
    reconciler_.stop();
    engine_->retire();
    auditor_.stop();
    co_await public_server_->stop(server_stop_limit); // what was accepted is still decided and answered
    co_await engine_->stop(engine_stop_limit);
    co_await admin_server_->stop(server_stop_limit);
    log_.info("appointd has stopped");
}

/// A few large batches cost less than many small ones, so a second pipeline pays only where cores are idle while the first waits.
int pipelines_of(const DatabaseSettings& database) {
    if (database.pipelines > 0) return database.pipelines;
    return static_cast<int>(std::max(std::thread::hardware_concurrency() / 4, 1U));
}

} // namespace

Result<std::unique_ptr<Service>> Service::start(asio::io_context& context, Configuration configuration, Log log) {
    const std::string& url = configuration.database.url.reveal();
    const auto migrated = persistence::migrate(url);
    if (!migrated) return migrated.error();
    for (const std::string& name : migrated->applied) log.info("migration applied", {{"name", name}});
    persistence::StoreOptions options;
    options.lanes = pipelines_of(configuration.database);
    auto database = persistence::open_stores(url, options);
    if (!database) return database.error();
    auto service = std::make_unique<Wired>(context, std::move(configuration), log, std::move(*database));
    if (auto begun = service->begin(); !begun) return begun.error();
    return service;
}

} // namespace appointd::daemon
