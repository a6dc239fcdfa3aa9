#include "adapters/activities.hpp"

#include "adapters/calendly/client.hpp"
#include "adapters/notify/client.hpp"
#include "adapters/outcome.hpp"
#include "adapters/renewal.hpp"
#include "adapters/stripe/client.hpp"
#include "adapters/zoom/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace appointd::adapters {

struct Activities::Providers {
    World world;
    calendly::Client calendly;
    stripe::Client stripe;
    zoom::Client zoom;
    notify::Client notify;
};

namespace {

using Result = engine::AttemptResult;
using Job = std::function<asio::awaitable<Result>(const engine::Attempt&, const json::object&, Exchange&)>;

/// An attempt is carried out with its request parsed; what throws is a fault of ours, and another attempt may not meet it.
asio::awaitable<Result> carry_out(const World& world, const Job& job, const engine::Attempt& attempt) {
    const auto request = parse_object(attempt.request);
    if (!request) co_return failed("bad_request", "the stored request is not a JSON object");
    Exchange exchange(world.http, world.clock, attempt.deadline);
    Result result;
    try {
        result = co_await job(attempt, *request, exchange);
    } catch (const std::exception& error) {
        world.log.error("activity threw", {{"code", "adapter_error"},
                                           {"activity", engine::to_string(attempt.id)},
                                           {"kind", attempt.kind},
                                           {"error", error.what()}});
        result = retry("adapter_error", error.what());
    }
    co_return result;
}

template <class Client>
using Method = asio::awaitable<Result> (Client::*)(const engine::Attempt&, const json::object&, Exchange&);

/// The client's method as a job, or a job that says that the provider has no credentials.
template <class Client> Job job_of(Client& client, Method<Client> method, std::string_view provider) {
    if (!client.configured())
        return [code = std::string(provider) + "_not_configured"](const engine::Attempt&, const json::object&,
                                                                  Exchange&) -> asio::awaitable<Result> {
            return [](std::string text) -> asio::awaitable<Result> {
                co_return failed(std::move(text), "no credentials are configured");
            }(code);
        };
    return [&client, method](const engine::Attempt& attempt, const json::object& request, Exchange& exchange) {
        return (client.*method)(attempt, request, exchange);
    };
}

} // namespace

Activities::Activities(asio::any_io_executor executor, net::HttpClient& http, const engine::Clock& clock, engine::Random& random,
                       ActivitiesConfig config, SessionTypes session_types, Log log)
    : executor_(std::move(executor)) {
    const World world{http, clock, random, std::move(log)};
    providers_ = std::make_shared<Providers>(
        Providers{world, calendly::Client(world, std::move(config.calendly), std::move(session_types), fresh_ids(clock, random)),
                  stripe::Client(world, std::move(config.stripe)), zoom::Client(world, std::move(config.zoom), executor_),
                  notify::Client(world, std::move(config.notify))});
}

Activities::~Activities() { providers_->notify.close(); }

void Activities::start(engine::Attempt attempt, std::function<void(engine::AttemptResult)> done) {
    auto& calendly = providers_->calendly;
    auto& stripe = providers_->stripe;
    auto& zoom = providers_->zoom;
    auto& notify = providers_->notify;
    Job job;
    if (attempt.kind == "link.create")
        job = job_of(calendly, &calendly::Client::create_link, "calendly");
    else if (attempt.kind == "slot.cancel")
        job = job_of(calendly, &calendly::Client::cancel_slot, "calendly");
    else if (attempt.kind == "slot.look")
        job = job_of(calendly, &calendly::Client::look_at_slot, "calendly");
    else if (attempt.kind == "checkout.create")
        job = job_of(stripe, &stripe::Client::create_checkout, "stripe");
    else if (attempt.kind == "checkout.expire")
        job = job_of(stripe, &stripe::Client::expire_checkout, "stripe");
    else if (attempt.kind == "checkout.look")
        job = job_of(stripe, &stripe::Client::look_at_checkout, "stripe");
    else if (attempt.kind == "refund.create")
        job = job_of(stripe, &stripe::Client::create_refund, "stripe");
    else if (attempt.kind == "refund.list")
        job = job_of(stripe, &stripe::Client::list_refunds, "stripe");
    else if (attempt.kind == "meeting.create")
        job = job_of(zoom, &zoom::Client::create_meeting, "zoom");
    else if (attempt.kind == "meeting.update")
        job = job_of(zoom, &zoom::Client::update_meeting, "zoom");
    else if (attempt.kind == "meeting.delete")
        job = job_of(zoom, &zoom::Client::delete_meeting, "zoom");
    else if (attempt.kind == "mail.send")
        job = job_of(notify, &notify::Client::send_mail, "mail");
    else if (attempt.kind == "webhook.send")
        job = job_of(notify, &notify::Client::send_webhook, "webhook");
    else if (attempt.kind == "meeting.look")
        job = job_of(zoom, &zoom::Client::look_at_meeting, "zoom");
    else if (attempt.kind == "stripe.events.list")
        job = job_of(stripe, &stripe::Client::sweep_events, "stripe");
    else if (attempt.kind == "calendly.events.list")
        job = job_of(calendly, &calendly::Client::sweep_events, "calendly");
    else if (attempt.kind == "zoom.meetings.list")
        job = job_of(zoom, &zoom::Client::sweep_meetings, "zoom");
    else if (attempt.kind == "reconciliation.renew")
        job = renew_reconciliation;
    else
        job = [](const engine::Attempt&, const json::object&, Exchange&) -> asio::awaitable<Result> {
            co_return failed("unknown_kind", "no provider carries out activities of this kind");
        };

    auto run = [](std::shared_ptr<Providers> providers, Job work, engine::Attempt what,
                  std::function<void(engine::AttemptResult)> finish) -> asio::awaitable<void> {
        co_await asio::post(asio::use_awaitable); // `start` returns before `done` is called, always
        auto result = co_await carry_out(providers->world, work, what);
        finish(std::move(result));
    };
    asio::co_spawn(executor_, run(providers_, std::move(job), std::move(attempt), std::move(done)), asio::detached);
}

} // namespace appointd::adapters
