#pragma once

#include "foundation/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Standard Webhooks, https://www.standardwebhooks.com: symmetric signatures, version 1.
namespace appointd::adapters::notify {

/// The key of "whsec_BASE64": 24 to 64 bytes. Error bad_secret; never repeats the secret.
Result<std::string> parse_webhook_secret(std::string_view text);

/// The header webhook-signature: "v1,BASE64" for each key, divided by spaces.
std::string webhook_signature(std::string_view id, std::int64_t timestamp_seconds, std::string_view body,
                              const std::vector<std::string>& keys);

} // namespace appointd::adapters::notify
