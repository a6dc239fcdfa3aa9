#pragma once

#include "adapters/notify/message.hpp"
#include "adapters/notify/templates.hpp"
#include "net/smtp_client.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace appointd::adapters::notify {

struct MailConfig {
    net::SmtpRelay relay;
    Mailbox from;
    std::string operator_address; ///< empty: nobody is told of attention
    std::shared_ptr<const Templates> templates;
};

/// An endpoint of somebody else's that hears of bookings.
struct Endpoint {
    std::string name, url;
    std::vector<std::string> keys; ///< the secrets' bytes; several while one is rotated: each signs
};

struct Config {
    std::optional<MailConfig> mail; ///< none: no e-mail can be sent
    std::vector<Endpoint> endpoints;
    /// Before the second attempt at a webhook; doubles with each, to `longest_pause`.
    std::chrono::milliseconds first_pause{5'000}, longest_pause{std::chrono::hours(12)};
};

} // namespace appointd::adapters::notify
