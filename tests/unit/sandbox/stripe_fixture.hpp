#pragma once

#include "tests/unit/sandbox/asking.hpp"

#include "sandbox/stripe/machine.hpp"

#include <gmock/gmock.h>

namespace appointd::sandbox::testing {

/// A Stripe with one endpoint, and the calls that most tests make.
struct StripeTest : ::testing::Test {
    static stripe::Settings settings() {
        stripe::Settings made;
        made.webhook_url = "http://127.0.0.1:1/webhooks/stripe";
        made.pages_base = "http://127.0.0.1:9400/pay";
        return made;
    }
    net::Response post(std::string_view path, std::string body, std::string_view key = "",
                       stripe::Execution execution = stripe::Execution::normal) {
        net::Headers headers{{"Authorization", "Bearer sk_test_sandbox"}, {"Content-Type", "application/x-www-form-urlencoded"}};
        if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
        return machine.api(request("POST", path, std::move(headers), std::move(body)), now, execution);
    }
    net::Response get(std::string_view target) {
        return machine.api(request("GET", target, {{"Authorization", "Bearer sk_test_sandbox"}}), now);
    }
    static std::string session_form(std::string_view more = "") {
        return "mode=payment&client_reference_id=bk_42&customer_email=ann%40example.org"
               "&success_url=https%3A%2F%2Fshop.test%2Fok%3Fs%3D{CHECKOUT_SESSION_ID}&cancel_url=https%3A%2F%2Fshop.test%2Fback"
               "&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=5000"
               "&line_items[0][price_data][product_data][name]=Consultation&metadata[booking_id]=bk_42"
               "&payment_intent_data[metadata][booking_id]=bk_42" +
               std::string(more);
    }
    std::string open() { return text(body_of(post("/v1/checkout/sessions", session_form())), "id"); }
    std::string paid() {
        const std::string payment = *machine.pay(open(), {}, now);
        journal.take_webhooks();
        return payment;
    }
    static std::string code(const net::Response& response) { return text(body_of(response), "error/code"); }
    static std::string message(const net::Response& response) { return text(body_of(response), "error/message"); }

    Time now = at("2026-12-01T08:00:00Z");
    Journal journal;
    stripe::Machine machine{settings(), 1, journal};
};

} // namespace appointd::sandbox::testing
