#include "adapters/calendly/webhook.hpp"

#include "adapters/calendly/translation.hpp"
#include "adapters/fields.hpp"
#include "adapters/signature.hpp"

#include <algorithm>
#include <array>

namespace appointd::adapters::calendly {
namespace {

constexpr std::array known_types{"invitee.created", "invitee.rescheduled", "invitee.canceled", "invitee_no_show.created",
                                 "invitee_no_show.deleted"};

engine::Incoming translate(Body body, std::string_view raw_body, Time received_at, const SessionTypes& session_types,
                           const FreshId& fresh) {
    const auto type = lenient_text(body.parsed, "event").value_or("");
    const auto sent_at = time_field(body.parsed, "created_at");
    const auto give_up = [&](std::string reason) {
        const auto id = engine::make_event_id(sent_at.value_or(Time{}), "calendly/default", key_of_body(type, raw_body));
        return ignored(id, "calendly", type, sent_at.value_or(received_at), std::move(body.raw), std::move(reason));
    };
    if (std::find(known_types.begin(), known_types.end(), type) == known_types.end()) return give_up("unknown event type");
    const auto* payload = object_field(body.parsed, "payload");
    if (!payload) return give_up("lacks payload");
    const Sighting sighting{type, *payload, "calendly", received_at, sent_at, std::move(body.raw)};
    return to_incoming(sighting, session_types, fresh);
}

} // namespace

Translate webhook_translator(WebhookConfig config, SessionTypes session_types, FreshId fresh) {
    return [secrets = split_secrets(config.signing_key), tolerance = config.tolerance, session_types = std::move(session_types),
            fresh = std::move(fresh)](const net::Request& request, Time received_at) -> Result<Translation> {
        const auto header = net::find_header(request.headers, "Calendly-Webhook-Signature").value_or("");
        if (auto checked = check_timestamped(header, secrets, request.body, tolerance, received_at); !checked)
            return checked.error();
        auto body = read_body(request.body);
        if (!body) return body.error();
        return translate(std::move(*body), request.body, received_at, session_types, fresh);
    };
}

} // namespace appointd::adapters::calendly
