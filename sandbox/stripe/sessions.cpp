#include "sandbox/stripe/machine.hpp"
#include "sandbox/stripe/render.hpp"

#include <algorithm>
#include <cctype>

namespace appointd::sandbox::stripe {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t least_amount = 50; // of the common currencies
constexpr std::size_t most_line_items = 100;

// payment_method_types is not here: endive removed it.
constexpr std::string_view session_parameters[] = {
    "mode",
    "ui_mode",
    "success_url",
    "cancel_url",
    "return_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "customer_creation",
    "customer_update[*]",
    "currency",
    "expires_at",
    "allow_promotion_codes",
    "locale",
    "submit_type",
    "billing_address_collection",
    "redirect_on_completion",
    "payment_method_collection",
    "metadata[*]",
    "line_items[#][quantity]",
    "line_items[#][price]",
    "line_items[#][adjustable_quantity][*]",
    "line_items[#][tax_rates][#]",
    "line_items[#][price_data][currency]",
    "line_items[#][price_data][unit_amount]",
    "line_items[#][price_data][unit_amount_decimal]",
    "line_items[#][price_data][product]",
    "line_items[#][price_data][tax_behavior]",
    "line_items[#][price_data][product_data][name]",
    "line_items[#][price_data][product_data][description]",
    "line_items[#][price_data][product_data][tax_code]",
    "line_items[#][price_data][product_data][images][#]",
    "line_items[#][price_data][product_data][metadata][*]",
    "payment_intent_data[**]",
    "payment_method_options[**]",
    "payment_method_configuration",
    "allowed_payment_method_types[#]",
    "excluded_payment_method_types[#]",
    "after_expiration[recovery][enabled]",
    "after_expiration[recovery][allow_promotion_codes]",
    "phone_number_collection[enabled]",
    "custom_fields[**]",
    "custom_text[**]",
    "consent_collection[*]",
    "automatic_tax[**]",
    "tax_id_collection[*]",
    "invoice_creation[**]",
    "discounts[#][*]",
    "shipping_address_collection[**]",
    "adaptive_pricing[enabled]",
    "expand[#]",
};

bool metadata_fits(const json::object& metadata) {
    return metadata.size() <= 50 && std::all_of(metadata.begin(), metadata.end(), [](const auto& pair) {
               return pair.key().size() <= 40 && pair.value().get_string().size() <= 500;
           });
}

json::object without_unset(const json::object& metadata) {
    json::object kept;
    for (const auto& [key, value] : metadata)
        if (!value.get_string().empty()) kept[key] = value;
    return kept;
}

std::string item(std::size_t index, std::string_view rest) {
    return "line_items[" + std::to_string(index) + "]" + std::string(rest);
}

} // namespace

std::optional<Machine::Outcome> Machine::check_session(const Form& form, Time now) const {
    const auto required = [](const std::string& name) {
        return refuse(400, "parameter_missing", "Missing required param: " + name + ".", name);
    };
    if (auto unknown = unknown_in(form, session_parameters)) return unknown;
    if (!form.get("mode")) return required("mode");
    if (form.get("mode") != "payment")
        return refuse(400, "", "Invalid mode: must be one of payment, setup, or subscription", "mode");
    if (form.get("ui_mode").value_or("hosted_page") == "hosted_page" && !form.get("success_url")) return required("success_url");
    if (form.get("success_url").value_or("").size() > 5000)
        return refuse(400, "url_invalid", "Invalid string: must be at most 5000 characters", "success_url");
    if (form.get("client_reference_id").value_or("").size() > 200)
        return refuse(400, "", "Invalid string: must be at most 200 characters", "client_reference_id");
    if (form.get("customer") && form.get("customer_email"))
        return refuse(400, "", "You may only specify one of these parameters: customer, customer_email.", "customer");
    if (const auto email = form.get("customer_email"); email && email->find('@') == std::string::npos)
        return refuse(400, "email_invalid", "Invalid email address: " + *email, "customer_email");
    if (!metadata_fits(form.children("metadata")) || !metadata_fits(form.children("payment_intent_data[metadata]")))
        return refuse(400, "", "Metadata can have up to 50 keys of 40 characters with values up to 500 characters.", "metadata");
    if (form.get("expires_at")) {
        const auto at = form.integer("expires_at");
        if (!at) return refuse(400, "parameter_invalid_integer", "Invalid integer: expires_at", "expires_at");
        const Time expires{std::chrono::seconds(*at)};
        if (expires < now + 30min)
            return refuse(400, "", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
                          "expires_at");
        if (expires > now + 24h)
            return refuse(400, "", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
                          "expires_at");
    }
    const std::size_t items = form.size_of("line_items");
    if (items == 0) return required("line_items");
    if (items > most_line_items) return refuse(400, "", "You may have at most 100 line items.", "line_items");
    for (std::size_t i = 0; i < items; ++i) {
        const auto quantity = form.integer(item(i, "[quantity]"));
        if (!quantity) return required(item(i, "[quantity]"));
        if (*quantity < 1)
            return refuse(400, "parameter_invalid_integer", "This value must be greater than or equal to 1.",
                          item(i, "[quantity]"));
        if (form.get(item(i, "[price]"))) return missing("price", *form.get(item(i, "[price]")), item(i, "[price]"));
        if (!form.get(item(i, "[price_data][currency]"))) return required(item(i, "[price_data][currency]"));
        if (!form.integer(item(i, "[price_data][unit_amount]"))) return required(item(i, "[price_data][unit_amount]"));
        if (*form.integer(item(i, "[price_data][unit_amount]")) < 0)
            return refuse(400, "parameter_invalid_integer", "Invalid non-negative integer", item(i, "[price_data][unit_amount]"));
        if (!form.get(item(i, "[price_data][product_data][name]")) && !form.get(item(i, "[price_data][product]")))
            return required(item(i, "[price_data][product_data][name]"));
    }
    return std::nullopt;
}

Machine::Outcome Machine::create_session(const Form& form, Time now) {
    if (auto refusal = check_session(form, now)) return *std::move(refusal);
    Session session{.id = "cs_test_" + ids_.token(58)};
    for (std::size_t i = 0; i < form.size_of("line_items"); ++i) {
        const std::int64_t unit = *form.integer(item(i, "[price_data][unit_amount]"));
        const std::int64_t quantity = *form.integer(item(i, "[quantity]"));
        std::string currency = *form.get(item(i, "[price_data][currency]"));
        std::transform(currency.begin(), currency.end(), currency.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (!session.currency.empty() && session.currency != currency)
            return refuse(400, "", "All line items must have the same currency.", item(i, "[price_data][currency]"));
        session.currency = currency;
        session.subtotal += unit * quantity;
        session.line_items.push_back({{"id", "li_" + ids_.token(24)},
                                      {"object", "item"},
                                      {"amount_subtotal", unit * quantity},
                                      {"amount_total", unit * quantity},
                                      {"currency", currency},
                                      {"description", form.get(item(i, "[price_data][product_data][name]")).value_or("")},
                                      {"quantity", quantity}});
    }
    if (session.subtotal > 0 && session.subtotal < least_amount)
        return refuse(400, "amount_too_small", "The Checkout Session's total amount must convert to at least 50 cents.");
    session.total = session.subtotal;
    session.client_reference_id = form.get("client_reference_id").value_or("");
    session.customer_email = form.get("customer_email").value_or("");
    session.customer = form.get("customer").value_or("");
    session.metadata = without_unset(form.children("metadata"));
    session.intent_metadata = without_unset(form.children("payment_intent_data[metadata]"));
    session.intent_description = form.get("payment_intent_data[description]").value_or("");
    session.receipt_email = form.get("payment_intent_data[receipt_email]").value_or("");
    session.success_url = form.get("success_url").value_or("");
    session.cancel_url = form.get("cancel_url").value_or("");
    session.created_at = now;
    session.expires_at = form.integer("expires_at") ? Time(std::chrono::seconds(*form.integer("expires_at"))) : Time(now + 24h);
    const Session& made = state_.sessions.add(std::move(session));
    open_until_.emplace(made.expires_at, made.id);
    note("checkout.create", made.id, text_field(made.metadata, "booking_id").value_or(made.client_reference_id), request_key_,
         now);
    return {.body = session_json(made, settings_)};
}

void Machine::expire_now(Session& session, Time now) {
    open_until_.erase({session.expires_at, session.id});
    session.status = "expired";
    emit("checkout.session.expired", session_json(session, settings_), now);
}

void Machine::tick(Time now) {
    while (!open_until_.empty() && open_until_.begin()->first <= now)
        expire_now(*state_.sessions.find(open_until_.begin()->second), now);
}

Machine::Outcome Machine::expire_session(const std::string& id, Time now) {
    Session* session = state_.sessions.find(id);
    if (!session) return missing("checkout.session", id);
    if (session->status != "open")
        return refuse(
            400, "",
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `" +
                session->status + "`.",
            "", true);
    note("checkout.expire", id, text_field(session->metadata, "booking_id").value_or(session->client_reference_id), request_key_,
         now);
    expire_now(*session, now);
    return {.body = session_json(*session, settings_)};
}

Machine::Outcome Machine::update_session(const std::string& id, const Form& form, Time) {
    static constexpr std::string_view parameters[] = {"metadata[*]", "expand[#]"};
    Session* session = state_.sessions.find(id);
    if (!session) return missing("checkout.session", id);
    if (auto unknown = unknown_in(form, parameters)) return *std::move(unknown);
    for (const auto& [key, value] : form.children("metadata")) session->metadata[key] = value;
    session->metadata = without_unset(session->metadata);
    return {.body = session_json(*session, settings_)};
}

} // namespace appointd::sandbox::stripe
