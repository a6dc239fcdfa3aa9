#pragma once

#include "adapters/stripe/webhook.hpp"
#include "tests/unit/adapters/webhooks.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::tests {

struct StripeWebhooks : testing::Test {
    Translate translate =
        stripe::webhook_translator({.secrets = "whsec_new, whsec_old", .ours = {false, "https://book.example.org"}});

    static json::object parsed(std::string_view text) { return json::parse(text).as_object(); }

    static json::object session(std::string_view payment_status = "paid") {
        auto body = parsed(
            R"({"id":"cs_test_1","object":"checkout.session","status":"complete","payment_intent":"pi_1","amount_subtotal":12000,
            "amount_total":12000,"currency":"USD","client_reference_id":null,"metadata":{},"total_details":{"amount_discount":0,"amount_shipping":0,"amount_tax":0}})");
        body["payment_status"] = payment_status;
        return body;
    }
    static json::object marked(json::object object) {
        object["metadata"] = {{"booking_id", booking_id}, {"appointd", "https://book.example.org"}};
        return object;
    }
    static std::string envelope(std::string_view type, const json::object& object, const json::object& more = {}) {
        json::object data{{"object", object}};
        for (const auto& field : more) data[field.key()] = field.value();
        return json::serialize(json::object{{"id", "evt_1"},
                                            {"object", "event"},
                                            {"api_version", "2026-10-28.endive"},
                                            {"created", 1795168790},
                                            {"livemode", false},
                                            {"type", type},
                                            {"data", data}});
    }
    Result<Translation> deliver(const std::string& body) {
        return translate(post(body, {{"Stripe-Signature", timestamped("whsec_old", now_seconds, body)}}), now);
    }
    engine::Incoming event(std::string_view type, const json::object& object, const json::object& more = {}) {
        return incoming(deliver(envelope(type, object, more)));
    }
};

} // namespace appointd::adapters::tests
