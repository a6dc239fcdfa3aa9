#include "http/site.hpp"

#include "http/access.hpp"
#include "http/admin.hpp"
#include "http/bookings.hpp"
#include "http/operations.hpp"
#include "http/pages.hpp"
#include "http/reply.hpp"
#include "http/routing.hpp"
#include "http/services.hpp"
#include "http/webhooks.hpp"

namespace appointd::http {
namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view no_route = "none";

std::vector<Route> public_routes(const Dependencies& given) {
    std::vector<Route> routes;
    for (const auto& [provider, translator] : given.translators) routes.push_back(webhook_route(provider, translator));
    routes.push_back({"POST", "/api/bookings", Access::open, create_booking}); // looks at the token itself: without one it limits
    routes.push_back({"GET", "/api/bookings/{id}", Access::api, show_booking});
    routes.push_back({"GET", "/b/{id}", Access::open, booking_page});
    routes.push_back({"GET", "/go/calendly", Access::open, go_calendly});
    return routes;
}

std::vector<Route> admin_routes() {
    return {
        {"GET", "/admin/v1/workflows", Access::admin, list_workflows},
        {"GET", "/admin/v1/workflows/{id}", Access::admin, show_workflow},
        {"GET", "/admin/v1/workflows/{id}/history", Access::admin, show_history},
        {"GET", "/admin/v1/workflows/{id}/explain", Access::admin, explain_workflow},
        {"GET", "/admin/v1/workflows/{id}/replay", Access::admin, replay_workflow},
        {"POST", "/admin/v1/workflows/{id}/events", Access::admin, send_event},
        {"POST", "/admin/v1/activities/{id}/retry", Access::admin, retry_activity},
        {"POST", "/admin/v1/activities/{id}/skip", Access::admin, skip_activity},
        {"GET", "/admin/v1/reports/money", Access::admin, report_money},
        {"GET", "/admin/v1/dead-letters", Access::admin, list_dead_letters},
        {"POST", "/admin/v1/dead-letters/{id}/requeue", Access::admin, requeue_dead_letter},
        {"POST", "/admin/v1/reconcile", Access::admin, reconcile},
        {"GET", "/admin/v1/definitions", Access::admin, list_definitions},
        {"GET", "/admin/v1/definitions/{kind}", Access::admin, show_definition},
        {"GET", "/metrics", Access::admin, show_metrics},
        {"GET", "/healthz", Access::open, show_health},
        {"GET", "/readyz", Access::open, show_readiness},
    };
}

engine::Seconds since(steady_clock::time_point begin) { return steady_clock::now() - begin; }

/// One listener: its table, and what is asked before a route is even looked for.
struct Front {
    std::string_view name;
    std::vector<Route> routes;
    bool admin = false;
    Services& services;

    void count(std::string_view route, int status, engine::Seconds took) const {
        if (services.given.telemetry.request_answered) services.given.telemetry.request_answered(name, route, status, took);
    }

    /// On the admin listener a stranger does not even learn which paths there are.
    std::optional<net::Response> refuse(const net::Request& request, const Match& found) const {
        const Settings& settings = services.given.settings;
        if (admin && !(found.route && found.route->access == Access::open)) {
            if (settings.admin_token.empty()) return refuse_strangers(request);
            if (!bears(request, settings.admin_token)) return unauthorized();
        }
        if (found.route && found.route->access == Access::api && !settings.api_token.empty() &&
            !bears(request, settings.api_token))
            return unauthorized();
        return std::nullopt;
    }

    asio::awaitable<net::Response> answer(net::Request request) const {
        Call call{std::move(request), {}, steady_clock::now()};
        Match found = match(routes, call.request.method, call.request.path);
        const std::string_view route = found.route ? std::string_view(found.route->pattern) : no_route;
        net::Response response;
        if (auto refusal = refuse(call.request, found)) {
            response = *std::move(refusal);
        } else if (found.route) {
            call.parameters = std::move(found.parameters);
            response = co_await serve(*found.route, call);
        } else if (!found.allowed.empty()) {
            response = problem(405, "method_not_allowed", "This path is served for: " + found.allowed + ".");
            response.headers.emplace_back("Allow", found.allowed);
        } else {
            response = problem(404, "not_found", "There is nothing at this path.");
        }
        count(route, response.status, since(call.received));
        co_return response;
    }

    asio::awaitable<net::Response> serve(const Route& route, Call& call) const {
        try {
            co_return co_await route.handler(services, call);
        } catch (const std::exception& broken) {
            services.given.log.error(
                "a request broke its handler",
                {{"code", "handler_threw"}, {"route", route.pattern}, {"method", call.request.method}, {"what", broken.what()}});
        }
        co_return problem(500, "internal", "Something broke on our side; the log has it.");
    }

    void refused(const net::Request& request, int status) const {
        const Match found = match(routes, request.method, request.path);
        const std::string_view route = found.route ? std::string_view(found.route->pattern) : no_route;
        count(route, status, engine::Seconds(0));
        if (found.route) count_refused_webhook(services, request.path, status);
        services.given.log.info("a request was refused by its form",
                                {{"listener", name}, {"route", route}, {"status", status}, {"remote", request.remote}});
    }
};

} // namespace

struct Site::Parts {
    Parts(asio::any_io_executor executor, Dependencies dependencies) : services(std::move(executor), std::move(dependencies)) {}
    Services services;
    Front outside{"public", public_routes(services.given), false, services};
    Front inside{"admin", admin_routes(), true, services};
};

Site::Site(asio::any_io_executor executor, Dependencies dependencies)
    : parts_(std::make_unique<Parts>(std::move(executor), std::move(dependencies))) {}
Site::~Site() = default;

net::Handler Site::public_handler() {
    return [front = &parts_->outside](net::Request request) { return front->answer(std::move(request)); };
}
net::Handler Site::admin_handler() {
    return [front = &parts_->inside](net::Request request) { return front->answer(std::move(request)); };
}
net::Refused Site::public_refused() {
    return [front = &parts_->outside](const net::Request& request, int status) { front->refused(request, status); };
}
net::Refused Site::admin_refused() {
    return [front = &parts_->inside](const net::Request& request, int status) { front->refused(request, status); };
}

} // namespace appointd::http
