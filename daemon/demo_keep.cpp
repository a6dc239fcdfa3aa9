#include "daemon/demo_keep.hpp"

#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace appointd::demo {

namespace asio = boost::asio;

namespace {

/// One that ended as it should, so that there is a whole history to read.
std::string one_of(const std::vector<Run>& runs) {
    const auto good = std::ranges::find_if(runs, [](const Run& run) { return run.stuck.empty() && !run.booking.empty(); });
    return good == runs.end() ? "ID" : good->booking;
}

} // namespace

asio::awaitable<std::string> invitation(Web& web, Places places, std::vector<Run> runs) {
    json::object invitee{{"name", "Your Name"}, {"email", "you@example.org"}};
    json::object body{{"session_type", "coaching-60"}, {"invitee", std::move(invitee)}};
    const net::ClientResponse response = co_await web.post_json(places.public_url + "/api/bookings", std::move(body));
    const auto made = data_of(response);
    const std::string page = made ? text_field(*made, "page").value_or("") : "none: " + words_for(response);
    const std::string id = one_of(runs);
    std::string out = "\nEverything is left running; Ctrl-C ends it.\n\n";
    out += fmt::format("  a booking to click through     {}\n", page);
    out += fmt::format("  book straight on Calendly      {}/book/t/coaching-60\n", places.sandbox_url);
    out += fmt::format("  the customers' e-mails         {}/mailbox\n", places.sandbox_url);
    out += fmt::format("  admin API                      {}/admin/v1/workflows\n", places.admin_url);
    out += fmt::format("  metrics                        {}/metrics\n", places.admin_url);
    out += fmt::format("  what the providers know        {}/control/ledger\n\n", places.sandbox_url);
    out += fmt::format("  curl -s '{}/admin/v1/workflows?state=CONFIRMED&limit=3'\n", places.admin_url);
    out += fmt::format("  curl -s '{}/admin/v1/workflows/{}'\n", places.admin_url, id);
    out += fmt::format("  curl -s '{}/admin/v1/workflows/{}/history'\n", places.admin_url, id);
    out += fmt::format(
        "  curl -s '{}/admin/v1/workflows/{}/events' -H 'Content-Type: application/json' \\\n"
        "       -d '{{\"type\":\"operator.cancel\",\"actor\":\"me\",\"reason\":\"a try\",\"payload\":{{\"refund\":\"full\"}},"
        "\"dry_run\":true}}'\n",
        places.admin_url, id);
    out += fmt::format("  curl -s '{}/metrics' | grep '^appointd_workflows'\n\n", places.admin_url);
    co_return out;
}

void wait_for_signal(asio::io_context& context) {
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    context.restart();
    context.run();
}

} // namespace appointd::demo
