#include "sandbox/stripe/machine.hpp"
#include "sandbox/stripe/render.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::sandbox::stripe {

Machine::Machine(Settings settings, std::uint64_t seed, Journal& journal)
    : settings_(std::move(settings)), ids_(seed), journal_(journal), keys_(settings_.idempotency_life) {}

Machine::Outcome Machine::refuse(int status, std::string_view code, std::string_view message, std::string_view param,
                                 bool executed) {
    json::object error{{"type", status >= 500 ? "api_error" : "invalid_request_error"}, {"message", message}};
    if (!code.empty()) {
        error["code"] = code;
        error["doc_url"] = "https://stripe.com/docs/error-codes/" + std::string(code);
    }
    if (!param.empty()) error["param"] = param;
    return {.status = status, .body = json::object{{"error", std::move(error)}}, .executed = executed};
}

Machine::Outcome Machine::missing(std::string_view what, std::string_view id, std::string_view param) {
    const std::string message = "No such " + std::string(what) + ": '" + std::string(id) + "'";
    return refuse(404, "resource_missing", message, param, true);
}

std::optional<Machine::Outcome> Machine::unknown_in(const Form& form, std::span<const std::string_view> patterns) {
    const auto name = form.unknown(patterns);
    if (!name) return std::nullopt;
    return refuse(400, "parameter_unknown", "Received unknown parameter: " + *name, *name);
}

net::Response Machine::respond(const Outcome& outcome, const std::string& request_id, const std::string& key) const {
    net::Response response = json_response(outcome.status, outcome.body);
    response.headers.emplace_back("Request-Id", request_id);
    response.headers.emplace_back("Stripe-Version", settings_.api_version);
    if (!key.empty()) response.headers.emplace_back("Idempotency-Key", key);
    if (outcome.status == 409) response.headers.emplace_back("Stripe-Should-Retry", "true");
    if (outcome.status == 500) response.headers.emplace_back("Stripe-Should-Retry", "false");
    return response;
}

net::Response Machine::rate_limited() const {
    Outcome outcome = refuse(429, "rate_limit", "Request rate limit exceeded. You can learn more about rate limits here.");
    net::Response response = respond(outcome, "req_limited", "");
    response.headers.emplace_back("Stripe-Rate-Limited-Reason", "global-rate");
    return response;
}

net::Response Machine::failed(int status) const {
    return respond(refuse(status, "", "An error occurred with our connection to the bank. Please try again."), "req_failed", "");
}

void Machine::hold(const Call& call) {
    if (const auto key = call.header("Idempotency-Key"); key && call.method == "POST") keys_.hold(*key);
}

void Machine::release(const Call& call) {
    if (const auto key = call.header("Idempotency-Key"); key && call.method == "POST") keys_.release(*key);
}

net::Response Machine::api(const Call& call, Time now, Execution execution) {
    tick(now);
    const std::string request_id = "req_" + ids_.token(14);
    const std::string key = call.method == "POST" ? call.header("Idempotency-Key").value_or("") : "";
    if (call.bearer() != settings_.secret_key && !call.has_basic(settings_.secret_key, ""))
        return respond(
            refuse(401, "", call.header("Authorization") ? "Invalid API Key provided" : "You did not provide an API key."),
            request_id, key);
    if (now - second_ >= std::chrono::seconds(1) || now < second_) second_ = now, calls_in_second_ = 0;
    if (settings_.requests_per_second > 0 && ++calls_in_second_ > settings_.requests_per_second) return rate_limited();
    if (key.size() > 255) return respond(refuse(400, "", "Idempotency-Key is longer than 255 characters."), request_id, key);

    const bool has_form = call.method == "POST";
    if (has_form && !call.body.empty() &&
        call.header("Content-Type").value_or("").find("x-www-form-urlencoded") == std::string::npos)
        return respond(
            refuse(400, "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."),
            request_id, key);
    auto fields = has_form ? form_decode(call.body) : std::optional(call.query);
    if (!fields) return respond(refuse(400, "", "Invalid form encoding."), request_id, key);
    const Form form(std::move(*fields));
    const std::string fingerprint = call.method + " " + call.path + " " + form.canonical();
    if (!key.empty()) {
        using Verdict = IdempotencyStore::Verdict;
        auto looked = keys_.look(key, fingerprint, now);
        if (looked.verdict == Verdict::in_progress)
            return respond(refuse(409, "idempotency_key_in_use",
                                  "There is currently another in-progress request using this Idempotent Key "
                                  "(that probably means you submitted twice, and the other request is still going through)."),
                           request_id, key);
        if (looked.verdict == Verdict::other_parameters) {
            Outcome outcome = refuse(400, "",
                                     "Keys for idempotent requests can only be used with the same parameters they were first "
                                     "used with. Try using a key other than '" +
                                         key + "' if you meant to execute a different request.");
            outcome.body.get_object()["error"].get_object()["type"] = "idempotency_error";
            return respond(outcome, request_id, key);
        }
        if (looked.verdict == Verdict::replay) {
            looked.response.headers.emplace_back("Idempotent-Replayed", "true");
            return std::move(looked.response);
        }
    }
    request_id_ = request_id;
    request_key_ = key;
    Outcome outcome;
    if (execution != Execution::stored_error) outcome = route(call, form, now);
    if (execution != Execution::normal && outcome.executed) outcome = refuse(500, "", "An unknown error occurred", "", true);
    request_id_.clear();
    request_key_.clear();
    const net::Response response = respond(outcome, request_id, key);
    if (!key.empty() && outcome.executed) keys_.store(key, fingerprint, response, now);
    return response;
}

Machine::Outcome Machine::expanded(Outcome outcome, const Form& form) const {
    if (outcome.status >= 300) return outcome;
    for (std::size_t i = 0; i < form.size_of("expand"); ++i) {
        const std::string path = form.get("expand[" + std::to_string(i) + "]").value_or("");
        if (!expand(outcome.body, path, state_, settings_))
            return refuse(400, "", "This property cannot be expanded (" + path + ").", "expand");
    }
    return outcome;
}

Machine::Outcome Machine::route(const Call& call, const Form& form, Time now) {
    if (call.method == "GET") return expanded(read(call, form, now), form);
    const auto& at = call.segments;
    if (call.is("POST", {"v1", "checkout", "sessions"})) return expanded(create_session(form, now), form);
    if (call.is("POST", {"v1", "checkout", "sessions", "*", "expire"})) return expanded(expire_session(at[3], now), form);
    if (call.is("POST", {"v1", "checkout", "sessions", "*"})) return expanded(update_session(at[3], form, now), form);
    if (call.is("POST", {"v1", "refunds"})) return expanded(create_refund(form, now), form);
    if (call.is("POST", {"v1", "refunds", "*", "cancel"})) return expanded(cancel_refund(at[2], now), form);
    if (call.is("POST", {"v1", "refunds", "*"})) return expanded(update_refund(at[2], form, now), form);
    return refuse(404, "", "Unrecognized request URL (" + call.method + ": " + call.path + ").");
}

Machine::Outcome Machine::read(const Call& call, const Form& form, Time) const {
    const auto& at = call.segments;
    const auto one = [&](std::string_view what, const std::string& id, auto* found) -> Outcome {
        if (!found) return missing(what, id);
        return {.body = object_named(id, state_, settings_)};
    };
    if (call.is("GET", {"v1", "checkout", "sessions"})) return list_sessions(form);
    if (call.is("GET", {"v1", "checkout", "sessions", "*"})) return one("checkout.session", at[3], state_.sessions.find(at[3]));
    if (call.is("GET", {"v1", "checkout", "sessions", "*", "line_items"})) {
        const Session* session = state_.sessions.find(at[3]);
        if (!session) return missing("checkout.session", at[3]);
        return {.body = json::object{{"object", "list"}, {"url", call.path}, {"has_more", false}, {"data", session->line_items}}};
    }
    if (call.is("GET", {"v1", "refunds"})) return list_refunds(form);
    if (call.is("GET", {"v1", "refunds", "*"})) return one("refund", at[2], state_.refunds.find(at[2]));
    if (call.is("GET", {"v1", "payment_intents"})) return list_payments(form, false);
    if (call.is("GET", {"v1", "payment_intents", "*"})) return one("payment_intent", at[2], state_.intents.find(at[2]));
    if (call.is("GET", {"v1", "charges"})) return list_payments(form, true);
    if (call.is("GET", {"v1", "charges", "*"})) return one("charge", at[2], state_.charges.find(at[2]));
    if (call.is("GET", {"v1", "disputes"})) return list_disputes(form);
    if (call.is("GET", {"v1", "disputes", "*"})) return one("dispute", at[2], state_.disputes.find(at[2]));
    if (call.is("GET", {"v1", "events"})) return list_events(form);
    if (call.is("GET", {"v1", "events", "*"})) {
        const Event* event = state_.events.find(at[2]);
        return event ? Outcome{.body = event->body} : missing("event", at[2]);
    }
    return refuse(404, "", "Unrecognized request URL (" + call.method + ": " + call.path + ").");
}

} // namespace appointd::sandbox::stripe
