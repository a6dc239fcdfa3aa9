#include "daemon/demo_people.hpp"

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

/// The look-alike tells which seat was taken by where it leads: ".../booked/INVITEE", or "…?invitee_uuid=INVITEE".
std::string invitee_in(std::string_view location) {
    const std::size_t query = location.find('?');
    if (query != std::string_view::npos) {
        const auto fields = form_decode(location.substr(query + 1));
        if (const auto invitee = find_field(fields.value_or(Fields{}), "invitee_uuid")) return *invitee;
    }
    return last_segment(location);
}

std::string location_of(const net::ClientResponse& response, std::string_view what) {
    const auto location = net::find_header(response.headers, "Location");
    if (response.status < 300 || response.status > 399 || !location)
        throw Stuck(std::string(what) + " answered " + words_for(response));
    return std::string(*location);
}

} // namespace

asio::awaitable<Taken> People::take(std::string page, std::string name, std::string email, Time start) {
    Fields form;
    form.emplace_back("name", std::move(name));
    form.emplace_back("email", std::move(email));
    form.emplace_back("start", to_iso(start));
    const net::ClientResponse response = co_await web_.post_form(std::move(page), std::move(form));
    Taken taken;
    taken.invitee = invitee_in(location_of(response, "the booking page"));
    taken.start = start;
    co_return taken;
}

asio::awaitable<Taken> People::pick(std::string link, std::string name, std::string email, Time start) {
    co_return co_await take(std::move(link), std::move(name), std::move(email), start);
}

asio::awaitable<Taken> People::book_directly(std::string event_type, std::string name, std::string email, Time start) {
    co_return co_await take(sandbox_ + "/book/t/" + event_type, std::move(name), std::move(email), start);
}

asio::awaitable<Taken> People::reschedule(std::string invitee, Time start) {
    Fields form;
    form.emplace_back("start", to_iso(start));
    const net::ClientResponse response = co_await web_.post_form(sandbox_ + "/book/reschedulings/" + invitee, std::move(form));
    Taken taken;
    taken.invitee = invitee_in(location_of(response, "the reschedule page"));
    taken.start = start;
    co_return taken;
}

asio::awaitable<void> People::cancel_as_invitee(std::string invitee) {
    Fields form;
    form.emplace_back("reason", "cannot come");
    const net::ClientResponse response = co_await web_.post_form(sandbox_ + "/book/cancellations/" + invitee, std::move(form));
    if (response.status != 200) throw Stuck("the cancellation page answered " + words_for(response));
}

asio::awaitable<void> People::check_out(std::string checkout_url, std::string action, std::string email) {
    const bool declines = action == "decline"; // stays on the page; the others lead back to us
    Fields form;
    form.emplace_back("action", std::move(action));
    form.emplace_back("email", std::move(email));
    const net::ClientResponse response = co_await web_.post_form(std::move(checkout_url), std::move(form));
    if (!declines)
        location_of(response, "the pay page");
    else if (response.status != 200)
        throw Stuck("the pay page answered " + words_for(response));
}

asio::awaitable<void> People::control(std::string verb, json::object body) {
    const net::ClientResponse response = co_await web_.post_json(sandbox_ + "/control/" + verb, std::move(body));
    if (response.status != 200) throw Stuck("the sandbox's " + verb + " answered " + words_for(response));
}

asio::awaitable<void> People::cancel_as_host(std::string invitee) {
    json::object body{{"invitee", invitee}, {"by", "host"}, {"reason", "the host is ill"}};
    co_await control("calendly/cancel", std::move(body));
}

asio::awaitable<void> People::settle_later(std::string session, bool success) {
    json::object body{{"session", session}, {"success", success}};
    co_await control("stripe/settle", std::move(body));
}

asio::awaitable<void> People::meet(std::string meeting, Time start, Time end) {
    json::object begins{{"meeting", meeting}, {"at", to_iso(start)}};
    json::object joins{{"meeting", meeting}, {"at", to_iso(start)}, {"name", "Guest"}};
    json::object leaves{{"meeting", meeting}, {"at", to_iso(end)}};
    json::object ends{{"meeting", meeting}, {"at", to_iso(end)}};
    co_await control("zoom/start", std::move(begins));
    co_await control("zoom/join", std::move(joins));
    co_await control("zoom/leave", std::move(leaves));
    co_await control("zoom/end", std::move(ends));
}

asio::awaitable<void> People::delete_meeting(std::string meeting) {
    json::object body{{"meeting", meeting}};
    co_await control("zoom/delete", std::move(body));
}

} // namespace appointd::demo
