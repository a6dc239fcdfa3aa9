#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

namespace appointd::bench {

struct Secrets {
    std::string calendly = "calendly-bench-key", stripe = "whsec_bench", zoom = "zoom-bench-token";
};

struct LoadResult {
    double seconds = 0;
    long acknowledged = 0;
    long refused = 0;                 ///< answers that were not 200
    long early = 0;                   ///< meeting.ended sent again, because the daemon had not yet booked the meeting
    std::vector<double> latencies_ms; ///< of every acknowledgement
};

/// Whole bookings over kept connections: invitee.created, checkout.session.completed, meeting.ended, each when the provider's own
/// step is done. Single-threaded on `context`; checkout_made and meeting_made are called on it by the stub.
class Load {
public:
    Load(boost::asio::io_context& context, unsigned short port, Secrets secrets, long bookings, int connections);
    void checkout_made(const std::string& booking);
    void meeting_made(const std::string& booking, const std::string& meeting);
    /// Runs until every booking is through, or `limit` has passed.
    boost::asio::awaitable<LoadResult> run(std::chrono::seconds limit);

private:
    struct Task {
        std::chrono::steady_clock::time_point ready;
        enum class Kind { calendly, stripe, zoom } kind;
        std::string booking, meeting;
    };
    boost::asio::awaitable<void> connection();
    bool next(Task& task);
    std::pair<std::string, std::string> request_of(const Task& task);

    boost::asio::io_context& context_;
    unsigned short port_;
    Secrets secrets_;
    long bookings_, begun_ = 0, ended_ = 0;
    int connections_, alive_ = 0;
    std::chrono::steady_clock::time_point deadline_{};
    std::deque<Task> payments_, meetings_;
    LoadResult result_;
};

/// The same connections against a server that answers a constant: the floor.
boost::asio::awaitable<LoadResult> constant_load(boost::asio::io_context& context, unsigned short port, long requests,
                                                 int connections);

} // namespace appointd::bench
