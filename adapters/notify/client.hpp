#pragma once

#include "adapters/exchange.hpp"
#include "adapters/notify/config.hpp"
#include "foundation/time_zone.hpp"

#include <memory>

namespace appointd::adapters::notify {

/// E-mails and outgoing webhooks. On the executor's thread.
class Client {
public:
    Client(World world, Config config);

    /// Sent at least once: where the answer was lost it goes again, with the same Message-ID.
    asio::awaitable<engine::AttemptResult> send_mail(const engine::Attempt& attempt, const json::object& request,
                                                     Exchange& exchange);
    /// Any answer but 2xx is tried again, with doubling pauses, but 410, which is for good.
    asio::awaitable<engine::AttemptResult> send_webhook(const engine::Attempt& attempt, const json::object& request,
                                                        Exchange& exchange);
    /// Ends what is under way to the relay, within about a second, and waits for that. Whoever waits for an answer keeps us
    /// alive, and would otherwise be told by a thread that outlives the executor. Nothing is sent any more.
    void close() { smtp_.reset(); }
    bool configured() const { return true; } // each activity says by itself what it lacks

private:
    World world_;
    Config config_;
    TimeZones zones_;
    std::unique_ptr<net::SmtpClient> smtp_;
};

} // namespace appointd::adapters::notify
