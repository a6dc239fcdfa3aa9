#pragma once

#include "http/services.hpp"

/// The admin API's routes (docs/http-api.md). The token has been checked before any of them is called.
namespace appointd::http {

boost::asio::awaitable<net::Response> list_workflows(Services& services, Call& call);
boost::asio::awaitable<net::Response> show_workflow(Services& services, Call& call);
boost::asio::awaitable<net::Response> show_history(Services& services, Call& call);
boost::asio::awaitable<net::Response> send_event(Services& services, Call& call);
boost::asio::awaitable<net::Response> explain_workflow(Services& services, Call& call);
boost::asio::awaitable<net::Response> replay_workflow(Services& services, Call& call);
boost::asio::awaitable<net::Response> retry_activity(Services& services, Call& call);
boost::asio::awaitable<net::Response> skip_activity(Services& services, Call& call);
boost::asio::awaitable<net::Response> report_money(Services& services, Call& call);
boost::asio::awaitable<net::Response> list_dead_letters(Services& services, Call& call);
boost::asio::awaitable<net::Response> requeue_dead_letter(Services& services, Call& call);
boost::asio::awaitable<net::Response> reconcile(Services& services, Call& call);
boost::asio::awaitable<net::Response> list_definitions(Services& services, Call& call);
boost::asio::awaitable<net::Response> show_definition(Services& services, Call& call);

} // namespace appointd::http
