#include "http/pages.hpp"

#include "foundation/digest.hpp"

#include "http/booking_page.hpp"
#include "http/bookings.hpp"
#include "http/reply.hpp"
#include "http/routing.hpp"

#include <algorithm>
#include <charconv>

namespace appointd::http {
namespace asio = boost::asio;

namespace {

constexpr int max_looks = 45;                   // of /go/calendly, two seconds apart
constexpr std::chrono::hours search_window{72}; // a booking that is looked for by its invitee is this young
constexpr std::chrono::hours id_slack{1};       // an id is drawn before its booking is stored, maybe by another clock
constexpr int max_candidates = 20;

net::Response no_such_page() {
    const Page page{.title = "This page does not exist",
                    .lines = {"The link is not complete, or not right. Please open the link from your confirmation again."}};
    return html(render(page), 404);
}

net::Response not_now() {
    const Page page{.title = "One moment", .lines = {"We cannot show your booking right now."}, .refresh_seconds = 5};
    net::Response response = html(render(page), 503);
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

Arrival arrival_of(const Fields& query) {
    const auto checkout = find_field(query, "checkout");
    if (!checkout) return Arrival::plain;
    return *checkout == "done" ? Arrival::paid : Arrival::left;
}

/// Marks that this browser was sent to this checkout, so that coming back is not answered by sending it there again: the news of
/// the payment may be a moment behind the customer.
std::string visit_of(std::string_view checkout) { return "visited=" + sha256_hex(checkout).substr(0, 16); }

bool has_visited(const net::Request& request, const BookingView& view) {
    const auto cookies = net::find_header(request.headers, "Cookie");
    return cookies && !view.checkout.empty() && cookies->find(visit_of(view.checkout)) != std::string_view::npos;
}

net::Response send_to_checkout(const Services& services, const BookingView& view, const std::string& checkout) {
    net::Response response = redirect(checkout);
    const bool secure = services.given.settings.public_url.starts_with("https://");
    response.headers.emplace_back("Set-Cookie", visit_of(checkout) + "; Path=/b/" + view.id +
                                                    "; Max-Age=86400; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
    return response;
}

/// What Calendly appends to the redirect of an event type.
struct FromCalendly {
    std::string invitee; ///< its id: known to the one who booked, so it opens the page
    std::string claim;   ///< utm_content
    int looks = 0;
};

std::optional<FromCalendly> from_calendly(const Fields& query) {
    FromCalendly from;
    from.invitee = find_field(query, "invitee_uuid").value_or("");
    from.claim = find_field(query, "utm_content").value_or("");
    const auto looks = find_field(query, "looks").value_or("0");
    std::from_chars(looks.data(), looks.data() + looks.size(), from.looks);
    const bool plausible =
        from.invitee.size() >= 8 && from.invitee.size() <= 100 &&
        std::all_of(from.invitee.begin(), from.invitee.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (!plausible) return std::nullopt;
    return from;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return text;
}

using Found = Result<std::optional<BookingView>>;

/// The booking named by the claim, if the invitee is its own; else the young one that has the invitee.
Found find_of_invitee(engine::Reader& reader, const FromCalendly& from, Time now) {
    if (const auto id = engine::parse_workflow_id(from.claim)) {
        auto row = reader.workflow(*id);
        if (!row) return row.error();
        if (*row)
            if (auto view = view_booking(**row); view && view->is_invitee(from.invitee)) return view;
    }
    engine::WorkflowFilter filter;
    filter.kind = "booking";
    filter.q = lower(from.invitee);
    filter.from = now - search_window;
    // Anybody may ask this: it must not read the bookings of years.
    filter.least = engine::make_workflow_id(now - search_window - id_slack, engine::RandomBytes{});
    filter.limit = max_candidates;
    auto rows = reader.list(filter);
    if (!rows) return rows.error();
    for (const engine::WorkflowRow& row : *rows)
        if (auto view = view_booking(row); view && view->is_invitee(from.invitee)) return view;
    return std::optional<BookingView>{};
}

net::Response look_again(const FromCalendly& from) {
    const std::string here = "?invitee_uuid=" + percent_encode(from.invitee) + "&utm_content=" + percent_encode(from.claim) +
                             "&looks=" + std::to_string(from.looks + 1);
    if (from.looks >= max_looks)
        return html(render(
            {.title = "Your time is booked",
             .lines = {"We have not heard of it from the calendar yet. You can leave this page; you find everything in the "
                       "calendar's e-mail, or look again now."},
             .refresh_seconds = 60,
             .refresh_to = here}));
    return html(render({.title = "One moment",
                        .lines = {"Your time is booked. We are preparing the next step."},
                        .refresh_seconds = 2,
                        .refresh_to = here}));
}

} // namespace

asio::awaitable<net::Response> booking_page(Services& services, Call& call) {
    const auto query = query_of(call.request);
    const auto id = engine::parse_workflow_id(call.parameters.at(0));
    const std::string key = query ? find_field(*query, "key").value_or("") : "";
    if (!id || key.empty()) co_return no_such_page();
    auto booking = co_await read_booking(services, *id);
    if (!booking) co_return not_now();
    if (!*booking || !(*booking)->opens(key)) co_return no_such_page();
    const BookingView& view = **booking;
    Arrival arrival = arrival_of(*query);
    if (arrival == Arrival::plain && has_visited(call.request, view)) arrival = Arrival::left;
    if (const auto target = onward(view, arrival); target.starts_with("https://") || target.starts_with("http://"))
        co_return send_to_checkout(services, view, target);
    co_return html(render(page_of(view, arrival, services.zones)));
}

asio::awaitable<net::Response> go_calendly(Services& services, Call& call) {
    const auto query = query_of(call.request);
    const auto from = query ? from_calendly(*query) : std::nullopt;
    if (!from) co_return no_such_page();
    if (services.lookups.take(call.request.remote, call.received).count() != 0) co_return look_again(*from);
    const Time now = services.given.clock.now();
    std::function<Found(engine::Reader&)> question = [from = *from, now](engine::Reader& reader) {
        return find_of_invitee(reader, from, now);
    };
    auto found = co_await services.searches.ask(std::move(question));
    if (!found) co_return not_now();
    if (!*found) co_return look_again(*from);
    const BookingView& view = **found;
    co_return redirect(page_url(services, view.id, view.page_key));
}

} // namespace appointd::http
