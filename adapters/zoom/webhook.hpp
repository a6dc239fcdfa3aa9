#pragma once

#include "adapters/webhook.hpp"

#include <string>

namespace appointd::adapters::zoom {

struct WebhookConfig {
    std::string secret_token; ///< several, comma-separated, while one is changed
    Duration tolerance =
        std::chrono::minutes(5); ///< its own setting (tolerance_zoom): whether retries are signed anew is not documented
};

/// Zoom's URL validation comes as an event: it is checked like any other (whoever answers it unsigned signs any text for anybody)
/// and answered with the bare object that Zoom wants.
Translate webhook_translator(WebhookConfig config);

} // namespace appointd::adapters::zoom
