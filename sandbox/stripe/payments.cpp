#include "sandbox/stripe/machine.hpp"
#include "sandbox/stripe/render.hpp"

namespace appointd::sandbox::stripe {

void Machine::note(std::string_view kind, std::string_view object, std::string_view booking, std::string_view key, Time now) {
    journal_.note({.at = now,
                   .provider = Provider::stripe,
                   .kind = std::string(kind),
                   .object = std::string(object),
                   .booking = std::string(booking),
                   .key = std::string(key),
                   .by_api = !request_id_.empty()});
}

Result<Session*> Machine::open_session(std::string_view id, Time now) {
    tick(now);
    Session* session = state_.sessions.find(id);
    if (!session) return Error{"not_found", "no such checkout session"};
    if (session->status != "open") return Error{"invalid", "the checkout session is " + session->status};
    return session;
}

PaymentIntent& Machine::intent_for(Session& session, const Payment& payment, Time now) {
    session.discount = payment.discount;
    session.tax = payment.tax;
    session.total = payment.amount.value_or(session.subtotal - payment.discount + payment.tax);
    if (!payment.currency.empty()) session.currency = payment.currency;
    if (session.payment_intent.empty()) {
        PaymentIntent fresh{.id = "pi_" + ids_.token(24)};
        fresh.metadata = session.intent_metadata; // the session's own metadata is not copied
        fresh.description = session.intent_description;
        fresh.receipt_email = session.receipt_email;
        fresh.customer = session.customer;
        fresh.session = session.id;
        fresh.created_at = now;
        session.payment_intent = state_.intents.add(std::move(fresh)).id;
    }
    PaymentIntent& intent = *state_.intents.find(session.payment_intent);
    intent.amount = session.total;
    intent.currency = session.currency;
    return intent;
}

Charge& Machine::charge_for(PaymentIntent& intent, std::string_view status, Time now) {
    Charge charge{.id = "ch_" + ids_.token(24), .payment_intent = intent.id, .status = std::string(status)};
    charge.amount = intent.amount;
    charge.currency = intent.currency;
    charge.metadata = intent.metadata;
    charge.receipt_email = intent.receipt_email;
    charge.created_at = now;
    intent.latest_charge = charge.id;
    return state_.charges.add(std::move(charge));
}

void Machine::complete(Session& session, const Payment& payment, std::string_view payment_status) {
    open_until_.erase({session.expires_at, session.id});
    session.status = "complete";
    session.payment_status = payment_status;
    session.paid_by_email = !payment.email.empty()            ? payment.email
                            : !session.customer_email.empty() ? session.customer_email
                                                              : "ann@example.org";
    session.paid_by_name = payment.name;
}

Result<std::string> Machine::pay(std::string_view id, const Payment& payment, Time now) {
    const auto found = open_session(id, now);
    if (!found) return found.error();
    Session& session = **found;
    const std::int64_t total = payment.amount.value_or(session.subtotal - payment.discount + payment.tax);
    if (total == 0) {
        session.discount = payment.discount;
        session.tax = payment.tax;
        session.total = 0;
        complete(session, payment, "no_payment_required");
        emit("checkout.session.completed", session_json(session, settings_), now);
        return {boost::system::in_place_value, ""};
    }
    PaymentIntent& intent = intent_for(session, payment, now);
    const Charge& charge = charge_for(intent, "succeeded", now);
    intent.status = "succeeded";
    intent.amount_received = intent.amount;
    intent.last_error = nullptr;
    complete(session, payment, "paid");
    note("payment.capture", intent.id, booking_of(state_, intent), "", now);
    emit("charge.succeeded", charge_json(charge), now);
    emit("checkout.session.completed", session_json(session, settings_), now);
    emit("payment_intent.succeeded", intent_json(intent), now);
    return {boost::system::in_place_value, intent.id};
}

Result<> Machine::decline(std::string_view id, std::string_view code, Time now) {
    const auto found = open_session(id, now);
    if (!found) return found.error();
    PaymentIntent& intent = intent_for(**found, Payment{}, now);
    Charge& charge = charge_for(intent, "failed", now);
    charge.failure_code = "card_declined";
    intent.status = "requires_payment_method";
    intent.last_error = {{"type", "card_error"},
                         {"code", "card_declined"},
                         {"decline_code", code.empty() ? std::string_view("generic_decline") : code},
                         {"message", "Your card was declined."},
                         {"charge", charge.id}};
    emit("charge.failed", charge_json(charge), now);
    emit("payment_intent.payment_failed", intent_json(intent), now);
    return {};
}

Result<std::string> Machine::pay_later(std::string_view id, const Payment& payment, Time now) {
    const auto found = open_session(id, now);
    if (!found) return found.error();
    Session& session = **found;
    PaymentIntent& intent = intent_for(session, payment, now);
    charge_for(intent, "pending", now);
    intent.status = "processing";
    complete(session, payment, "unpaid");
    emit("payment_intent.processing", intent_json(intent), now);
    emit("checkout.session.completed", session_json(session, settings_), now);
    return {boost::system::in_place_value, intent.id};
}

Result<> Machine::settle_later(std::string_view id, bool success, Time now) {
    Session* session = state_.sessions.find(id);
    if (!session) return Error{"not_found", "no such checkout session"};
    PaymentIntent* intent = state_.intents.find(session->payment_intent);
    if (!intent || intent->status != "processing") return Error{"invalid", "no payment of this session is processing"};
    Charge& charge = *state_.charges.find(intent->latest_charge);
    if (success) {
        charge.status = "succeeded";
        intent->status = "succeeded";
        intent->amount_received = intent->amount;
        session->payment_status = "paid";
        note("payment.capture", intent->id, booking_of(state_, *intent), "", now);
        emit("charge.succeeded", charge_json(charge), now);
        emit("payment_intent.succeeded", intent_json(*intent), now);
        emit("checkout.session.async_payment_succeeded", session_json(*session, settings_), now);
        return {};
    }
    charge.status = "failed";
    charge.failure_code = "payment_method_bank_declined";
    intent->status = "requires_payment_method";
    intent->last_error = {
        {"type", "invalid_request_error"}, {"code", "payment_intent_payment_attempt_failed"}, {"message", "The payment failed."}};
    emit("charge.failed", charge_json(charge), now);
    emit("payment_intent.payment_failed", intent_json(*intent), now);
    emit("checkout.session.async_payment_failed", session_json(*session, settings_), now);
    return {};
}

Result<> Machine::expire(std::string_view id, Time now) {
    const auto found = open_session(id, now);
    if (!found) return found.error();
    expire_now(**found, now);
    return {};
}

std::string Machine::capture_stray(std::int64_t amount, std::string_view currency, json::object metadata, Time now) {
    PaymentIntent fresh{.id = "pi_" + ids_.token(24), .status = "succeeded"};
    fresh.amount = fresh.amount_received = amount;
    fresh.currency = currency;
    fresh.metadata = std::move(metadata);
    fresh.created_at = now;
    PaymentIntent& intent = state_.intents.add(std::move(fresh));
    const Charge& charge = charge_for(intent, "succeeded", now);
    note("payment.capture", intent.id, booking_of(state_, intent), "", now);
    emit("charge.succeeded", charge_json(charge), now);
    emit("payment_intent.succeeded", intent_json(intent), now);
    return intent.id;
}

} // namespace appointd::sandbox::stripe
