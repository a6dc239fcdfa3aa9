#include "sandbox/sandbox.hpp"

#include "foundation/digest.hpp"
#include "sandbox/core.hpp"
#include "sandbox/ledger.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <span>

namespace appointd::sandbox {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto beat = 200ms;
constexpr auto validation_period = 72h;

Clock clock_of(const Options& options) {
    if (options.time_source) return Clock(options.time_source);
    return Clock([] { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); });
}

std::string target(const std::string& own, const Options& options, std::string_view provider) {
    if (!own.empty() || options.webhook_base.empty()) return own;
    return options.webhook_base + "/webhooks/" + std::string(provider);
}

Options completed(Options options) {
    options.calendly.webhook_url = target(options.calendly.webhook_url, options, "calendly");
    options.stripe.webhook_url = target(options.stripe.webhook_url, options, "stripe");
    options.zoom.webhook_url = target(options.zoom.webhook_url, options, "zoom");
    if (options.seed == 0) fill_random(std::as_writable_bytes(std::span(&options.seed, 1)));
    return options;
}

} // namespace

Sandbox::Core::Core(asio::any_io_executor its_executor, Options its_options, Log its_log)
    : executor(its_executor), options(completed(std::move(its_options))), log(std::move(its_log)),
      world(clock_of(options), options.seed, options.calendly, options.stripe, options.zoom), faults(options.seed * 4),
      delivery(
          executor, {.retry_scale = options.retry_scale, .signing_time = [this] { return world.clock.source_now(); }}, faults,
          [this](const Webhook& webhook, bool delivered, bool for_good) { report(webhook, delivered, for_good); }, log),
      heartbeat(executor) {}

void Sandbox::Core::with_world(const std::function<void(World&, Time)>& verb) {
    std::vector<Webhook> caused;
    {
        const std::lock_guard lock(mutex);
        const Time now = world.clock.now();
        world.stripe.tick(now);
        verb(world, now);
        caused = world.journal.take_webhooks();
        std::vector<Webhook> twins;
        for (const Webhook& webhook : caused)
            if (webhook.provider == Provider::stripe &&
                !faults.draw_webhook(Provider::stripe, webhook.type, {FaultKind::twin_event}).empty())
                if (auto twin = world.stripe.twin_of(webhook.id, now)) twins.push_back(*std::move(twin));
        caused.insert(caused.end(), std::make_move_iterator(twins.begin()), std::make_move_iterator(twins.end()));
    }
    delivery.send(std::move(caused));
}

void Sandbox::Core::report(const Webhook& webhook, bool delivered, bool for_good) {
    const std::lock_guard lock(mutex);
    const Time now = world.clock.now();
    if (webhook.provider == Provider::calendly && delivered) world.calendly.delivery_succeeded(webhook.subscription, now);
    if (webhook.provider == Provider::calendly && !delivered) world.calendly.delivery_failed(webhook.subscription, for_good, now);
    if (webhook.provider == Provider::stripe && delivered) world.stripe.delivered(webhook.id);
    if (webhook.type == "endpoint.url_validation") world.zoom.validated(delivered);
}

void Sandbox::Core::set_webhook_base(const std::string& target_base) {
    const std::lock_guard lock(mutex);
    world.calendly.subscribe(target_base + "/webhooks/calendly", world.clock.now());
    world.stripe.settings().webhook_url = target_base + "/webhooks/stripe";
    world.zoom.settings().webhook_url = target_base + "/webhooks/zoom";
}

asio::awaitable<void> Sandbox::Core::keep_time() {
    const auto self = shared_from_this();
    while (!stopping) {
        with_world([this](World& all, Time now) {
            const bool due = !last_validation || now - *last_validation >= validation_period;
            if (!options.validate_zoom_endpoint || !due || all.zoom.settings().webhook_url.empty()) return;
            last_validation = now;
            all.journal.send(all.zoom.validation(now));
        });
        heartbeat.expires_after(beat);
        boost::system::error_code ignored;
        co_await heartbeat.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

Fields Sandbox::Core::environment() const {
    return {{"APPOINTD_MAIL_URL", "smtp://127.0.0.1:" + std::to_string(relay->port())},
            {"APPOINTD_MAIL_FROM", "Sandbox <bookings@sandbox.example.org>"},
            {"APPOINTD_MAIL_OPERATOR", "operator@sandbox.example.org"},
            {"CALENDLY_API_BASE", base + "/calendly"},
            {"CALENDLY_AUTH_BASE", base + "/calendly-auth"},
            {"CALENDLY_PERSONAL_ACCESS_TOKEN", options.calendly.personal_token},
            {"CALENDLY_WEBHOOK_SIGNING_KEY", options.calendly.webhook_signing_key},
            {"STRIPE_API_BASE", base + "/stripe"},
            {"STRIPE_SECRET_KEY", options.stripe.secret_key},
            {"STRIPE_WEBHOOK_SECRET", options.stripe.webhook_secrets.empty() ? "" : options.stripe.webhook_secrets.front()},
            {"ZOOM_API_BASE", base + "/zoom"},
            {"ZOOM_AUTH_BASE", base + "/zoom-auth"},
            {"ZOOM_ACCOUNT_ID", options.zoom.account_id},
            {"ZOOM_CLIENT_ID", options.zoom.client_id},
            {"ZOOM_CLIENT_SECRET", options.zoom.client_secret},
            {"ZOOM_USER_ID", options.zoom.hosts.empty() ? "" : options.zoom.hosts.front().email},
            {"ZOOM_WEBHOOK_SECRET_TOKEN", options.zoom.secret_token}};
}

Result<std::unique_ptr<Sandbox>> Sandbox::listen(asio::any_io_executor executor, Options options, Log log) {
    auto core = std::make_shared<Core>(executor, std::move(options), log);
    for (const std::string& address : core->options.listen) {
        // The servers are owned by the core, so the handler must not own it.
        auto handler = [weak = std::weak_ptr<Core>(core)](net::Request request) -> asio::awaitable<net::Response> {
            const auto alive = weak.lock();
            if (!alive) co_return net::Response{.status = 0};
            co_return co_await alive->handle(std::move(request));
        };
        auto server = net::HttpServer::listen(executor, address, {}, std::move(handler), log);
        if (!server) return server.error();
        core->servers.push_back(std::move(*server));
    }
    // The relay is owned by the core, so what it delivers to must not own it.
    auto delivered = [weak = std::weak_ptr<Core>(core)](std::string from, std::vector<std::string> to, std::string message) {
        const auto alive = weak.lock();
        if (!alive) return;
        alive->mailbox.put(std::move(from), std::move(to), std::move(message), alive->world.clock.source_now());
    };
    auto relay = mail::SmtpServer::listen(executor, core->options.smtp_listen, core->faults, std::move(delivered), log);
    if (!relay) return relay.error();
    core->relay = std::move(*relay);
    if (core->servers.empty()) return Error{"bad_address", "a sandbox needs at least one address to listen on"};
    core->base = core->options.public_base;
    if (core->base.empty()) core->base = "http://127.0.0.1:" + std::to_string(core->servers.front()->port());
    core->world.calendly.settings().pages_base = core->base + "/book";
    core->world.stripe.settings().pages_base = core->base + "/pay";
    core->world.zoom.settings().pages_base = core->base + "/j";
    for (const calendly::EventType& type : core->options.event_types)
        core->world.calendly.add_event_type(type, core->world.clock.now());
    return std::unique_ptr<Sandbox>(new Sandbox(std::move(core)));
}

Sandbox::Sandbox(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Sandbox::~Sandbox() {
    core_->stopping = true;
    core_->heartbeat.cancel();
    core_->delivery.stop();
    core_->relay.reset();
    core_->servers.clear();
}

void Sandbox::start() {
    for (const auto& server : core_->servers) server->start();
    core_->relay->start();
    asio::co_spawn(core_->executor, core_->keep_time(), asio::detached);
}

asio::awaitable<void> Sandbox::stop(std::chrono::milliseconds limit) {
    const auto core = core_;
    core->stopping = true;
    core->heartbeat.cancel();
    core->delivery.stop();
    core->relay->stop();
    for (const auto& server : core->servers) co_await server->stop(limit);
}

unsigned short Sandbox::port() const { return core_->servers.front()->port(); }
const std::string& Sandbox::base() const { return core_->base; }
Fields Sandbox::environment() const { return core_->environment(); }
Faults& Sandbox::faults() { return core_->faults; }
Delivery& Sandbox::webhooks() { return core_->delivery; }
void Sandbox::set_webhook_base(const std::string& base) { core_->set_webhook_base(base); }
void Sandbox::with_world(const std::function<void(World&, Time)>& verb) { core_->with_world(verb); }

net::Response Sandbox::control(std::string_view method, std::string_view path, const json::object& body) {
    const std::size_t mark = path.find('?');
    const std::string_view query = mark == std::string_view::npos ? std::string_view{} : path.substr(mark + 1);
    auto call = make_call(method, path.substr(0, mark), query, {}, json::serialize(body));
    return core_->control(call ? *call : Call{});
}

json::object Sandbox::ledger(std::string_view booking) {
    const std::lock_guard lock(core_->mutex);
    return ledger_of(core_->world, booking);
}

json::object Sandbox::mailbox(std::string_view booking) { return {{"items", core_->mailbox.list(booking, "")}}; }

} // namespace appointd::sandbox
