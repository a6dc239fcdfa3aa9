#include "adapters/stripe/event.hpp"

#include "adapters/fields.hpp"
#include "adapters/stripe/translation.hpp"

namespace appointd::adapters::stripe {

engine::Incoming to_incoming(Told told, const Ours& ours) {
    const json::object& parsed = told.body.parsed;
    const auto type = lenient_text(parsed, "type").value_or("");
    const auto created = unix_seconds(parsed, "created");
    const auto event_id = identifier(parsed, "id");
    const Notice notice{.type = type,
                        .id = engine::make_event_id(created.value_or(Time{}), "stripe/default",
                                                    event_id ? *event_id : key_of_body(type, told.bytes)),
                        .occurred_at = created.value_or(told.received_at),
                        .raw = std::move(told.body.raw),
                        .source = std::string(told.source)};
    const auto mode = lenient_bool(parsed, "livemode");
    if (ours.livemode && mode && *mode != *ours.livemode) return give_up(notice, "wrong mode");
    if (!is_known(type)) return give_up(notice, "unknown event type");
    const auto* data = object_field(parsed, "data");
    const auto* object = data ? object_field(*data, "object") : nullptr;
    if (!object) return give_up(notice, "lacks data.object"); // a thin event (v2.core.event) carries none
    return to_incoming(notice, *object, object_field(*data, "previous_attributes"), ours.installation);
}

} // namespace appointd::adapters::stripe
