#pragma once

#include "adapters/zoom/webhook.hpp"
#include "tests/unit/adapters/webhooks.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::tests {

struct ZoomWebhooks : testing::Test {
    Translate translate = zoom::webhook_translator({.secret_token = "zoomsecret\n"});

    static net::Headers signed_headers(std::string_view secret, std::string_view seconds, std::string_view body) {
        return {{"X-Zm-Request-Timestamp", std::string(seconds)},
                {"X-Zm-Signature", "v0=" + hmac_hex(secret, "v0:" + std::string(seconds) + ":" + std::string(body))}};
    }
    Result<Translation> deliver(const std::string& body) {
        return translate(post(body, signed_headers("zoomsecret", now_seconds, body)), now);
    }

    static json::object object(std::string_view text) { return json::parse(text).as_object(); }
    static std::string envelope(std::string_view type, const json::object& what, std::int64_t moment = 1795168790123) {
        return json::serialize(
            json::object{{"event", type}, {"event_ts", moment}, {"payload", {{"account_id", "ac1"}, {"object", what}}}});
    }
    engine::Incoming event(std::string_view type, const json::object& what, std::int64_t moment = 1795168790123) {
        return incoming(deliver(envelope(type, what, moment)));
    }
};

} // namespace appointd::adapters::tests
