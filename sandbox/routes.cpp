// From a request to the machine that answers it, and the faults on the way.
#include "sandbox/core.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace appointd::sandbox {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait_for(std::chrono::milliseconds length) {
    asio::steady_timer timer(co_await asio::this_coro::executor, length);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Ids become "*", so that counters stay few: "GET /v1/refunds/*".
std::string route_of(const Call& call) {
    std::string out = call.method + " ";
    for (const std::string& segment : call.segments) {
        const bool id = segment.size() > 10 && std::any_of(segment.begin(), segment.end(), [](unsigned char c) {
                            return std::isdigit(c) || c == '@' || std::isupper(c);
                        });
        out += id || segment.find('@') != std::string::npos ? "/*" : "/" + segment;
    }
    return out;
}

} // namespace

asio::awaitable<net::Response> Sandbox::Core::handle(net::Request request) {
    const std::size_t slash = std::min(request.path.find('/', 1), request.path.size());
    const std::string area = request.path.substr(1, slash - 1);
    auto call = make_call(request.method, std::string_view(request.path).substr(slash), request.query, std::move(request.headers),
                          std::move(request.body));
    if (!call) co_return net::Response{.status = 400};
    if (area == "control") co_return control(*call);
    if (area == "calendly") co_return co_await handle_api(Provider::calendly, false, std::move(*call));
    if (area == "calendly-auth") co_return co_await handle_api(Provider::calendly, true, std::move(*call));
    if (area == "stripe") co_return co_await handle_api(Provider::stripe, false, std::move(*call));
    if (area == "zoom") co_return co_await handle_api(Provider::zoom, false, std::move(*call));
    if (area == "zoom-auth") co_return co_await handle_api(Provider::zoom, true, std::move(*call));
    co_return handle_page(area, *call);
}

net::Response Sandbox::Core::handle_page(std::string_view area, const Call& call) {
    if (area == "mailbox" && call.segments.empty()) return html_response(200, "Mailbox", mailbox.page());
    if (area == "mailbox")
        return html_response(200, "Mailbox", mailbox.page(static_cast<std::size_t>(std::atoll(call.segments[0].c_str()))));
    net::Response response;
    with_world([&](World& all, Time now) {
        if (area == "book")
            response = all.calendly.page(call, now);
        else if (area == "pay")
            response = all.stripe.page(call, now);
        else if (area == "j")
            response = all.zoom.page(call, now);
        else if (area.empty()) {
            std::string body = "<p>Calendly, Stripe and Zoom for appointd.</p><ul>";
            for (const calendly::EventType& type : all.calendly.state().types)
                body += "<li><a href=\"/book/t/" + type.id + "\">" + escape_html(type.name) + "</a></li>";
            body += "</ul><p><a href=\"/control/ledger\">Ledger</a> · <a href=\"/control/webhooks\">Webhooks</a> · <a "
                    "href=\"/mailbox\">Mailbox</a></p>";
            response = html_response(200, "Sandbox", body);
        } else
            response = html_response(404, "Not found", "<p>There is no such page.</p>");
    });
    return response;
}

net::Response Sandbox::Core::execute(Provider provider, bool auth, const Call& call, stripe::Execution execution) {
    net::Response response;
    with_world([&](World& all, Time now) {
        switch (provider) {
        case Provider::calendly: response = auth ? all.calendly.auth(call, now) : all.calendly.api(call, now); break;
        case Provider::stripe: response = all.stripe.api(call, now, execution); break;
        case Provider::zoom: response = auth ? all.zoom.auth(call, now) : all.zoom.api(call, now); break;
        case Provider::mail: break; // speaks SMTP
        }
    });
    return response;
}

net::Response Sandbox::Core::fail(Provider provider, const Fault& fault) {
    const std::lock_guard lock(mutex);
    const Time now = world.clock.now();
    const bool limited = fault.kind == FaultKind::rate_limited || fault.kind == FaultKind::daily_limit;
    switch (provider) {
    case Provider::calendly: return limited ? world.calendly.rate_limited() : world.calendly.failed(fault.status);
    case Provider::stripe: return limited ? world.stripe.rate_limited() : world.stripe.failed(fault.status);
    case Provider::zoom:
    case Provider::mail: break;
    }
    if (limited) return world.zoom.rate_limited(now, fault.kind == FaultKind::daily_limit);
    return world.zoom.failed(fault.status, fault.kind == FaultKind::html_error);
}

asio::awaitable<net::Response> Sandbox::Core::handle_api(Provider provider, bool auth, Call call) {
    const auto self = shared_from_this();
    const auto fault = faults.draw_call(provider, call.method + " " + call.path);
    const FaultKind kind = fault ? fault->kind : FaultKind::duplicate; // a kind of webhooks: none of calls
    net::Response response;
    switch (kind) {
    case FaultKind::rate_limited:
    case FaultKind::daily_limit:
    case FaultKind::error_before:
    case FaultKind::html_error: response = fail(provider, *fault); break;
    case FaultKind::cut_before: response.status = 0; break;
    case FaultKind::error_after:
        execute(provider, auth, call, stripe::Execution::normal);
        response = fail(provider, *fault);
        break;
    case FaultKind::lost_answer:
        execute(provider, auth, call, stripe::Execution::normal);
        response.status = 0;
        break;
    case FaultKind::stored_error: response = execute(provider, auth, call, stripe::Execution::stored_error); break;
    case FaultKind::stored_error_done: response = execute(provider, auth, call, stripe::Execution::stored_error_done); break;
    case FaultKind::slow:
        with_world([&](World& all, Time) { all.stripe.hold(call); });
        co_await wait_for(fault->delay);
        with_world([&](World& all, Time) { all.stripe.release(call); });
        response = execute(provider, auth, call, stripe::Execution::normal);
        break;
    case FaultKind::slow_answer:
        response = execute(provider, auth, call, stripe::Execution::normal);
        co_await wait_for(fault->delay);
        break;
    case FaultKind::unauthorized:
        std::erase_if(call.headers, [](const auto& header) { return header.first.size() == 13; });
        call.headers.emplace_back("Authorization", "Bearer expired");
        response = execute(provider, auth, call, stripe::Execution::normal);
        break;
    default: response = execute(provider, auth, call, stripe::Execution::normal); break;
    }
    const std::lock_guard lock(mutex);
    ++world.calls[std::string(name_of(provider)) + " " + route_of(call) + " " + std::to_string(response.status)];
    co_return response;
}

} // namespace appointd::sandbox
