#include "sandbox/stripe/machine.hpp"
#include "sandbox/stripe/render.hpp"

#include <algorithm>
#include <iterator>

namespace appointd::sandbox::stripe {
namespace {

/// "$20.00"; other currencies by their code.
std::string money(std::int64_t amount, const std::string& currency) {
    std::string cents = std::to_string(amount % 100);
    if (cents.size() < 2) cents.insert(0, "0");
    const std::string text = std::to_string(amount / 100) + "." + cents;
    if (currency == "usd") return "$" + text;
    if (currency == "eur") return "€" + text;
    return text + " " + currency;
}

bool returns_money(const Refund& refund) { return refund.status != "failed" && refund.status != "canceled"; }

} // namespace

Charge* Machine::charge_named(std::string_view id) {
    if (Charge* charge = state_.charges.find(id)) return charge;
    const PaymentIntent* intent = state_.intents.find(id);
    return intent ? state_.charges.find(intent->latest_charge) : nullptr;
}

void Machine::refund_events(const Refund& refund, const json::object& previous, std::string_view main_type, Time now) {
    if (!main_type.empty()) emit(main_type, refund_json(refund), now, previous);
    emit("refund.updated", refund_json(refund), now, previous);
    emit("charge.refund.updated", refund_json(refund), now, previous);
}

Machine::Outcome Machine::refund(const RefundOrder& order, Time now) {
    Charge* charge = charge_named(order.payment);
    if (!charge && !state_.intents.find(order.payment))
        return missing(order.payment.starts_with("ch_") ? "charge" : "payment_intent", order.payment,
                       order.payment.starts_with("ch_") ? "charge" : "payment_intent");
    if (!charge || charge->status != "succeeded")
        return refuse(400, "", "This PaymentIntent (" + order.payment + ") does not have a successful charge to refund.", "",
                      true);
    if (charge->disputed)
        return refuse(400, "charge_disputed", "Charge " + charge->id + " has been charged back; cannot issue a refund.", "",
                      true);
    const std::int64_t left = charge->amount - charge->amount_refunded;
    if (left == 0)
        return refuse(400, "charge_already_refunded", "Charge " + charge->id + " has already been refunded.", "", true);
    const std::int64_t amount = order.amount.value_or(left);
    if (amount > left)
        return refuse(400, "",
                      "Refund amount (" + money(amount, charge->currency) + ") is greater than unrefunded amount on charge (" +
                          money(left, charge->currency) + ")",
                      "amount", true);
    Refund fresh{.id = "re_" + ids_.token(24), .charge = charge->id, .payment_intent = charge->payment_intent, .amount = amount};
    fresh.currency = charge->currency;
    fresh.status = settings_.refunds_pending ? "pending" : "succeeded";
    fresh.reason = order.reason;
    fresh.metadata = order.metadata;
    fresh.created_at = now;
    charge->amount_refunded += amount;
    const Refund& made = state_.refunds.add(std::move(fresh));
    const PaymentIntent* intent = state_.intents.find(charge->payment_intent);
    std::string booking = text_field(made.metadata, "booking_id").value_or("");
    if (booking.empty() && intent) booking = booking_of(state_, *intent);
    note("refund.create", made.id, booking, text_field(made.metadata, "refund_id").value_or(request_key_), now);
    emit("refund.created", refund_json(made), now);
    emit("charge.refunded", charge_json(*charge), now, {{"amount_refunded", charge->amount_refunded - amount}});
    return {.body = refund_json(made)};
}

Machine::Outcome Machine::create_refund(const Form& form, Time now) {
    static constexpr std::string_view parameters[] = {
        "payment_intent",     "charge",   "amount",   "reason",   "metadata[*]", "reverse_transfer", "refund_application_fee",
        "instructions_email", "currency", "customer", "expand[#]"};
    if (auto unknown = unknown_in(form, parameters)) return *std::move(unknown);
    RefundOrder order{.payment = form.get("payment_intent").value_or(form.get("charge").value_or(""))};
    if (order.payment.empty())
        return refuse(400, "parameter_missing",
                      "One of the following params should be provided for this request: payment_intent or charge.");
    if (form.get("amount")) {
        order.amount = form.integer("amount");
        if (!order.amount || *order.amount < 1)
            return refuse(400, "parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount");
    }
    order.reason = form.get("reason").value_or("");
    if (!order.reason.empty() && order.reason != "duplicate" && order.reason != "fraudulent" &&
        order.reason != "requested_by_customer")
        return refuse(400, "", "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer", "reason");
    order.metadata = form.children("metadata");
    return refund(order, now);
}

Machine::Outcome Machine::update_refund(const std::string& id, const Form& form, Time now) {
    static constexpr std::string_view parameters[] = {"metadata[*]", "expand[#]"};
    Refund* row = state_.refunds.find(id);
    if (!row) return missing("refund", id);
    if (auto unknown = unknown_in(form, parameters)) return *std::move(unknown);
    json::object previous{{"metadata", row->metadata}};
    for (const auto& [key, value] : form.children("metadata")) row->metadata[key] = value;
    refund_events(*row, previous, "", now);
    return {.body = refund_json(*row)};
}

Machine::Outcome Machine::cancel_refund(const std::string& id, Time now) {
    Refund* row = state_.refunds.find(id);
    if (!row) return missing("refund", id);
    if (row->status != "requires_action")
        return refuse(400, "", "This refund has a status of " + row->status + " and cannot be canceled.", "", true);
    if (const auto done = settle_refund(id, "canceled", "", now); !done) return refuse(400, "", done.error().message, "", true);
    return {.body = refund_json(*row)};
}

Result<std::string> Machine::refund_by_hand(const RefundOrder& order, Time now) {
    const Outcome outcome = refund(order, now);
    const json::object& body = outcome.body.get_object();
    if (outcome.status == 200) return {boost::system::in_place_value, std::string(body.at("id").as_string())};
    const json::object& error = *object_field(body, "error");
    return Error{text_field(error, "code").value_or("invalid"), text_field(error, "message").value_or("")};
}

Result<> Machine::settle_refund(std::string_view id, std::string_view status, std::string_view failure_reason, Time now) {
    Refund* row = state_.refunds.find(id);
    if (!row) return Error{"not_found", "no such refund"};
    static constexpr std::string_view known[] = {"pending", "requires_action", "succeeded", "failed", "canceled"};
    if (std::find(std::begin(known), std::end(known), status) == std::end(known))
        return Error{"invalid", "no such status of a refund"};
    if (!returns_money(*row)) return Error{"invalid", "the refund has already " + row->status};
    if (row->status == status) return {};
    const json::object previous{{"status", row->status}, {"failure_reason", nullptr}};
    row->status = status;
    if (!returns_money(*row)) { // the money is back in the balance
        row->failure_reason = status == "failed" ? (failure_reason.empty() ? "unknown" : std::string(failure_reason)) : "";
        state_.charges.find(row->charge)->amount_refunded -= row->amount;
    }
    refund_events(*row, previous, status == "failed" ? "refund.failed" : "", now);
    return {};
}

Result<std::string> Machine::open_dispute(std::string_view payment, std::optional<std::int64_t> amount, std::string_view reason,
                                          bool inquiry, Time now) {
    Charge* charge = charge_named(payment);
    if (!charge || charge->status != "succeeded") return Error{"not_found", "no such captured payment"};
    Dispute fresh{.id = "du_" + ids_.token(24), .charge = charge->id, .payment_intent = charge->payment_intent};
    fresh.amount = amount.value_or(charge->amount);
    fresh.currency = charge->currency;
    if (!reason.empty()) fresh.reason = reason;
    fresh.status = inquiry ? "warning_needs_response" : "needs_response";
    fresh.created_at = now;
    if (!inquiry) charge->disputed = true;
    const Dispute& made = state_.disputes.add(std::move(fresh));
    emit("charge.dispute.created", dispute_json(made), now);
    if (!inquiry) emit("charge.dispute.funds_withdrawn", dispute_json(made), now);
    return {boost::system::in_place_value, made.id};
}

Result<> Machine::close_dispute(std::string_view id, std::string_view outcome, Time now) {
    Dispute* row = state_.disputes.find(id);
    if (!row) return Error{"not_found", "no such dispute"};
    if (outcome != "won" && outcome != "lost" && outcome != "warning_closed" && outcome != "prevented")
        return Error{"invalid", "won, lost, warning_closed or prevented"};
    const bool appealed = row->status == "lost" && outcome == "won";
    const bool closed =
        row->status == "won" || row->status == "lost" || row->status == "warning_closed" || row->status == "prevented";
    if (closed && !appealed) return Error{"invalid", "the dispute is closed"};
    const json::object previous{{"status", row->status}};
    row->status = outcome;
    if (outcome == "won" || outcome == "prevented") state_.charges.find(row->charge)->disputed = false;
    if (outcome == "won") {
        emit("charge.dispute.funds_reinstated", dispute_json(*row), now);
    }
    emit("charge.dispute.closed", dispute_json(*row), now, previous);
    return {};
}

} // namespace appointd::sandbox::stripe
