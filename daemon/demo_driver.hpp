#pragma once

#include "daemon/demo_people.hpp"
#include "daemon/demo_reconciliation.hpp"

#include <chrono>
#include <set>
#include <string>

namespace appointd::demo {

/// Takes one booking its whole way, as its customer, its host and its operator would, over HTTP only. Waits are polls with a
/// deadline; a daemon that is away for a while (killed, restarted, overloaded) is asked again.
class Journey {
public:
    /// `tag` tells this run's bookings from older ones in the same store.
    Journey(Web& web, const Places& places, Plan plan, std::string tag, std::chrono::seconds patience);

    /// Never throws: what went wrong is in Run::stuck.
    boost::asio::awaitable<Run> run();

private:
    boost::asio::awaitable<void> take(Step step);
    boost::asio::awaitable<void> ask();
    boost::asio::awaitable<void> book_directly();
    boost::asio::awaitable<void> reschedule();
    boost::asio::awaitable<void> meet();
    boost::asio::awaitable<void> operate(std::string type, json::object payload);
    boost::asio::awaitable<void> await_state(std::string state);
    boost::asio::awaitable<std::string> await_link(std::string name);
    boost::asio::awaitable<void> await_moved();
    boost::asio::awaitable<void> await_end();
    boost::asio::awaitable<std::string> meeting_id();

    /// Asks `url` until `accept` likes the envelope's data; throws Stuck("… after N s: what was last answered").
    template <class Accept> boost::asio::awaitable<json::object> poll(std::string url, std::string what, Accept accept);
    std::string booking_url() const { return places_.public_url + "/api/bookings/" + run_.booking; }
    std::string detail_url() const { return places_.admin_url + "/admin/v1/workflows/" + run_.booking; }
    std::string session_of_checkout() const;
    Time slot_start() const; ///< of the slot that the step under way takes
    void took(const Taken& taken);

    Web& web_;
    People people_;
    const Places& places_;
    const Offer& offer_;
    Run run_;
    std::string tag_, email_;
    std::chrono::seconds patience_;
    std::string scheduling_, checkout_, meeting_link_, invitee_;
    std::set<std::string> seen_; ///< links that earlier steps have used up
    Time start_{};
    int moves_ = 0;
    std::size_t at_ = 0; ///< the step under way
};

} // namespace appointd::demo
