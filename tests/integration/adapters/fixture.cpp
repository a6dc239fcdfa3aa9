#include "tests/integration/adapters/fixture.hpp"

#include "tests/support/loopback.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace appointd::adapters::tests {

asio::awaitable<net::Response> Fake::handle(net::Request request) {
    const auto line = request.method + " " + request.path;
    seen.push_back(request);
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
        if (line.find(fault->about) == line.npos) continue;
        const Fault taken = *fault;
        faults_.erase(fault);
        const net::Response cut{0, {}, ""};
        if (taken.mishap == Mishap::answer) co_return taken.response;
        if (taken.mishap == Mishap::drop) co_return cut;
        auto response = answer(request);
        if (taken.mishap == Mishap::lose) co_return cut;
        asio::steady_timer timer(co_await asio::this_coro::executor, 1s);
        co_await timer.async_wait(asio::use_awaitable);
        co_return response;
    }
    co_return answer(request);
}

struct Harness::Machinery {
    explicit Machinery(Fake& fake) : server(loop, {}, handler(fake)), auth_server(loop, {}, handler(fake)) {}
    static net::Handler handler(Fake& fake) {
        return [&fake](net::Request request) { return fake.handle(std::move(request)); };
    }
    testing_support::Loop loop;
    testing_support::LoopbackServer server;
    testing_support::LoopbackServer auth_server; ///< as with Zoom, tokens come from another host
    std::unique_ptr<net::HttpClient> http;
    std::unique_ptr<Activities> activities;
};

Harness::Harness(Fake& fake) : machinery_(std::make_unique<Machinery>(fake)) {
    ActivitiesConfig config;
    config.calendly = {url() + "/calendly/", "pat"};
    config.stripe.base = url() + "/stripe";
    config.stripe.secret_key = "sk_test_x";
    config.zoom = {url() + "/zoom", machinery_->auth_server.url() + "/zoom-auth", "ac1", "client", "secret", "host@example.org"};
    auto& machinery = *machinery_;
    machinery.loop.run([&] {
        const auto executor = machinery.loop.executor();
        machinery.http = net::HttpClient::make(executor, {});
        machinery.activities =
            std::make_unique<Activities>(executor, *machinery.http, clock, random, config, session_type, Log());
    });
}

Harness::~Harness() {
    machinery_->loop.run([&] {
        machinery_->activities.reset();
        machinery_->http.reset();
    });
}

std::string Harness::url() const { return machinery_->server.url(); }
void Harness::stop_server() { machinery_->server.stop(100ms); }

std::optional<SessionTerms> Harness::session_type(std::string_view uri) {
    if (uri != event_type) return std::nullopt;
    return SessionTerms{"coaching-60", {{"price", 12000}}};
}

engine::Attempt Harness::attempt(std::string kind, const json::object& request) {
    engine::Attempt attempt;
    attempt.id = {*engine::parse_workflow_id(booking_id), 7, 0};
    attempt.kind = std::move(kind);
    attempt.now = clock.now();
    attempt.first_sent_at = clock.now();
    attempt.request = json::serialize(request);
    attempt.idempotency_key = booking_id + ".7.0:1";
    attempt.deadline = clock.monotonic() + 5s;
    return attempt;
}

engine::Attempt Harness::again(engine::Attempt attempt) {
    attempt.repeated = true;
    attempt.number += 1;
    attempt.now = clock.now();
    attempt.deadline = clock.monotonic() + 5s;
    return attempt;
}

engine::Attempt Harness::next_round(engine::Attempt attempt) {
    attempt = again(std::move(attempt));
    attempt.round += 1;
    attempt.number = 1;
    return attempt;
}

std::future<engine::AttemptResult> Harness::begin(Activities& activities, engine::Attempt attempt) {
    auto promise = std::make_shared<std::promise<engine::AttemptResult>>();
    auto future = promise->get_future();
    machinery_->loop.run([&] {
        activities.start(std::move(attempt), [promise](engine::AttemptResult result) { promise->set_value(std::move(result)); });
    });
    return future;
}

std::future<engine::AttemptResult> Harness::begin(engine::Attempt attempt) {
    return begin(*machinery_->activities, std::move(attempt));
}

engine::AttemptResult Harness::carry_out_bare(engine::Attempt attempt) {
    Activities bare(machinery_->loop.executor(), *machinery_->http, clock, random, {}, session_type, Log());
    return begin(bare, std::move(attempt)).get();
}

Result<calendly::Subscription> Harness::ensure_subscription(calendly::ApiConfig api, calendly::SubscriptionConfig wanted) {
    return machinery_->loop.await(calendly::ensure_subscription(*machinery_->http, clock, std::move(api), std::move(wanted)));
}

json::object Harness::facts(const engine::AttemptResult& result) {
    EXPECT_EQ(result.kind, Kind::succeeded) << result.code << ": " << result.message;
    if (result.kind != Kind::succeeded) return {};
    return json::parse(result.result).as_object();
}

} // namespace appointd::adapters::tests
