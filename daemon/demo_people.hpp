#pragma once

#include "daemon/demo_web.hpp"
#include "foundation/time.hpp"

#include <string>

namespace appointd::demo {

/// Where everything answers; URLs without a slash at their end.
struct Places {
    std::string public_url, admin_url, sandbox_url;
};

/// A seat taken on Calendly.
struct Taken {
    std::string invitee; ///< last segment of its URI
    Time start{};
};

/// What customers and hosts do at the three providers' own sites: the look-alike pages where a customer has a page, the sandbox's
/// control API for what a host does or what time brings. Throws Stuck.
class People {
public:
    People(Web& web, std::string sandbox_url) : web_(web), sandbox_(std::move(sandbox_url)) {}

    boost::asio::awaitable<Taken> pick(std::string link, std::string name, std::string email, Time start);
    boost::asio::awaitable<Taken> book_directly(std::string event_type, std::string name, std::string email, Time start);
    boost::asio::awaitable<Taken> reschedule(std::string invitee, Time start);
    boost::asio::awaitable<void> cancel_as_invitee(std::string invitee);
    boost::asio::awaitable<void> cancel_as_host(std::string invitee);

    /// `action`: pay, decline, later.
    boost::asio::awaitable<void> check_out(std::string checkout_url, std::string action, std::string email);
    boost::asio::awaitable<void> settle_later(std::string session, bool success);

    /// The meeting happens: started, somebody joins and leaves, ended, at these instants.
    boost::asio::awaitable<void> meet(std::string meeting, Time start, Time end);
    boost::asio::awaitable<void> delete_meeting(std::string meeting);

private:
    boost::asio::awaitable<Taken> take(std::string page, std::string name, std::string email, Time start);
    boost::asio::awaitable<void> control(std::string verb, json::object body);

    Web& web_;
    std::string sandbox_;
};

} // namespace appointd::demo
