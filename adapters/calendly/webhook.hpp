#pragma once

#include "adapters/webhook.hpp"

namespace appointd::adapters::calendly {

struct WebhookConfig {
    std::string signing_key; ///< several, comma-separated, while one is changed; without one nothing is accepted
    Duration tolerance = std::chrono::minutes(5); ///< between the signed moment and now, either way
};

Translate webhook_translator(WebhookConfig config, SessionTypes session_types, FreshId fresh);

} // namespace appointd::adapters::calendly
