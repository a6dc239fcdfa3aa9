#include "adapters/calendly/subscription.hpp"

#include "adapters/calendly/client.hpp"
#include "adapters/fields.hpp"
#include "adapters/redaction.hpp"
#include "foundation/encoding.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::adapters::calendly {
namespace {

constexpr std::array wanted_events{"invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"};
constexpr std::chrono::seconds time_limit{30};
constexpr int most_pages = 20;

Error error_of(const Answer& answer) {
    using Failure = net::ClientResponse::Failure;
    if (answer.response.failure == Failure::not_sent) return {"calendly_unreachable", for_people(answer.response.error)};
    if (answer.response.failure == Failure::unknown) return {"calendly_no_answer", for_people(answer.response.error)};
    const auto complaint = complaint_of(answer);
    return {code_of(answer.response.status, complaint), for_people(complaint.message)};
}

/// What is to be kept or made, and for whom.
struct Keeper {
    ApiConfig api;
    SubscriptionConfig config;
    std::string user, organization;
    bool wide = true;

    Fields scope() const {
        Fields fields{{"organization", organization}, {"scope", wide ? "organization" : "user"}};
        if (!wide) fields.emplace_back("user", user);
        return fields;
    }
};

bool complete(const json::object& subscription) {
    const auto* events = array_field(subscription, "events");
    return events && std::all_of(wanted_events.begin(), wanted_events.end(), [&](std::string_view wanted) {
               return std::any_of(events->begin(), events->end(), [&](const json::value& event) {
                   return event.is_string() && std::string_view(event.get_string()) == wanted;
               });
           });
}

asio::awaitable<Result<json::array>> list(const Keeper& keeper, Exchange& exchange) {
    json::array all;
    std::string page_token;
    for (int page = 0; page < most_pages; ++page) {
        auto query = keeper.scope();
        query.emplace_back("count", "100");
        if (!page_token.empty()) query.emplace_back("page_token", page_token);
        auto request = api_request(keeper.api, "GET", "/webhook_subscriptions?" + form_encode(query));
        const auto answer = co_await exchange.send(std::move(request));
        if (!answer.ok()) co_return error_of(answer);
        if (const auto* collection = array_field(answer.object(), "collection"))
            for (const auto& entry : *collection) all.push_back(entry);
        const auto* pagination = object_field(answer.object(), "pagination");
        page_token = pagination ? lenient_text(*pagination, "next_page_token").value_or("") : "";
        if (page_token.empty()) break;
    }
    co_return all;
}

asio::awaitable<Result<void>> remove(const Keeper& keeper, Exchange& exchange, std::string uri) {
    const auto path = path_of(uri, keeper.api.base);
    if (!path) co_return Error{"calendly_bad_answer", "a subscription's URI is none"};
    auto request = api_request(keeper.api, "DELETE", *path);
    const auto answer = co_await exchange.send(std::move(request));
    if (!answer.ok() && !(answer.arrived() && answer.response.status == 404)) co_return error_of(answer);
    co_return Result<void>();
}

asio::awaitable<Answer> create(const Keeper& keeper, Exchange& exchange) {
    json::array events;
    for (const auto* event : wanted_events) events.emplace_back(event);
    json::object body{
        {"url", keeper.config.callback_url}, {"events", std::move(events)}, {"signing_key", keeper.config.signing_key}};
    for (const auto& [name, value] : keeper.scope()) body[name] = value;
    auto request = api_request(keeper.api, "POST", "/webhook_subscriptions", json::serialize(body));
    auto answer = co_await exchange.send(std::move(request));
    co_return answer;
}

/// Keeps the first active one of ours; removes those that deliver nothing.
asio::awaitable<Result<Subscription>> keep_or_make(const Keeper& keeper, Exchange& exchange) {
    const auto all = co_await list(keeper, exchange);
    if (!all) co_return all.error();
    Subscription subscription;
    subscription.organization_wide = keeper.wide;
    bool removed = false;
    for (const auto& entry : *all) {
        const auto* found = entry.if_object();
        if (!found || lenient_text(*found, "callback_url") != keeper.config.callback_url) continue;
        auto uri = identifier(*found, "uri").value_or("");
        if (lenient_text(*found, "state") == "active" && complete(*found)) {
            subscription.uri = std::move(uri);
            subscription.struggling = lenient_text(*found, "retry_started_at").has_value();
            co_return subscription;
        }
        const auto gone = co_await remove(keeper, exchange, std::move(uri));
        if (!gone) co_return gone.error();
        removed = true;
    }
    const auto answer = co_await create(keeper, exchange);
    if (answer.arrived() && answer.response.status == 409) co_return subscription; // another node was faster
    if (!answer.ok()) co_return error_of(answer);
    subscription.action = removed ? Subscription::Action::renewed : Subscription::Action::made;
    subscription.uri = identifier(resource_of(answer), "uri").value_or("");
    co_return subscription;
}

} // namespace

boost::asio::awaitable<Result<Subscription>> ensure_subscription(net::HttpClient& http, const engine::Clock& clock, ApiConfig api,
                                                                 SubscriptionConfig config) {
    Exchange exchange(http, clock, clock.monotonic() + time_limit);
    Keeper keeper{std::move(api), std::move(config), {}, {}, true};
    auto me = api_request(keeper.api, "GET", "/users/me");
    const auto answer = co_await exchange.send(std::move(me));
    if (!answer.ok()) co_return error_of(answer);
    keeper.user = identifier(resource_of(answer), "uri").value_or("");
    keeper.organization = identifier(resource_of(answer), "current_organization").value_or("");
    if (keeper.user.empty() || keeper.organization.empty())
        co_return Error{"calendly_bad_answer", "/users/me lacks uri or current_organization"};
    auto kept = co_await keep_or_make(keeper, exchange);
    if (!kept && kept.error().code == "calendly_403") { // only owners and admins may see the whole organization
        keeper.wide = false;
        kept = co_await keep_or_make(keeper, exchange);
    }
    co_return kept;
}

} // namespace appointd::adapters::calendly
