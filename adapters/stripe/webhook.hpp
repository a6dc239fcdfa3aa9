#pragma once

#include "adapters/stripe/config.hpp"
#include "adapters/webhook.hpp"

#include <string>

namespace appointd::adapters::stripe {

struct WebhookConfig {
    std::string secrets;                          ///< whsec_…, several comma-separated while one is rolled
    Duration tolerance = std::chrono::minutes(5); ///< between the signed moment and now, either way
    Ours ours{};
};

Translate webhook_translator(WebhookConfig config);

} // namespace appointd::adapters::stripe
