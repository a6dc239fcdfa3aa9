#pragma once

#include "adapters/calendly/config.hpp"
#include "engine/ports/clock.hpp"
#include "foundation/result.hpp"
#include "net/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace appointd::adapters::calendly {

struct SubscriptionConfig {
    std::string callback_url; ///< where Calendly delivers: public_url + "/webhooks/calendly"
    std::string signing_key;  ///< Calendly signs with it and never shows it again
};

struct Subscription {
    enum class Action {
        kept,    ///< an active one was there
        made,    ///< there was none
        renewed, ///< there was one that Calendly had disabled, or that lacked events: deleted and made again
    };
    Action action = Action::kept;
    std::string uri;
    bool organization_wide = true; ///< false: the token may see its own user's events only
    bool struggling = false; ///< Calendly is retrying deliveries (retry_started_at): it disables the subscription after 24 hours
};

/// Makes sure that an active webhook subscription leads to us. Calendly disables one after 24 hours of failures, tells nobody and
/// replays nothing: the daemon calls this at its start and every few minutes. Harmless to repeat; several nodes may do it at
/// once. Errors: calendly_STATUS (its refusal: 401 token, 403 plan or scope), calendly_unreachable, calendly_no_answer,
/// calendly_bad_answer.
boost::asio::awaitable<Result<Subscription>> ensure_subscription(net::HttpClient& http, const engine::Clock& clock, ApiConfig api,
                                                                 SubscriptionConfig config);

} // namespace appointd::adapters::calendly
