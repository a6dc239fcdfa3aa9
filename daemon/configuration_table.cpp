#include "daemon/configuration_table.hpp"

namespace appointd::daemon {

namespace {

using C = Configuration;
using V = Value;

const std::string& text(const V& value) { return std::get<std::string>(value); }
Secret secret(const V& value) { return Secret(text(value)); }
Duration duration(const V& value) { return std::get<Duration>(value); }
std::int64_t integer(const V& value) { return std::get<std::int64_t>(value); }
std::size_t size(const V& value) { return static_cast<std::size_t>(integer(value)); }
int small(const V& value) { return static_cast<int>(integer(value)); }
double number(const V& value) { return std::get<double>(value); }

Level level(const V& value) {
    const std::string& name = text(value);
    return name == "debug" ? Level::debug : name == "warn" ? Level::warn : name == "error" ? Level::error : Level::info;
}

std::vector<Secret> secrets(const V& value) {
    std::vector<Secret> result;
    for (const std::string& one : std::get<std::vector<std::string>>(value)) result.emplace_back(one);
    return result;
}

constexpr double hour = 3600, day = 24 * hour, million = 1e6;

// clang-format off
constexpr Setting table[] = {
    {"database.url", "DATABASE_URL", Kind::database, "sqlite:///appointd.db", "Where bookings live: SQLite for one node, PostgreSQL for any number",
        [](C& c, const V& v) { c.database.url = secret(v); }},
    {"database.pipelines", "APPOINTD_DATABASE_PIPELINES", Kind::integer, "0", "PostgreSQL: batches that this node commits at once; 0: one for every four cores",
        [](C& c, const V& v) { c.database.pipelines = small(v); }, 0, 64},

    {"http.listen", "APPOINTD_LISTEN", Kind::address, "127.0.0.1:8080", "Public listener: webhooks, booking API, customers' pages",
        [](C& c, const V& v) { c.http.listen = text(v); }},
    {"http.admin_listen", "APPOINTD_ADMIN_LISTEN", Kind::address, "127.0.0.1:8081", "Admin listener: admin API, /metrics, /healthz, /readyz",
        [](C& c, const V& v) { c.http.admin_listen = text(v); }},
    {"http.admin_token", "APPOINTD_ADMIN_TOKEN", Kind::secret, "", "Bearer token of the admin API; required unless its listener is loopback",
        [](C& c, const V& v) { c.http.admin_token = secret(v); }},
    {"http.api_token", "APPOINTD_API_TOKEN", Kind::secret, "", "Bearer token of the booking API; without it creation is limited per address",
        [](C& c, const V& v) { c.http.api_token = secret(v); }},
    {"http.public_url", "APPOINTD_HTTP_PUBLIC_URL", Kind::url, "http://127.0.0.1:8080", "Where customers reach the public listener; checkouts lead back here",
        [](C& c, const V& v) { c.http.public_url = text(v); }},
    {"http.create_per_minute", "APPOINTD_HTTP_CREATE_PER_MINUTE", Kind::integer, "30", "Bookings a minute that one address may create without an API token; loopback is excepted; 0: no limit",
        [](C& c, const V& v) { c.http.create_per_minute = integer(v); }, 0, million},
    {"http.max_connections", "APPOINTD_HTTP_MAX_CONNECTIONS", Kind::integer, "4096", "Open connections of each listener; more wait in the backlog",
        [](C& c, const V& v) { c.http.max_connections = integer(v); }, 1, million},
    {"http.max_bodies", "APPOINTD_HTTP_MAX_BODIES", Kind::bytes, "64MiB", "Bytes of the bodies that each listener holds at once, beyond 16 KiB of every request; more are answered 503",
        [](C& c, const V& v) { c.http.max_bodies = integer(v); }, 1 << 20, 1LL << 36},

    {"engine.lease", "APPOINTD_ENGINE_LEASE", Kind::duration, "30s", "A claim on a call runs out after this; a crashed node's calls are then taken up by another",
        [](C& c, const V& v) { c.engine.lease = duration(v); }, 1, hour},
    {"engine.retry_base", "APPOINTD_ENGINE_RETRY_BASE", Kind::duration, "500ms", "First wait before a call is tried again; doubles with each attempt",
        [](C& c, const V& v) { c.engine.retry.base = duration(v); }, 0.001, hour},
    {"engine.retry_cap", "APPOINTD_ENGINE_RETRY_CAP", Kind::duration, "5m", "Longest wait before a call is tried again",
        [](C& c, const V& v) { c.engine.retry.cap = duration(v); }, 0.001, day},
    {"engine.max_attempts", "APPOINTD_ENGINE_MAX_ATTEMPTS", Kind::integer, "20", "Attempts that count before a call is flagged and left to reconciliation",
        [](C& c, const V& v) { c.engine.retry.max_attempts = small(v); }, 1, 1000},
    {"engine.deferred_ttl", "APPOINTD_ENGINE_DEFERRED_TTL", Kind::duration, "72h", "How long an early event waits for what it belongs to",
        [](C& c, const V& v) { c.engine.deferred_ttl = duration(v); }, 1, 90 * day},
    {"engine.queue_capacity", "APPOINTD_ENGINE_QUEUE_CAPACITY", Kind::integer, "10000", "Events that may wait for a commit; more are answered 503",
        [](C& c, const V& v) { c.engine.queue_capacity = size(v); }, 1, million},
    {"engine.queue_bytes", "APPOINTD_ENGINE_QUEUE_BYTES", Kind::bytes, "64MiB", "Bytes of the events that may wait for a commit; more are answered 503",
        [](C& c, const V& v) { c.engine.queue_bytes = size(v); }, 1 << 20, 1LL << 36},
    {"engine.batch_events", "APPOINTD_ENGINE_BATCH_EVENTS", Kind::integer, "256", "Events of one commit at most",
        [](C& c, const V& v) { c.engine.batch_events = size(v); }, 1, 4096},
    {"engine.batch_bytes", "APPOINTD_ENGINE_BATCH_BYTES", Kind::bytes, "4MiB", "Bytes of one commit's events at most",
        [](C& c, const V& v) { c.engine.batch_bytes = size(v); }, 65'536, 1 << 30},
    {"engine.poll", "APPOINTD_ENGINE_POLL", Kind::duration, "250ms", "Timers and retries are late by this at most",
        [](C& c, const V& v) { c.engine.poll = duration(v); }, 0.01, 60},
    {"engine.node_timeout", "APPOINTD_ENGINE_NODE_TIMEOUT", Kind::duration, "30s", "A node that was silent for this long shares no provider limit any more",
        [](C& c, const V& v) { c.engine.node_timeout = duration(v); }, 1, hour},
    {"engine.retention", "APPOINTD_ENGINE_RETENTION", Kind::duration, "365d", "Closed bookings are deleted after this",
        [](C& c, const V& v) { c.engine.retention = duration(v); }, 30 * day},
    {"engine.breaker_failures", "APPOINTD_ENGINE_BREAKER_FAILURES", Kind::integer, "5", "Failures in a row that open a provider's circuit breaker",
        [](C& c, const V& v) { c.engine.breaker_failures = small(v); }, 1, 1000},
    {"engine.breaker_pause", "APPOINTD_ENGINE_BREAKER_PAUSE", Kind::duration, "5s", "An open breaker lets one call try after this",
        [](C& c, const V& v) { c.engine.breaker_pause = duration(v); }, 0.01, hour},

    {"booking.slot_timeout", "APPOINTD_BOOKING_SLOT_TIMEOUT", Kind::duration, "24h", "A booking without a slot is abandoned after this",
        [](C& c, const V& v) { c.booking.slot_timeout = duration(v); }, 0.001, 90 * day},
    {"booking.reschedule_timeout", "APPOINTD_BOOKING_RESCHEDULE_TIMEOUT", Kind::duration, "10m", "Half of a reschedule waits this long before Calendly is asked for the other",
        [](C& c, const V& v) { c.booking.reschedule_timeout = duration(v); }, 0.001, day},
    {"booking.completion_grace", "APPOINTD_BOOKING_COMPLETION_GRACE", Kind::duration, "15m", "After the end of the slot, before the clock completes a booking",
        [](C& c, const V& v) { c.booking.completion_grace = duration(v); }, 0, day},
    {"booking.reconcile_after", "APPOINTD_BOOKING_RECONCILE_AFTER", Kind::duration, "10m", "A booking that waits longer asks the providers itself",
        [](C& c, const V& v) { c.booking.reconcile_after = duration(v); }, 0.001, day},

    {"reconciliation.every", "APPOINTD_RECONCILIATION_EVERY", Kind::duration, "0s", "Between two sweeps of a provider account for events that never arrived; 0s: as booking.reconcile_after",
        [](C& c, const V& v) { c.reconciliation.every = duration(v); }, 0, 7 * day},

    {"webhooks.tolerance", "APPOINTD_WEBHOOKS_TOLERANCE", Kind::duration, "5m", "Age of a signed timestamp at most: Calendly, Stripe",
        [](C& c, const V& v) { c.webhooks.tolerance = duration(v); }, 1, day},
    {"webhooks.tolerance_zoom", "APPOINTD_WEBHOOKS_TOLERANCE_ZOOM", Kind::duration, "5m", "Age of a signed timestamp at most: Zoom",
        [](C& c, const V& v) { c.webhooks.tolerance_zoom = duration(v); }, 1, day},
    {"webhooks.max_body", "APPOINTD_WEBHOOKS_MAX_BODY", Kind::bytes, "1MiB", "A longer webhook is answered 413",
        [](C& c, const V& v) { c.webhooks.max_body = integer(v); }, 1024, 64 << 20},

    {"calendly.personal_access_token", "CALENDLY_PERSONAL_ACCESS_TOKEN", Kind::secret, "", "Token of the account whose calendar is booked",
        [](C& c, const V& v) { c.calendly.personal_access_token = secret(v); }},
    {"calendly.client_id", "CALENDLY_CLIENT_ID", Kind::text, "", "OAuth application; read and shown, but calls go with the personal access token",
        [](C& c, const V& v) { c.calendly.client_id = text(v); }},
    {"calendly.client_secret", "CALENDLY_CLIENT_SECRET", Kind::secret, "", "OAuth application's secret; as client_id",
        [](C& c, const V& v) { c.calendly.client_secret = secret(v); }},
    {"calendly.redirect_uri", "CALENDLY_REDIRECT_URI", Kind::text, "", "OAuth application's redirect address; as client_id",
        [](C& c, const V& v) { c.calendly.redirect_uri = text(v); }},
    {"calendly.webhook_signing_key", "CALENDLY_WEBHOOK_SIGNING_KEY", Kind::secret, "", "Without it there is no /webhooks/calendly",
        [](C& c, const V& v) { c.calendly.webhook_signing_key = secret(v); }},
    {"calendly.subscribe", "APPOINTD_CALENDLY_SUBSCRIBE", Kind::boolean, "false", "Make the webhook subscription for http.public_url, watch it, and make it again when Calendly disabled it",
        [](C& c, const V& v) { c.calendly.subscribe = std::get<bool>(v); }},
    {"calendly.api_base", "CALENDLY_API_BASE", Kind::url, "https://api.calendly.com", "Where Calendly's API answers",
        [](C& c, const V& v) { c.calendly.api_base = text(v); }},
    {"calendly.auth_base", "CALENDLY_AUTH_BASE", Kind::url, "https://auth.calendly.com", "Where Calendly's OAuth answers",
        [](C& c, const V& v) { c.calendly.auth_base = text(v); }},

    {"stripe.secret_key", "STRIPE_SECRET_KEY", Kind::secret, "", "API key; its mode (test, live) is the only one whose events count",
        [](C& c, const V& v) { c.stripe.secret_key = secret(v); }},
    {"stripe.webhook_secret", "STRIPE_WEBHOOK_SECRET", Kind::secrets, "", "Several while one is rolled; without it there is no /webhooks/stripe",
        [](C& c, const V& v) { c.stripe.webhook_secrets = secrets(v); }},
    {"stripe.api_base", "STRIPE_API_BASE", Kind::url, "https://api.stripe.com", "Where Stripe's API answers",
        [](C& c, const V& v) { c.stripe.api_base = text(v); }},

    {"zoom.account_id", "ZOOM_ACCOUNT_ID", Kind::text, "", "Server-to-Server OAuth: account",
        [](C& c, const V& v) { c.zoom.account_id = text(v); }},
    {"zoom.client_id", "ZOOM_CLIENT_ID", Kind::text, "", "Server-to-Server OAuth: application",
        [](C& c, const V& v) { c.zoom.client_id = text(v); }},
    {"zoom.client_secret", "ZOOM_CLIENT_SECRET", Kind::secret, "", "Server-to-Server OAuth: the application's secret",
        [](C& c, const V& v) { c.zoom.client_secret = secret(v); }},
    {"zoom.user_id", "ZOOM_USER_ID", Kind::text, "", "The host of the meetings: id or e-mail; Server-to-Server has no \"me\"",
        [](C& c, const V& v) { c.zoom.user_id = text(v); }},
    {"zoom.webhook_secret_token", "ZOOM_WEBHOOK_SECRET_TOKEN", Kind::secret, "", "Without it there is no /webhooks/zoom",
        [](C& c, const V& v) { c.zoom.webhook_secret_token = secret(v); }},
    {"zoom.api_base", "ZOOM_API_BASE", Kind::url, "https://api.zoom.us", "Where Zoom's API answers",
        [](C& c, const V& v) { c.zoom.api_base = text(v); }},
    {"zoom.auth_base", "ZOOM_AUTH_BASE", Kind::url, "https://zoom.us", "Where Zoom's OAuth answers",
        [](C& c, const V& v) { c.zoom.auth_base = text(v); }},

    {"throttle.calendly.per_second", "APPOINTD_THROTTLE_CALENDLY_PER_SECOND", Kind::number, "8", "Calls a second to Calendly, all nodes together (500 a minute on paid plans, 50 on the free one)",
        [](C& c, const V& v) { c.engine.throttles["calendly"].per_second = number(v); }, 0.01, 10'000},
    {"throttle.calendly.burst", "APPOINTD_THROTTLE_CALENDLY_BURST", Kind::number, "16", "Calls to Calendly that may go at once after a rest",
        [](C& c, const V& v) { c.engine.throttles["calendly"].burst = number(v); }, 1, 10'000},
    {"throttle.calendly.in_flight", "APPOINTD_THROTTLE_CALENDLY_IN_FLIGHT", Kind::integer, "16", "Calls to Calendly in flight from this node",
        [](C& c, const V& v) { c.engine.throttles["calendly"].in_flight = small(v); }, 1, 1000},
    {"throttle.stripe.per_second", "APPOINTD_THROTTLE_STRIPE_PER_SECOND", Kind::number, "20", "Calls a second to Stripe, all nodes together (100 live, 25 in a sandbox)",
        [](C& c, const V& v) { c.engine.throttles["stripe"].per_second = number(v); }, 0.01, 10'000},
    {"throttle.stripe.burst", "APPOINTD_THROTTLE_STRIPE_BURST", Kind::number, "20", "Calls to Stripe that may go at once after a rest",
        [](C& c, const V& v) { c.engine.throttles["stripe"].burst = number(v); }, 1, 10'000},
    {"throttle.stripe.in_flight", "APPOINTD_THROTTLE_STRIPE_IN_FLIGHT", Kind::integer, "16", "Calls to Stripe in flight from this node",
        [](C& c, const V& v) { c.engine.throttles["stripe"].in_flight = small(v); }, 1, 1000},
    {"throttle.zoom.per_second", "APPOINTD_THROTTLE_ZOOM_PER_SECOND", Kind::number, "10", "Calls a second to Zoom, all nodes together (20 of the middle class on Pro, 2 on the free plan)",
        [](C& c, const V& v) { c.engine.throttles["zoom"].per_second = number(v); }, 0.01, 10'000},
    {"throttle.zoom.burst", "APPOINTD_THROTTLE_ZOOM_BURST", Kind::number, "10", "Calls to Zoom that may go at once after a rest",
        [](C& c, const V& v) { c.engine.throttles["zoom"].burst = number(v); }, 1, 10'000},
    {"throttle.zoom.in_flight", "APPOINTD_THROTTLE_ZOOM_IN_FLIGHT", Kind::integer, "16", "Calls to Zoom in flight from this node",
        [](C& c, const V& v) { c.engine.throttles["zoom"].in_flight = small(v); }, 1, 1000},

    {"throttle.mail.per_second", "APPOINTD_THROTTLE_MAIL_PER_SECOND", Kind::number, "10", "E-mails a second to the mail relay, all nodes together",
        [](C& c, const V& v) { c.engine.throttles["mail"].per_second = number(v); }, 0.01, 10'000},
    {"throttle.mail.burst", "APPOINTD_THROTTLE_MAIL_BURST", Kind::number, "20", "Messages to the mail relay that may go at once after a rest",
        [](C& c, const V& v) { c.engine.throttles["mail"].burst = number(v); }, 1, 10'000},
    {"throttle.mail.in_flight", "APPOINTD_THROTTLE_MAIL_IN_FLIGHT", Kind::integer, "8", "Messages to the mail relay in flight from this node",
        [](C& c, const V& v) { c.engine.throttles["mail"].in_flight = small(v); }, 1, 1000},
    {"throttle.webhook.per_second", "APPOINTD_THROTTLE_WEBHOOK_PER_SECOND", Kind::number, "20", "Webhooks a second to each webhook endpoint, all nodes together",
        [](C& c, const V& v) { c.engine.throttles["webhook"].per_second = number(v); }, 0.01, 10'000},
    {"throttle.webhook.burst", "APPOINTD_THROTTLE_WEBHOOK_BURST", Kind::number, "40", "Messages to each webhook endpoint that may go at once after a rest",
        [](C& c, const V& v) { c.engine.throttles["webhook"].burst = number(v); }, 1, 10'000},
    {"throttle.webhook.in_flight", "APPOINTD_THROTTLE_WEBHOOK_IN_FLIGHT", Kind::integer, "8", "Messages to each webhook endpoint in flight from this node",
        [](C& c, const V& v) { c.engine.throttles["webhook"].in_flight = small(v); }, 1, 1000},

    {"mail.url", "APPOINTD_MAIL_URL", Kind::text, "", "The relay: smtp://host:port (STARTTLS) or smtps://host:port (TLS from the first byte); without it no e-mail is sent",
        [](C& c, const V& v) { c.mail.url = text(v); }},
    {"mail.from", "APPOINTD_MAIL_FROM", Kind::text, "", "Who e-mails are from: an address, or Name <address>",
        [](C& c, const V& v) { c.mail.from = text(v); }},
    {"mail.operator", "APPOINTD_MAIL_OPERATOR", Kind::text, "", "Who is written to when a booking needs a person",
        [](C& c, const V& v) { c.mail.operator_address = text(v); }},
    {"mail.user", "APPOINTD_MAIL_USER", Kind::text, "", "User at the relay; without it there is no login, with it no mail without one",
        [](C& c, const V& v) { c.mail.user = text(v); }},
    {"mail.password", "APPOINTD_MAIL_PASSWORD", Kind::secret, "", "Password at the relay",
        [](C& c, const V& v) { c.mail.password = secret(v); }},
    {"mail.starttls", "APPOINTD_MAIL_STARTTLS", Kind::text, "auto", "For smtp://: required; never; auto: required unless the relay is on this machine",
        [](C& c, const V& v) { c.mail.starttls = text(v); }},
    {"mail.ca_file", "APPOINTD_MAIL_CA_FILE", Kind::text, "", "PEM file of the authorities that the relay's certificate may be from; without it the system's",
        [](C& c, const V& v) { c.mail.ca_file = text(v); }},
    {"mail.templates", "APPOINTD_MAIL_TEMPLATES", Kind::text, "", "Folder with templates of your own (NAME.txt); ours for those it lacks",
        [](C& c, const V& v) { c.mail.templates = text(v); }},

    {"audit.interval", "APPOINTD_AUDIT_INTERVAL", Kind::duration, "5s", "How often stored bookings are held against the invariants; 0s: never",
        [](C& c, const V& v) { c.audit.interval = duration(v); }, 0, day},
    {"audit.sample", "APPOINTD_AUDIT_SAMPLE", Kind::integer, "20", "Bookings of one audit, and as many of those that just changed",
        [](C& c, const V& v) { c.audit.sample = integer(v); }, 1, 200},

    {"log.level", "APPOINTD_LOG_LEVEL", Kind::level, "info", "Least level that is logged",
        [](C& c, const V& v) { c.log_level = level(v); }},
};

constexpr SessionField endpoint_table[] = {
    {"name", "text", "", "Names it in bookings, metrics and logs; letters, digits, - and _; required"},
    {"url", "URL", "", "Where events are posted; https, or http on this machine; required"},
    {"secrets", "array of text", "", "whsec_… each; several while one is rotated: every one signs"},
    {"secrets_file", "path", "", "The same from a file, a line each"},
    {"events", "array of text", "[]", "Types it wants; empty: all"},
};

constexpr SessionField fields[] = {
    {"id", "text", "", "Name of the type in the API; letters, digits, - and _; required"},
    {"name", "text", "the id", "What customers read on the checkout and the meeting"},
    {"calendly_event_type", "URI", "", "Calendly's URI of the event type; required"},
    {"price", "integer", "", "Minor units (12000 = 120.00); 0 = free; required"},
    {"currency", "text", "usd", "ISO 4217, three letters"},
    {"duration", "duration", "60m", "Length of the session, where Calendly does not say"},
    {"payment_window", "duration", "30m", "Time to pay after the slot was taken"},
    {"refund", "array of {notice, percent}", "full", "Share returned by notice before the start when the invitee cancels; below the least notice nothing"},
    {"place", "zoom, calendly, none", "zoom", "zoom: we make the meeting; calendly: the link Calendly made is taken; none"},
    {"late_money", "refund, revive", "refund", "Money after the deadline: goes back, or revives the booking while its slot is still held"},
    {"reminders", "array of durations", "[]", "Before the start"},
    {"completion", "meeting, clock", "meeting", "What completes a booking: the end of the meeting (or the clock after it), or the clock alone"},
    {"no_show", "keep, refund", "keep", "The money of an invitee who did not come"},
    {"max_reschedules", "integer", "5", "More are flagged; Calendly cannot refuse them. 0: any number"},
    {"receipts", "boolean", "false", "Stripe sends the customer a receipt"},
    {"automatic_tax", "boolean", "false", "Stripe Tax on the checkout"},
    {"allow_promotion_codes", "boolean", "false", "The checkout takes promotion codes; a discounted amount then counts as asked"},
    {"zoom", "table", "{}", "Settings of the meeting, see below"},
};

constexpr SessionField zoom_table[] = {
    {"waiting_room", "boolean", "", "Guests wait until the host lets them in"},
    {"join_before_host", "boolean", "", "Guests may join before the host"},
    {"jbh_time", "integer", "", "Minutes before the start: 0 (any time), 5, 10 or 15"},
    {"host_video", "boolean", "", "Video on when the host joins"},
    {"participant_video", "boolean", "", "Video on when guests join"},
    {"mute_upon_entry", "boolean", "", "Guests join muted"},
    {"auto_recording", "text", "", "local, cloud or none"},
    {"audio", "text", "", "both, telephony or voip"},
    {"alternative_hosts", "text", "", "E-mail addresses, separated by semicolons; licensed users of the account"},
    {"alternative_hosts_email_notification", "boolean", "", "They are told by mail"},
    {"meeting_authentication", "boolean", "", "Only signed-in users"},
    {"email_notification", "boolean", "", "Zoom mails about cancellations"},
    {"registrants_email_notification", "boolean", "", "Registrants are told by mail"},
    {"private_meeting", "boolean", "", "Not shown in shared calendars"},
    {"encryption_type", "text", "", "enhanced_encryption or e2ee"},
    {"show_share_button", "boolean", "", "Share buttons on the registration page"},
    {"allow_multiple_devices", "boolean", "", "One guest on several devices"},
    {"auto_start_meeting_summary", "boolean", "", "AI Companion's summary"},
    {"contact_name", "text", "", "Contact for registration"},
    {"contact_email", "text", "", "Contact for registration"},
};
// clang-format on

} // namespace

std::span<const Setting> settings() { return table; }
std::span<const SessionField> session_fields() { return fields; }
std::span<const SessionField> endpoint_fields() { return endpoint_table; }
std::span<const SessionField> zoom_fields() { return zoom_table; }

} // namespace appointd::daemon
