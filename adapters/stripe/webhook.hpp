#pragma once

#include "adapters/webhook.hpp"

#include <optional>
#include <string>

namespace appointd::adapters::stripe {

struct WebhookConfig {
    std::string secrets;                          ///< whsec_…, several comma-separated while one is rolled
    Duration tolerance = std::chrono::minutes(5); ///< between the signed moment and now, either way
    std::optional<bool> livemode;                 ///< of our key (livemode_of); nullopt: not checked
};

Translate webhook_translator(WebhookConfig config);

} // namespace appointd::adapters::stripe
