#include "workflows/booking/requests.hpp"

#include "foundation/encoding.hpp"
#include "foundation/json_or_null.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::booking::requests {
namespace {

class Form {
public:
    void add(std::string_view name, std::string_view value) { fields_.emplace_back(json::array{name, value}); }
    void add(std::string_view name, std::int64_t value) { add(name, std::to_string(value)); }
    json::array take() { return std::move(fields_); }

private:
    json::array fields_;
};

/// Cut at a character's edge: providers refuse broken UTF-8.
std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return std::string(text.substr(0, most));
}

std::int64_t minutes_of(const Data& data) {
    const auto& slot = data.slot;
    const auto length = slot.start && slot.end && *slot.end > *slot.start
                            ? std::chrono::duration_cast<std::chrono::seconds>(*slot.end - *slot.start).count()
                            : data.terms.duration_seconds;
    return std::clamp<std::int64_t>((length + 59) / 60, 1, 1440);
}

json::object times_of(const Data& data) {
    json::object body;
    if (data.slot.start) body["start_time"] = to_iso(std::chrono::floor<std::chrono::seconds>(*data.slot.start));
    body["duration"] = minutes_of(data);
    body["timezone"] = data.slot.timezone.empty() ? "UTC" : data.slot.timezone;
    return body;
}

} // namespace

std::string page_url(engine::WorkflowId self, const Data& data) {
    std::string url = data.terms.public_url;
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url + "/b/" + engine::to_string(self) + "?key=" + percent_encode(data.page_key);
}

std::string link_create(engine::WorkflowId self, const Data& data) {
    return json::serialize(json::object{{"booking", engine::to_string(self)},
                                        {"event_type", data.terms.event_type},
                                        {"name", text_or_null(data.name)},
                                        {"email", text_or_null(data.email)}});
}

std::string slot_cancel(engine::WorkflowId self, const Data& data, std::string_view event, std::string_view reason) {
    (void)data;
    return json::serialize(
        json::object{{"booking", engine::to_string(self)}, {"event", event}, {"reason", shortened(reason, 500)}});
}

std::string slot_look(engine::WorkflowId self, const Data& data) {
    return json::serialize(json::object{{"booking", engine::to_string(self)},
                                        {"invitee", text_or_null(data.slot.invitee)},
                                        {"event_type", text_or_null(data.terms.event_type)},
                                        {"email", text_or_null(data.email)}});
}

std::string checkout_create(engine::WorkflowId self, const Data& data, std::int64_t n) {
    const auto booking = engine::to_string(self);
    const auto page = page_url(self, data);
    const Terms& terms = data.terms;
    Form form;
    form.add("mode", "payment");
    form.add("client_reference_id", booking);
    if (!data.email.empty()) form.add("customer_email", data.email);
    form.add("success_url", page + "&checkout=done"); // the page waits for the confirmation
    form.add("cancel_url", page + "&checkout=left");  // the page does not send them straight back
    form.add("line_items[0][quantity]", 1);
    form.add("line_items[0][price_data][currency]", terms.currency);
    form.add("line_items[0][price_data][unit_amount]", terms.price);
    form.add("line_items[0][price_data][product_data][name]", shortened(terms.name.empty() ? "Booking" : terms.name, 200));
    // Our price is the subtotal; what a jurisdiction adds comes on top (money rule: total = subtotal - discount + tax).
    if (terms.automatic_tax) form.add("line_items[0][price_data][tax_behavior]", "exclusive");
    form.add("metadata[booking_id]", booking);
    form.add("payment_intent_data[metadata][booking_id]", booking);
    if (!terms.public_url.empty()) { // which installation made it: several programs may share the account
        form.add("metadata[appointd]", terms.public_url);
        form.add("payment_intent_data[metadata][appointd]", terms.public_url);
    }
    if (terms.receipts && !data.email.empty()) form.add("payment_intent_data[receipt_email]", data.email);
    if (terms.automatic_tax) form.add("automatic_tax[enabled]", "true");
    if (terms.allow_promotion_codes) form.add("allow_promotion_codes", "true");
    return json::serialize(json::object{{"booking", booking}, {"n", n}, {"form", form.take()}});
}

std::string checkout_expire(engine::WorkflowId self, std::string_view session) {
    return json::serialize(json::object{{"booking", engine::to_string(self)}, {"session", session}});
}
std::string checkout_look(engine::WorkflowId self, std::string_view session) { return checkout_expire(self, session); }

std::string refund_create(engine::WorkflowId self, const Refund& refund) {
    const auto booking = engine::to_string(self);
    Form form;
    form.add("payment_intent", refund.payment);
    form.add("amount", refund.amount);
    form.add("reason", "requested_by_customer");
    form.add("metadata[booking_id]", booking);
    form.add("metadata[refund_id]", refund.id);
    return json::serialize(
        json::object{{"booking", booking}, {"refund", refund.id}, {"payment", refund.payment}, {"form", form.take()}});
}

std::string refund_list(engine::WorkflowId self, std::string_view payment) {
    return json::serialize(json::object{{"booking", engine::to_string(self)}, {"payment", payment}});
}

std::string meeting_create(engine::WorkflowId self, const Data& data) {
    const auto booking = engine::to_string(self);
    json::object settings{
        {"join_before_host", false}, {"waiting_room", true}, {"approval_type", 2}, {"email_notification", false}};
    const auto wanted = parse_object(data.terms.zoom_settings);
    if (wanted)
        for (const auto& [name, value] : *wanted) settings[name] = value;
    settings["use_pmi"] = false; // webhooks of a personal meeting carry another id: never
    json::object body{{"topic", shortened(data.terms.name.empty() ? "Meeting" : data.terms.name, 200)}, {"type", 2}};
    for (const auto& [name, value] : times_of(data)) body[name] = value;
    body["agenda"] = "ref:" + booking;
    body["settings"] = std::move(settings);
    return json::serialize(json::object{{"booking", booking}, {"body", std::move(body)}});
}

std::string meeting_update(engine::WorkflowId self, const Data& data) {
    return json::serialize(
        json::object{{"booking", engine::to_string(self)}, {"meeting", data.meeting.id}, {"body", times_of(data)}});
}

std::string meeting_delete(engine::WorkflowId self, std::string_view meeting) {
    return json::serialize(json::object{{"booking", engine::to_string(self)}, {"meeting", meeting}});
}

std::string meeting_look(engine::WorkflowId self, const Data& data, Time now) {
    json::object request{{"booking", engine::to_string(self)}, {"meeting", data.meeting.id}};
    if (data.slot.start) request["start"] = to_iso(std::chrono::floor<std::chrono::seconds>(*data.slot.start));
    request["moved"] = data.flagged("meeting_moved");
    request["sessions"] = data.slot.start && *data.slot.start <= now;
    return json::serialize(request);
}

} // namespace appointd::booking::requests
