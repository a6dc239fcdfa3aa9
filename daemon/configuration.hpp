#pragma once

#include "daemon/configuration_notify.hpp"
#include "daemon/configuration_secret.hpp"
#include "daemon/configuration_session_type.hpp"
#include "engine/runtime/options.hpp"
#include "foundation/log.hpp"
#include "foundation/result.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace appointd::daemon {

struct DatabaseSettings {
    Secret url;        ///< sqlite:///relative, sqlite:////absolute, postgresql://…
    int pipelines = 0; ///< commit pipelines of this node on PostgreSQL; 0: one for every four cores
};

struct HttpSettings {
    std::string listen, admin_listen;   ///< "address:port"
    std::string public_url;             ///< without a slash at its end
    Secret admin_token, api_token;      ///< empty: none
    std::int64_t create_per_minute = 0; ///< bookings created a minute and address, without an API token
    std::int64_t max_connections = 0;   ///< of each listener
    std::int64_t max_bodies = 0;        ///< bytes of the bodies that each listener holds at once
};

struct WebhookSettings {
    Duration tolerance{}, tolerance_zoom{};
    std::int64_t max_body = 0; ///< bytes
};

struct ReconciliationSettings {
    Duration every{}; ///< between two sweeps of a provider account; zero: as booking.reconcile_after
};

struct CalendlySettings {
    Secret personal_access_token, client_secret, webhook_signing_key;
    std::string client_id, redirect_uri, api_base, auth_base;
    bool subscribe = false; ///< make and watch the webhook subscription
    bool can_call() const { return !personal_access_token.empty(); }
};

struct StripeSettings {
    Secret secret_key;
    std::vector<Secret> webhook_secrets; ///< several while one is rolled
    std::string api_base;
};

struct ZoomSettings {
    std::string account_id, client_id, user_id, api_base, auth_base;
    Secret client_secret, webhook_secret_token;
    bool can_call() const { return !account_id.empty() && !client_id.empty() && !client_secret.empty(); }
};

struct AuditSettings {
    Duration interval{};     ///< between two rounds of the auditor; 0: none
    std::int64_t sample = 0; ///< workflows of a round
};

/// A setting as it is in force, fit to be shown: secrets only say whether they are set.
struct Effective {
    std::string key, value, origin; ///< origin: "environment", "file" or "default"
};

/// Everything that can be configured, checked. A plain value, constant after loading.
struct Configuration {
    DatabaseSettings database;
    HttpSettings http;
    engine::Options engine;
    BookingTimes booking;
    ReconciliationSettings reconciliation;
    WebhookSettings webhooks;
    CalendlySettings calendly;
    StripeSettings stripe;
    ZoomSettings zoom;
    AuditSettings audit;
    MailSettings mail;
    std::vector<WebhookEndpoint> webhook_endpoints;
    Level log_level = Level::info;
    std::vector<SessionType> session_types;
    std::vector<Effective> effective;  ///< in the table's order
    std::vector<std::string> warnings; ///< to be said at start
};

using Environment = std::map<std::string, std::string, std::less<>>;

/// The process's own environment.
Environment process_environment();

/// Environment over file over default. Without a path: APPOINTD_CONFIG, or no file.
/// Error config_invalid: the message has one line a problem, each beginning with the key's path, all of them at once.
Result<Configuration> load_configuration(const std::optional<std::filesystem::path>& path, const Environment& environment);

/// The same from text; `file` names it in messages.
Result<Configuration> parse_configuration(std::string_view text, std::string_view file, const Environment& environment);

} // namespace appointd::daemon
