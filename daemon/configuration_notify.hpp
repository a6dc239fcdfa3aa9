#pragma once

#include "adapters/notify/config.hpp"
#include "daemon/configuration_secret.hpp"
#include "foundation/json.hpp"

#include <memory>
#include <string>
#include <vector>

namespace appointd::daemon {

/// [mail]: the relay, and who writes. Without a url no e-mail is sent.
struct MailSettings {
    std::string url, from, operator_address, user, starttls, ca_file, templates;
    Secret password;
    std::shared_ptr<const adapters::notify::Templates> loaded; ///< checked when the configuration was
    bool can_send() const { return !url.empty(); }
};

/// One [[webhook_endpoint]]: a program of somebody else's that hears of bookings.
struct WebhookEndpoint {
    std::string name, url;
    std::vector<Secret> secrets;     ///< bytes; several while one is rotated
    std::vector<std::string> events; ///< types it wants; empty: all
};

struct Configuration;

/// What the adapters are told of it.
adapters::notify::Config notify_config(const Configuration& from);

/// All types of outgoing webhooks.
const std::vector<std::string>& webhook_types();

/// The part of the terms that says who is told (docs/events.md).
void add_listeners(json::object& terms, const MailSettings& mail, const std::vector<WebhookEndpoint>& endpoints);

} // namespace appointd::daemon
