#pragma once

#include "adapters/webhook.hpp"
#include "foundation/json.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdio>
#include <string>
#include <string_view>

/// Webhooks as providers send them. The signatures are computed here with OpenSSL alone, so that two readings of the rules check
/// each other.
namespace appointd::adapters::tests {

inline const Time now = *parse_iso("2026-11-20T10:00:00Z");
inline const std::string now_seconds = "1795168800";
inline const std::string booking_id = "019a9f00-0000-7000-8000-000000000001";
inline const std::string fresh_id = "019a9f00-0000-7000-8000-00000000ffff";

inline std::string hmac_hex(std::string_view key, std::string_view message) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
         message.size(), digest, &length);
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", digest[i]);
        text += two;
    }
    return text;
}

inline std::string timestamped(std::string_view secret, std::string_view seconds, std::string_view body) {
    return "t=" + std::string(seconds) + ",v1=" + hmac_hex(secret, std::string(seconds) + "." + std::string(body));
}

inline net::Request post(std::string body, net::Headers headers) {
    net::Request request;
    request.method = "POST";
    request.body = std::move(body);
    request.headers = std::move(headers);
    return request;
}

inline engine::Incoming incoming(const Result<Translation>& translation) {
    if (!translation) {
        ADD_FAILURE() << translation.error().code << ": " << translation.error().message;
        return {};
    }
    const auto* event = std::get_if<engine::Incoming>(&*translation);
    if (!event) {
        ADD_FAILURE() << "an answer instead of an event: " << std::get<std::string>(*translation);
        return {};
    }
    return *event;
}

inline json::object payload(const engine::Incoming& event) { return json::parse(event.event.payload).as_object(); }

inline std::string error_code(const Result<Translation>& translation) { return translation ? "" : translation.error().code; }

/// Targets as text, in order: keys as they are, bookings by their id.
inline std::vector<std::string> targets(const engine::Incoming& event) {
    std::vector<std::string> texts;
    for (const auto& target : event.address.targets) {
        if (const auto* key = std::get_if<engine::CorrelationKey>(&target))
            texts.push_back(key->get());
        else
            texts.push_back(engine::to_string(std::get<engine::WorkflowId>(target)));
    }
    return texts;
}

inline void expect_ignored(const engine::Incoming& event, std::string_view reason) {
    EXPECT_EQ(event.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_TRUE(event.address.targets.empty());
    EXPECT_EQ(event.address.reason, reason);
    EXPECT_NE(event.event.id, engine::EventId{});
}

} // namespace appointd::adapters::tests
