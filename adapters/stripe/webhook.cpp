#include "adapters/stripe/webhook.hpp"

#include "adapters/fields.hpp"
#include "adapters/signature.hpp"
#include "adapters/stripe/translation.hpp"

namespace appointd::adapters::stripe {
namespace {

engine::Incoming translate(Body body, std::string_view raw_body, Time received_at, std::optional<bool> livemode) {
    const auto type = lenient_text(body.parsed, "type").value_or("");
    const auto created = unix_seconds(body.parsed, "created");
    const auto event_id = identifier(body.parsed, "id");
    Notice notice{.type = type,
                  .id = engine::make_event_id(created.value_or(Time{}), "stripe/default",
                                              event_id ? *event_id : key_of_body(type, raw_body)),
                  .occurred_at = created.value_or(received_at),
                  .raw = std::move(body.raw)};
    const auto mode = lenient_bool(body.parsed, "livemode");
    if (livemode && mode && *mode != *livemode) return give_up(notice, "wrong mode");
    if (!is_known(type)) return give_up(notice, "unknown event type");
    const auto* data = object_field(body.parsed, "data");
    const auto* object = data ? object_field(*data, "object") : nullptr;
    if (!object) return give_up(notice, "lacks data.object"); // a thin event (v2.core.event) carries none
    return to_incoming(notice, *object, object_field(*data, "previous_attributes"));
}

} // namespace

Translate webhook_translator(WebhookConfig config) {
    return [secrets = split_secrets(config.secrets), tolerance = config.tolerance,
            livemode = config.livemode](const net::Request& request, Time received_at) -> Result<Translation> {
        const auto header = net::find_header(request.headers, "Stripe-Signature").value_or("");
        if (auto checked = check_timestamped(header, secrets, request.body, tolerance, received_at); !checked)
            return checked.error();
        auto body = read_body(request.body);
        if (!body) return body.error();
        return translate(std::move(*body), request.body, received_at, livemode);
    };
}

} // namespace appointd::adapters::stripe
