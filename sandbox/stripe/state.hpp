#pragma once

#include "foundation/json.hpp"
#include "sandbox/table.hpp"

#include <boost/json/array.hpp>

#include <set>
#include <string>
#include <vector>

namespace appointd::sandbox::stripe {

struct Settings {
    std::string secret_key = "sk_test_sandbox";
    std::string api_version = "2026-10-28.endive";
    std::string pages_base{};                                  ///< where people pay: "http://127.0.0.1:8090/pay"
    std::string webhook_url{};                                 ///< empty: events are kept, nothing is delivered
    std::vector<std::string> webhook_secrets{"whsec_sandbox"}; ///< two while a secret is rolled
    std::set<std::string> enabled_events{};                    ///< empty: all
    int requests_per_second = 100;                             ///< 0: no limit
    Duration idempotency_life = std::chrono::hours(24);
    bool refunds_pending = false; ///< true: new refunds stay pending until they are settled
};

struct Session {
    std::string id{};
    std::string status = "open";           ///< open, complete, expired
    std::string payment_status = "unpaid"; ///< unpaid, paid, no_payment_required
    std::int64_t subtotal = 0;
    std::int64_t discount = 0;
    std::int64_t tax = 0;
    std::int64_t total = 0;
    std::string currency{};
    std::string client_reference_id{};
    std::string customer{};
    std::string customer_email{};
    std::string paid_by_email{};
    std::string paid_by_name{};
    std::string payment_intent{}; ///< empty until confirmed
    json::object metadata{};
    json::object intent_metadata{};
    std::string intent_description{};
    std::string receipt_email{};
    std::string success_url{};
    std::string cancel_url{};
    json::array line_items{};
    Time created_at{};
    Time expires_at{};
};

struct PaymentIntent {
    std::string id{};
    std::string status = "requires_payment_method";
    std::int64_t amount = 0;
    std::int64_t amount_received = 0;
    std::string currency{};
    std::string latest_charge{};
    std::string customer{};
    std::string receipt_email{};
    std::string description{};
    json::object metadata{};
    json::value last_error = nullptr;
    std::string session{}; ///< the session it was confirmed in
    Time created_at{};
};

struct Charge {
    std::string id{};
    std::string payment_intent{};
    std::string status = "succeeded"; ///< succeeded, pending, failed
    std::int64_t amount = 0;
    std::int64_t amount_refunded = 0; ///< pending and succeeded refunds
    std::string currency{};
    bool disputed = false;
    std::string failure_code{};
    json::object metadata{};
    std::string receipt_email{};
    Time created_at{};
};

struct Refund {
    std::string id{};
    std::string charge{};
    std::string payment_intent{};
    std::int64_t amount = 0;
    std::string currency{};
    std::string status = "succeeded"; ///< pending, requires_action, succeeded, failed, canceled
    std::string reason{};
    std::string failure_reason{};
    json::object metadata{};
    Time created_at{};
};

struct Dispute {
    std::string id{};
    std::string charge{};
    std::string payment_intent{};
    std::int64_t amount = 0;
    std::string currency{};
    std::string reason = "product_not_received";
    std::string status = "needs_response";
    Time created_at{};
};

struct Event {
    std::string id{};
    std::string type{};
    json::object body{};
    bool delivered = false;
    Time created_at{};
};

struct State {
    Table<Session> sessions;
    Table<PaymentIntent> intents;
    Table<Charge> charges;
    Table<Refund> refunds;
    Table<Dispute> disputes;
    Table<Event> events;
};

/// The booking named by metadata or client_reference_id, or "".
std::string booking_of(const State& state, const PaymentIntent& intent);

} // namespace appointd::sandbox::stripe
