#include "sandbox/verbs.hpp"

#include <algorithm>
#include <array>

namespace appointd::sandbox {
namespace {

std::string text(const json::object& body, std::string_view name, std::string_view otherwise = "") {
    return text_field(body, name).value_or(std::string(otherwise));
}

Result<json::object> told(const Result<>& result) {
    if (!result) return result.error();
    return json::object{};
}

Result<json::object> told(std::string_view name, const Result<std::string>& result) {
    if (!result) return result.error();
    json::object out;
    out[name] = *result;
    return out;
}

// Calendly

Result<json::object> event_type(World& world, const json::object& body, Time now) {
    calendly::EventType type{.id = text(body, "uri"), .name = text(body, "name"), .slug = text(body, "slug")};
    type.duration_minutes = static_cast<int>(int_field(body, "duration_minutes").value_or(60));
    type.seats = static_cast<int>(int_field(body, "seats").value_or(1));
    type.location_type = text(body, "location", "custom");
    type.redirect_url = text(body, "redirect_url");
    const calendly::EventType& made = world.calendly.add_event_type(std::move(type), now);
    return json::object{{"uri", calendly::uri_of("event_types", made.id)},
                        {"scheduling_url", world.calendly.settings().pages_base + "/t/" + made.id}};
}

Result<json::object> book(World& world, const json::object& body, Time now) {
    calendly::BookingForm form{.event_type = text(body, "event_type"), .link = text(body, "link")};
    form.start = time_field(body, "start");
    form.email = text(body, "email", form.email);
    form.name = text(body, "name", form.name);
    form.timezone = text(body, "timezone", form.timezone);
    for (const auto& [name, value] : object_or_empty(body, "tracking"))
        if (value.is_string()) form.tracking.emplace_back(std::string(name), std::string(value.get_string()));
    if (const json::value* payment = body.if_contains("payment")) form.payment = *payment;
    const auto made = world.calendly.book(form, time_field(body, "at").value_or(now));
    if (!made) return made.error();
    const calendly::State& state = world.calendly.state();
    const calendly::Invitee& invitee = *state.invitees.find(calendly::id_of(*made));
    const calendly::ScheduledEvent& event = *state.events.find(invitee.event);
    return json::object{{"invitee", *made},
                        {"event", calendly::uri_of("scheduled_events", event.id)},
                        {"start", to_iso(event.start)},
                        {"end", to_iso(event.end)}};
}

Result<json::object> cancel(World& world, const json::object& body, Time now) {
    const Time at = time_field(body, "at").value_or(now);
    return told(world.calendly.cancel(text(body, "invitee"), text(body, "by", "invitee"), text(body, "reason"), at, now));
}

Result<json::object> reschedule(World& world, const json::object& body, Time now) {
    return told("invitee", world.calendly.reschedule(text(body, "invitee"), time_field(body, "start"),
                                                     text(body, "by", "invitee"), time_field(body, "at").value_or(now)));
}

Result<json::object> no_show(World& world, const json::object& body, Time now) {
    return told(world.calendly.set_no_show(text(body, "invitee"), !bool_field(body, "clear").value_or(false), now));
}

// Stripe

stripe::Payment payment_of(const json::object& body) {
    stripe::Payment payment{
        .email = text(body, "email"), .amount = int_field(body, "amount"), .currency = text(body, "currency")};
    payment.discount = int_field(body, "discount").value_or(0);
    payment.tax = int_field(body, "tax").value_or(0);
    return payment;
}

Result<json::object> pay(World& world, const json::object& body, Time now) {
    return told("payment", world.stripe.pay(text(body, "session"), payment_of(body), now));
}

Result<json::object> decline(World& world, const json::object& body, Time now) {
    return told(world.stripe.decline(text(body, "session"), text(body, "code"), now));
}

Result<json::object> pay_later(World& world, const json::object& body, Time now) {
    return told("payment", world.stripe.pay_later(text(body, "session"), payment_of(body), now));
}

Result<json::object> settle(World& world, const json::object& body, Time now) {
    return told(world.stripe.settle_later(text(body, "session"), bool_field(body, "success").value_or(true), now));
}

Result<json::object> expire(World& world, const json::object& body, Time now) {
    return told(world.stripe.expire(text(body, "session"), now));
}

Result<json::object> stray(World& world, const json::object& body, Time now) {
    const std::string made = world.stripe.capture_stray(int_field(body, "amount").value_or(5000), text(body, "currency", "usd"),
                                                        object_or_empty(body, "metadata"), now);
    return json::object{{"payment", made}};
}

Result<json::object> refund(World& world, const json::object& body, Time now) {
    stripe::RefundOrder order{
        .payment = text(body, "payment"), .amount = int_field(body, "amount"), .reason = text(body, "reason")};
    order.metadata = object_or_empty(body, "metadata");
    return told("refund", world.stripe.refund_by_hand(order, now));
}

Result<json::object> settle_refund(World& world, const json::object& body, Time now) {
    return told(world.stripe.settle_refund(text(body, "refund"), text(body, "status", "failed"), text(body, "reason"), now));
}

Result<json::object> dispute(World& world, const json::object& body, Time now) {
    return told("dispute", world.stripe.open_dispute(text(body, "payment"), int_field(body, "amount"), text(body, "reason"),
                                                     bool_field(body, "inquiry").value_or(false), now));
}

Result<json::object> close_dispute(World& world, const json::object& body, Time now) {
    return told(world.stripe.close_dispute(text(body, "dispute"), text(body, "outcome"), now));
}

// Zoom

Result<json::object> start(World& world, const json::object& body, Time now) {
    return told("uuid", world.zoom.start(text(body, "meeting"), time_field(body, "at").value_or(now), now));
}

Result<json::object> join(World& world, const json::object& body, Time now) {
    return told("participant",
                world.zoom.join(text(body, "meeting"), text(body, "name", "Ann Poe"), bool_field(body, "host").value_or(false),
                                time_field(body, "at").value_or(now), now));
}

Result<json::object> leave(World& world, const json::object& body, Time now) {
    return told(world.zoom.leave(text(body, "meeting"), text(body, "participant"), time_field(body, "at").value_or(now), now));
}

Result<json::object> end(World& world, const json::object& body, Time now) {
    return told(world.zoom.end(text(body, "meeting"), time_field(body, "at").value_or(now), now));
}

Result<json::object> remove_meeting(World& world, const json::object& body, Time now) {
    return told(world.zoom.remove(text(body, "meeting"), now));
}

Result<json::object> restore_meeting(World& world, const json::object& body, Time now) {
    return told(world.zoom.restore(text(body, "meeting"), now));
}

Result<json::object> move_meeting(World& world, const json::object& body, Time now) {
    const auto to = time_field(body, "start");
    if (!to) return Error{"invalid", "start is missing"};
    return told(world.zoom.move(text(body, "meeting"), *to, now));
}

Result<json::object> record(World& world, const json::object& body, Time now) {
    return told(world.zoom.record(text(body, "meeting"), now));
}

Result<json::object> create_meeting(World& world, const json::object& body, Time now) {
    const std::string made = world.zoom.create_by_hand(text(body, "topic", "My meeting"), text(body, "agenda"),
                                                       time_field(body, "start").value_or(now), now);
    return json::object{{"meeting", made}};
}

Result<json::object> validate(World& world, const json::object&, Time now) {
    if (world.zoom.settings().webhook_url.empty()) return Error{"invalid", "no webhook endpoint is set"};
    world.journal.send(world.zoom.validation(now));
    return json::object{};
}

constexpr std::array<std::pair<std::string_view, Verb>, 25> verbs = {{
    {"calendly/event-types", event_type},
    {"calendly/book", book},
    {"calendly/cancel", cancel},
    {"calendly/reschedule", reschedule},
    {"calendly/no-show", no_show},
    {"stripe/pay", pay},
    {"stripe/decline", decline},
    {"stripe/pay-later", pay_later},
    {"stripe/settle", settle},
    {"stripe/expire", expire},
    {"stripe/payment", stray},
    {"stripe/refund", refund},
    {"stripe/settle-refund", settle_refund},
    {"stripe/dispute", dispute},
    {"stripe/close-dispute", close_dispute},
    {"zoom/start", start},
    {"zoom/join", join},
    {"zoom/leave", leave},
    {"zoom/end", end},
    {"zoom/delete", remove_meeting},
    {"zoom/restore", restore_meeting},
    {"zoom/move", move_meeting},
    {"zoom/recording", record},
    {"zoom/meeting", create_meeting},
    {"zoom/validate", validate},
}};

} // namespace

Verb verb_named(std::string_view name) {
    const auto place = std::find_if(verbs.begin(), verbs.end(), [&](const auto& verb) { return verb.first == name; });
    return place == verbs.end() ? nullptr : place->second;
}

} // namespace appointd::sandbox
