#include "adapters/stripe/translation.hpp"

#include "adapters/fields.hpp"
#include "adapters/stripe/config.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::adapters::stripe {
namespace {

/// The booking that it claims to be of. client_reference_id and booking_id are other programs' words too: only what can be an id
/// of ours counts.
std::optional<engine::WorkflowId> booking_of(const json::object& object) {
    if (const auto id = identifier(object_or_empty(object, "metadata"), "booking_id"))
        if (const auto booking = engine::parse_claimed_workflow_id(*id)) return booking;
    if (const auto id = identifier(object, "client_reference_id")) return engine::parse_claimed_workflow_id(*id);
    return std::nullopt;
}

/// Which installation says that it made this.
enum class Maker { unsaid, us, another };

Maker maker_of(const json::object& object, std::string_view installation) {
    const auto said = identifier(object_or_empty(object, "metadata"), installation_field);
    if (!said || installation.empty()) return Maker::unsaid;
    return *said == installation ? Maker::us : Maker::another;
}

json::value booking_text(const std::optional<engine::WorkflowId>& booking) {
    return booking ? json::value(engine::to_string(*booking)) : json::value(nullptr);
}

std::string currency_of(const json::object& object) { return lower(lenient_text(object, "currency").value_or("")); }

/// What becomes of an object: an event's type and payload, or why not.
struct Meaning {
    std::string type;
    json::object payload{};
    std::optional<std::string> payment{};
    bool waits = false; ///< unmarked: deferred until its payment is known, instead of ignored
    std::string unusable{};
};

Meaning unusable(std::string reason) { return {.type = {}, .unusable = std::move(reason)}; }

Meaning captured_session(const json::object& session, std::string_view via) {
    const auto id = identifier(session, "id");
    if (!id) return unusable("lacks id");
    auto payment = identifier(session, "payment_intent");
    if (!payment && lenient_text(session, "payment_status") == "no_payment_required") payment = id;
    if (!payment) return unusable("lacks payment_intent");
    const auto amount = lenient_int(session, "amount_total");
    if (!amount) return unusable("lacks amount_total");
    const auto& details = object_or_empty(session, "total_details");
    return {.type = "payment.captured",
            .payload = {{"payment", *payment},
                        {"session", *id},
                        {"amount", *amount},
                        {"subtotal", nullable(lenient_int(session, "amount_subtotal"))},
                        {"discount", nullable(lenient_int(details, "amount_discount"))},
                        {"tax", nullable(lenient_int(details, "amount_tax"))},
                        {"currency", currency_of(session)},
                        {"booking", booking_text(booking_of(session))},
                        {"via", via}},
            .payment = payment};
}

Meaning undecided_session(const json::object& session, std::string type) {
    const auto id = identifier(session, "id");
    if (!id) return unusable("lacks id");
    const auto payment = identifier(session, "payment_intent");
    json::object payload{{"session", *id}, {"booking", booking_text(booking_of(session))}};
    if (type != "checkout.expired") {
        if (!payment) return unusable("lacks payment_intent");
        payload["payment"] = *payment;
    }
    return {.type = std::move(type), .payload = std::move(payload), .payment = payment};
}

Meaning of_session(std::string_view type, const json::object& session) {
    if (type == "checkout.session.expired") return undecided_session(session, "checkout.expired");
    if (type == "checkout.session.async_payment_failed") return undecided_session(session, "payment.failed");
    if (type == "checkout.session.async_payment_succeeded") return captured_session(session, type);
    const auto status = lenient_text(session, "payment_status").value_or("");
    if (status == "paid" || status == "no_payment_required") return captured_session(session, type);
    if (status == "unpaid") return undecided_session(session, "payment.processing");
    return unusable(status.empty() ? "lacks payment_status" : "unknown payment_status");
}

Meaning of_intent(std::string_view type, const json::object& intent) {
    const auto id = identifier(intent, "id");
    if (!id) return unusable("lacks id");
    const auto booking = booking_text(booking_of(intent));
    if (type == "payment_intent.succeeded") {
        const auto received = lenient_int(intent, "amount_received");
        const auto amount = received ? received : lenient_int(intent, "amount");
        if (!amount) return unusable("lacks amount_received");
        return {.type = "payment.captured",
                .payload = {{"payment", *id},
                            {"session", nullptr},
                            {"amount", *amount},
                            {"subtotal", nullptr},
                            {"discount", nullptr},
                            {"tax", nullptr},
                            {"currency", currency_of(intent)},
                            {"booking", booking},
                            {"via", type}},
                .payment = id};
    }
    if (type == "payment_intent.payment_failed") {
        const auto& error = object_or_empty(intent, "last_payment_error");
        auto code = lenient_text(error, "decline_code");
        if (!code) code = lenient_text(error, "code");
        return {.type = "payment.declined",
                .payload = {{"payment", *id}, {"booking", booking}, {"code", code.value_or("declined")}},
                .payment = id};
    }
    return {.type = type == "payment_intent.processing" ? "payment.processing" : "payment.failed",
            .payload = {{"payment", *id}, {"session", nullptr}, {"booking", booking}},
            .payment = id};
}

Meaning of_refund(const json::object& refund) {
    const auto id = identifier(refund, "id");
    if (!id) return unusable("lacks id");
    const auto payment = identifier(refund, "payment_intent");
    if (!payment) return unusable("not ours"); // of a charge without a payment intent: no checkout of ours makes one
    const auto status = lenient_text(refund, "status").value_or("");
    std::string type;
    if (status == "pending" || status == "requires_action")
        type = "refund.pending";
    else if (status == "succeeded")
        type = "refund.succeeded";
    else if (status == "failed" || status == "canceled")
        type = "refund.failed";
    else
        return unusable(status.empty() ? "lacks status" : "unknown refund status");
    const auto amount = lenient_int(refund, "amount");
    if (!amount) return unusable("lacks amount");
    return {.type = std::move(type),
            .payload = {{"refund", *id},
                        {"payment", *payment},
                        {"our_refund", nullable(identifier(object_or_empty(refund, "metadata"), "refund_id"))},
                        {"booking", booking_text(booking_of(refund))},
                        {"amount", *amount},
                        {"currency", currency_of(refund)},
                        {"status", status},
                        {"failure_reason", nullable(lenient_text(refund, "failure_reason"))},
                        {"charge", nullable(identifier(refund, "charge"))}},
            .payment = payment,
            .waits = true};
}

Meaning of_charge(const json::object& charge) {
    const auto payment = identifier(charge, "payment_intent");
    if (!payment) return unusable("not ours");
    return {.type = "refund.hint",
            .payload = {{"payment", *payment},
                        {"charge", nullable(identifier(charge, "id"))},
                        {"amount_refunded", nullable(lenient_int(charge, "amount_refunded"))},
                        {"currency", currency_of(charge)}},
            .payment = payment};
}

/// The status decides, the type only where the status alone could be old news. An inquiry that becomes a dispute opens one. What
/// a prevented one did with the money Stripe does not document: noted, and in front of a person.
std::string dispute_event(std::string_view type, std::string_view status, const json::object* previous) {
    if (status == "lost") return "dispute.lost";
    if (status == "prevented") return "dispute.noted";
    if (status == "won" || status == "warning_closed") return "dispute.won";
    if (type == "charge.dispute.funds_reinstated") return "dispute.won";
    if (type == "charge.dispute.created") return "dispute.opened";
    const auto before = previous ? lenient_text(*previous, "status").value_or("") : "";
    return before.starts_with("warning_") && !status.starts_with("warning_") ? "dispute.opened" : "dispute.noted";
}

Meaning of_dispute(std::string_view type, const json::object& dispute, const json::object* previous) {
    const auto id = identifier(dispute, "id");
    if (!id) return unusable("lacks id");
    const auto payment = identifier(dispute, "payment_intent");
    if (!payment) return unusable("not ours");
    const auto status = lenient_text(dispute, "status").value_or("");
    if (status.empty()) return unusable("lacks status");
    const auto amount = lenient_int(dispute, "amount");
    if (!amount) return unusable("lacks amount");
    return {.type = dispute_event(type, status, previous),
            .payload = {{"dispute", *id},
                        {"payment", *payment},
                        {"amount", *amount},
                        {"currency", currency_of(dispute)},
                        {"status", status},
                        {"inquiry", status.starts_with("warning_")}},
            .payment = payment,
            .waits = true};
}

Meaning meaning_of(std::string_view type, const json::object& object, const json::object* previous) {
    if (type.starts_with("checkout.session.")) return of_session(type, object);
    if (type.starts_with("payment_intent.")) return of_intent(type, object);
    if (type == "charge.refunded") return of_charge(object);
    if (type.starts_with("charge.dispute.")) return of_dispute(type, object, previous);
    return of_refund(object);
}

/// A booking's id alone is a claim: where no such booking is found in time it was another program's. Where the object says
/// besides that this installation made it, a booking of ours is missing, and that is in front of a person (dead).
engine::Address address_of(const Meaning& meaning, const std::optional<engine::WorkflowId>& booking, Maker maker) {
    engine::Address address;
    if (meaning.payment) {
        address.targets.emplace_back(payment_key(*meaning.payment));
        address.binds.push_back(payment_key(*meaning.payment));
    }
    if (booking) address.targets.emplace_back(*booking);
    address.reason = booking ? "not ours: no such booking" : "not ours";
    address.marked = booking && maker == Maker::us;
    if (booking && maker == Maker::another) {
        address.reason = "not ours: another installation's";
        return address;
    }
    if (!booking && !(meaning.waits && meaning.payment)) return address;
    address.unclaimed = engine::Unclaimed::wait;
    address.waits_for = meaning.payment
                            ? payment_key(*meaning.payment)
                            : engine::correlation_key("", "appointd", account, "booking", engine::to_string(*booking));
    return address;
}

constexpr std::array known_types{"checkout.session.completed",
                                 "checkout.session.async_payment_succeeded",
                                 "checkout.session.async_payment_failed",
                                 "checkout.session.expired",
                                 "payment_intent.succeeded",
                                 "payment_intent.payment_failed",
                                 "payment_intent.canceled",
                                 "payment_intent.processing",
                                 "charge.refunded",
                                 "refund.created",
                                 "refund.updated",
                                 "refund.failed",
                                 "charge.refund.updated",
                                 "charge.dispute.created",
                                 "charge.dispute.updated",
                                 "charge.dispute.closed",
                                 "charge.dispute.funds_withdrawn",
                                 "charge.dispute.funds_reinstated"};

} // namespace

static_assert(known_types.size() <= 20);
std::span<const char* const> known_event_types() { return known_types; }
bool is_known(std::string_view type) { return std::find(known_types.begin(), known_types.end(), type) != known_types.end(); }

engine::CorrelationKey payment_key(std::string_view payment) {
    return engine::correlation_key("", "stripe", account, "payment", payment);
}

engine::Incoming give_up(const Notice& notice, std::string reason) {
    return ignored(notice.id, notice.source, notice.type, notice.occurred_at, notice.raw, std::move(reason));
}

engine::Incoming to_incoming(const Notice& notice, const json::object& object, const json::object* previous,
                             std::string_view installation) {
    auto meaning = meaning_of(notice.type, object, previous);
    if (!meaning.unusable.empty()) return give_up(notice, std::move(meaning.unusable));
    engine::Incoming incoming;
    incoming.event = {notice.id, notice.source, meaning.type, notice.occurred_at, json::serialize(meaning.payload), notice.raw};
    incoming.address = address_of(meaning, booking_of(object), maker_of(object, installation));
    return incoming;
}

} // namespace appointd::adapters::stripe
