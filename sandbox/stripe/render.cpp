#include "sandbox/stripe/render.hpp"

#include "sandbox/call.hpp"

namespace appointd::sandbox::stripe {
namespace {

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

} // namespace

std::string booking_of(const State& state, const PaymentIntent& intent) {
    if (const auto id = text_field(intent.metadata, "booking_id")) return *id;
    const Session* session = state.sessions.find(intent.session);
    if (!session) return "";
    if (const auto id = text_field(session->metadata, "booking_id")) return *id;
    return session->client_reference_id;
}

json::object session_json(const Session& session, const Settings& settings) {
    json::value details = nullptr;
    if (!session.paid_by_email.empty())
        details = {{"email", session.paid_by_email},
                   {"name", text_or_null(session.paid_by_name)},
                   {"phone", nullptr},
                   {"address", nullptr},
                   {"tax_exempt", "none"},
                   {"tax_ids", json::array{}}};
    json::array methods;
    methods.emplace_back("card");
    return {{"id", session.id},
            {"object", "checkout.session"},
            {"after_expiration", nullptr},
            {"amount_subtotal", session.subtotal},
            {"amount_total", session.total},
            {"cancel_url", text_or_null(session.cancel_url)},
            {"client_reference_id", text_or_null(session.client_reference_id)},
            {"consent", nullptr},
            {"created", unix_seconds(session.created_at)},
            {"currency", session.currency},
            {"custom_fields", json::array{}},
            {"customer", text_or_null(session.customer)},
            {"customer_details", std::move(details)},
            {"customer_email", text_or_null(session.customer_email)},
            {"expires_at", unix_seconds(session.expires_at)},
            {"invoice", nullptr},
            {"livemode", false},
            {"metadata", session.metadata},
            {"mode", "payment"},
            {"payment_intent", text_or_null(session.payment_intent)},
            {"payment_method_types", std::move(methods)},
            {"payment_status", session.payment_status},
            {"recovered_from", nullptr},
            {"status", session.status},
            {"success_url", text_or_null(session.success_url)},
            {"total_details", {{"amount_discount", session.discount}, {"amount_shipping", 0}, {"amount_tax", session.tax}}},
            {"ui_mode", "hosted_page"},
            {"url", session.status == "open" ? json::value(settings.pages_base + "/" + session.id) : json::value(nullptr)}};
}

json::object intent_json(const PaymentIntent& intent) {
    return {{"id", intent.id},
            {"object", "payment_intent"},
            {"amount", intent.amount},
            {"amount_capturable", 0},
            {"amount_received", intent.amount_received},
            {"canceled_at", nullptr},
            {"cancellation_reason", nullptr},
            {"capture_method", "automatic_async"},
            {"created", unix_seconds(intent.created_at)},
            {"currency", intent.currency},
            {"customer", text_or_null(intent.customer)},
            {"description", text_or_null(intent.description)},
            {"last_payment_error", intent.last_error},
            {"latest_charge", text_or_null(intent.latest_charge)},
            {"livemode", false},
            {"metadata", intent.metadata},
            {"payment_method", intent.latest_charge.empty() ? json::value(nullptr) : json::value("pm_" + intent.id.substr(3))},
            {"receipt_email", text_or_null(intent.receipt_email)},
            {"status", intent.status}};
}

json::object charge_json(const Charge& charge) {
    const bool paid = charge.status == "succeeded";
    return {{"id", charge.id},
            {"object", "charge"},
            {"amount", charge.amount},
            {"amount_captured", paid ? charge.amount : 0},
            {"amount_refunded", charge.amount_refunded},
            {"billing_details", {{"email", text_or_null(charge.receipt_email)}, {"name", nullptr}}},
            {"captured", paid},
            {"created", unix_seconds(charge.created_at)},
            {"currency", charge.currency},
            {"disputed", charge.disputed},
            {"failure_code", text_or_null(charge.failure_code)},
            {"failure_message", charge.failure_code.empty() ? json::value(nullptr) : json::value("Your card was declined.")},
            {"livemode", false},
            {"metadata", charge.metadata},
            {"outcome",
             {{"type", charge.failure_code.empty() ? "authorized" : "issuer_declined"},
              {"reason", text_or_null(charge.failure_code)},
              {"risk_level", "normal"},
              {"seller_message", charge.failure_code.empty() ? "Payment complete." : "The bank declined."}}},
            {"paid", paid},
            {"payment_intent", text_or_null(charge.payment_intent)},
            {"receipt_url", nullptr},
            {"refunded", charge.amount > 0 && charge.amount_refunded == charge.amount},
            {"status", charge.status}};
}

json::object refund_json(const Refund& refund) {
    json::object out{{"id", refund.id},
                     {"object", "refund"},
                     {"amount", refund.amount},
                     {"balance_transaction", "txn_" + refund.id.substr(3)},
                     {"charge", refund.charge},
                     {"created", unix_seconds(refund.created_at)},
                     {"currency", refund.currency},
                     {"destination_details", {{"type", "card"}}},
                     {"metadata", refund.metadata},
                     {"payment_intent", text_or_null(refund.payment_intent)},
                     {"reason", text_or_null(refund.reason)},
                     {"receipt_number", nullptr},
                     {"status", refund.status}};
    if (!refund.failure_reason.empty()) {
        out["failure_reason"] = refund.failure_reason;
        out["failure_balance_transaction"] = "txn_f" + refund.id.substr(3);
    }
    if (refund.status == "pending") out["pending_reason"] = "processing";
    return out;
}

json::object dispute_json(const Dispute& dispute) {
    return {{"id", dispute.id},
            {"object", "dispute"},
            {"amount", dispute.amount},
            {"balance_transactions", json::array{}},
            {"charge", dispute.charge},
            {"created", unix_seconds(dispute.created_at)},
            {"currency", dispute.currency},
            {"evidence_details",
             {{"due_by", unix_seconds(dispute.created_at + std::chrono::days(9))},
              {"has_evidence", false},
              {"past_due", false},
              {"submission_count", 0}}},
            {"is_charge_refundable", dispute.status.starts_with("warning_")},
            {"livemode", false},
            {"metadata", json::object{}},
            {"payment_intent", text_or_null(dispute.payment_intent)},
            {"reason", dispute.reason},
            {"status", dispute.status}};
}

json::value object_named(std::string_view id, const State& state, const Settings& settings) {
    if (const Session* session = state.sessions.find(id)) return session_json(*session, settings);
    if (const PaymentIntent* intent = state.intents.find(id)) return intent_json(*intent);
    if (const Charge* charge = state.charges.find(id)) return charge_json(*charge);
    if (const Refund* refund = state.refunds.find(id)) return refund_json(*refund);
    if (const Dispute* dispute = state.disputes.find(id)) return dispute_json(*dispute);
    return nullptr;
}

bool expand(json::value& value, std::string_view path, const State& state, const Settings& settings) {
    if (value.is_array()) {
        for (json::value& one : value.get_array())
            if (!expand(one, path, state, settings)) return false;
        return true;
    }
    if (!value.is_object()) return value.is_null(); // nothing there yet: not an error
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    json::object& object = value.get_object();
    if (name == "line_items" && object["object"] == "checkout.session") {
        const Session* session = state.sessions.find(std::string(object["id"].as_string()));
        object["line_items"] = {{"object", "list"},
                                {"data", session->line_items},
                                {"has_more", false},
                                {"url", "/v1/checkout/sessions/" + session->id + "/line_items"}};
        return true;
    }
    json::value* field = object.if_contains(name);
    if (!field) return false;
    if (field->is_string()) {
        json::value found = object_named(std::string(field->get_string()), state, settings);
        if (found.is_null()) return false;
        *field = std::move(found);
    }
    return dot == std::string_view::npos || expand(*field, path.substr(dot + 1), state, settings);
}

} // namespace appointd::sandbox::stripe
