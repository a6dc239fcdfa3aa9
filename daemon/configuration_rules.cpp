#include "daemon/configuration_mail.hpp"
#include "daemon/configuration_reader.hpp"

#include <algorithm>

namespace appointd::daemon {

namespace {

void check_listeners(const Configuration& configuration, Problems& problems) {
    const HttpSettings& http = configuration.http;
    if (!is_loopback(http.admin_listen) && http.admin_token.empty()) {
        problems.add("http.admin_token",
                     "the admin listener " + http.admin_listen +
                         " is reachable from other machines: set APPOINTD_ADMIN_TOKEN, or listen on 127.0.0.1");
    }
    if (http.listen == http.admin_listen && !http.listen.ends_with(":0")) {
        problems.add("http.admin_listen", "the two listeners need two addresses, both are " + http.listen);
    }
}

void warn_of_missing_secrets(Configuration& configuration) {
    auto& warnings = configuration.warnings;
    if (configuration.calendly.webhook_signing_key.empty()) {
        warnings.emplace_back("CALENDLY_WEBHOOK_SIGNING_KEY is not set: there is no /webhooks/calendly");
    }
    if (configuration.stripe.webhook_secrets.empty())
        warnings.emplace_back("STRIPE_WEBHOOK_SECRET is not set: there is no /webhooks/stripe");
    if (configuration.zoom.webhook_secret_token.empty()) {
        warnings.emplace_back("ZOOM_WEBHOOK_SECRET_TOKEN is not set: there is no /webhooks/zoom");
    }
    const auto any = [&](auto test) { return std::ranges::any_of(configuration.session_types, test); };
    if (configuration.session_types.empty()) warnings.emplace_back("no [[session_type]] is configured: nothing can be booked");
    if (!configuration.session_types.empty() && !configuration.calendly.can_call()) {
        warnings.emplace_back("CALENDLY_PERSONAL_ACCESS_TOKEN is not set: no scheduling links, and no slot can be freed");
    }
    if (any([](const SessionType& type) { return type.price > 0; }) && configuration.stripe.secret_key.empty()) {
        warnings.emplace_back("STRIPE_SECRET_KEY is not set, and a session type has a price: no checkout can be made");
    }
    const bool wants_zoom = any([](const SessionType& type) { return type.place == "zoom"; });
    if (wants_zoom && !configuration.zoom.can_call()) {
        warnings.emplace_back("ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID or ZOOM_CLIENT_SECRET is not set, and a session type meets at "
                              "Zoom: no meeting can be made");
    }
    if (wants_zoom && configuration.zoom.can_call() && configuration.zoom.user_id.empty()) {
        warnings.emplace_back("ZOOM_USER_ID is not set: Zoom does not know whose meetings to make");
    }
    if (configuration.calendly.subscribe && configuration.calendly.webhook_signing_key.empty()) {
        warnings.emplace_back("calendly.subscribe does nothing without CALENDLY_WEBHOOK_SIGNING_KEY");
    }
}

} // namespace

void check_together(Configuration& configuration, Problems& problems) {
    check_listeners(configuration, problems);
    engine::RetryPolicy& retry = configuration.engine.retry;
    if (retry.cap < retry.base) {
        configuration.warnings.emplace_back("engine.retry_cap is below engine.retry_base: the cap holds for both");
        retry.base = retry.cap;
    }
    check_mail(configuration, problems);
    if (problems.empty()) warn_of_missing_secrets(configuration);
}

} // namespace appointd::daemon
