#include "adapters/stripe/webhook.hpp"

#include "adapters/signature.hpp"
#include "adapters/stripe/event.hpp"

namespace appointd::adapters::stripe {
Translate webhook_translator(WebhookConfig config) {
    return [secrets = split_secrets(config.secrets), tolerance = config.tolerance,
            ours = std::move(config.ours)](const net::Request& request, Time received_at) -> Result<Translation> {
        const auto header = net::find_header(request.headers, "Stripe-Signature").value_or("");
        if (auto checked = check_timestamped(header, secrets, request.body, tolerance, received_at); !checked)
            return checked.error();
        auto body = read_body(request.body);
        if (!body) return body.error();
        return to_incoming(Told{std::move(*body), request.body, "stripe", received_at}, ours);
    };
}

} // namespace appointd::adapters::stripe
