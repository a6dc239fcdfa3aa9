#include "sandbox/signing.hpp"

#include "foundation/digest.hpp"
#include "sandbox/call.hpp"

#include <algorithm>
#include <array>

namespace appointd::sandbox {
namespace {

using namespace std::chrono_literals;

/// Doubling from one minute to `cap`, as long as the sum of the waits stays within `horizon`.
std::optional<Duration> backoff(int failures, Duration cap, Duration horizon) {
    Duration wait = 1min, sum = 0s;
    for (int i = 1; i < failures; ++i) {
        sum += wait;
        wait = std::min<Duration>(wait * 2, cap);
    }
    if (sum + wait > horizon) return std::nullopt;
    return wait;
}

} // namespace

net::Headers signed_headers(const Webhook& webhook, Time moment) {
    const std::string t = std::to_string(unix_seconds(moment));
    net::Headers headers{{"Content-Type", "application/json"}};
    switch (webhook.provider) {
    case Provider::calendly:
        headers.emplace_back("User-Agent", "Calendly/1.0 (webhooks; sandbox)");
        if (!webhook.secrets.empty())
            headers.emplace_back("Calendly-Webhook-Signature",
                                 "t=" + t + ",v1=" + hmac_sha256_hex(webhook.secrets.front(), t + "." + webhook.body));
        break;
    case Provider::stripe: {
        headers.emplace_back("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        std::string signature = "t=" + t;
        for (const std::string& secret : webhook.secrets) // two while a secret is rolled
            signature += ",v1=" + hmac_sha256_hex(secret, t + "." + webhook.body);
        signature += ",v0=" + hmac_sha256_hex("decoy", t + "." + webhook.body);
        headers.emplace_back("Stripe-Signature", std::move(signature));
        break;
    }
    case Provider::zoom:
        headers.emplace_back("User-Agent", "Zoom Marketplace/1.0a");
        headers.emplace_back("x-zm-request-timestamp", t);
        if (!webhook.secrets.empty())
            headers.emplace_back("x-zm-signature",
                                 "v0=" + hmac_sha256_hex(webhook.secrets.front(), "v0:" + t + ":" + webhook.body));
        break;
    case Provider::mail: break; // sends none
    }
    return headers;
}

std::optional<Duration> retry_wait(Provider provider, int failures, int status) {
    static constexpr std::array<Duration, 3> zoom_waits = {5min, 20min, 60min};
    switch (provider) {
    case Provider::calendly: return backoff(failures, 4h, 24h);
    case Provider::stripe: return backoff(failures, 12h, 72h);
    case Provider::zoom:
        if ((status != 0 && status < 500) || failures > static_cast<int>(zoom_waits.size())) return std::nullopt;
        return zoom_waits[static_cast<std::size_t>(failures - 1)];
    case Provider::mail: break;
    }
    return std::nullopt;
}

std::chrono::milliseconds answer_limit(Provider provider) { return provider == Provider::zoom ? 3s : 10s; }

} // namespace appointd::sandbox
