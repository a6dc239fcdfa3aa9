#pragma once

#include "foundation/log.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>

namespace appointd::sandbox {

/// Carries webhooks to their endpoints: signs each attempt anew, retries on each provider's schedule (compressed), plays the
/// faults of webhooks. Members may be called from any thread; the work is done on the executor, one webhook never twice at once.
class Delivery {
public:
    enum class Order { as_sent, reversed, shuffled };
    struct Settings {
        double retry_scale = 0.001;           ///< an hour of a provider's schedule in 3.6 seconds
        std::function<Time()> signing_time{}; ///< the receiver's clock, not the sandbox's
    };
    /// After each attempt of a webhook (its copies stay silent): delivered, or failed, and then whether for good.
    using Report = std::function<void(const Webhook&, bool delivered, bool for_good)>;

    Delivery(boost::asio::any_io_executor executor, Settings settings, Faults& faults, Report report, Log log);
    ~Delivery();
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    void send(std::vector<Webhook> webhooks);
    /// Attempts wait from now on; those under way end.
    void pause();
    void resume();
    /// Attempts all that wait (for a retry, a delay, or the pause to end) now, one after the other, also while paused.
    void flush(Order order);
    /// Stops for good: what waits is dropped, calls under way are cut. On the executor's thread, or after it ran.
    void stop();

    /// Waiting or under way; 0 means that nothing more will happen by itself.
    std::size_t pending() const;
    /// Every webhook with its attempts, oldest first; at most the last 5000 that are over.
    boost::json::array list() const;
    /// Counts by state and provider.
    boost::json::object counts() const;

private:
    struct Core;
    std::shared_ptr<Core> core_;
};

} // namespace appointd::sandbox
