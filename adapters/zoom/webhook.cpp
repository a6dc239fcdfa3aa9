#include "adapters/zoom/webhook.hpp"

#include "adapters/fields.hpp"
#include "adapters/signature.hpp"
#include "adapters/zoom/translation.hpp"
#include "foundation/digest.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace appointd::adapters::zoom {
namespace {

constexpr std::size_t longest_plain_token = 256;

/// The secret whose signature stands in the header; bad_signature, stale_timestamp.
Result<std::string> signing_secret(const net::Request& request, const std::vector<std::string>& secrets, Duration tolerance,
                                   Time now) {
    const auto moment = net::find_header(request.headers, "x-zm-request-timestamp").value_or("");
    const auto signature = net::find_header(request.headers, "x-zm-signature").value_or("");
    if (moment.empty() || signature.empty()) return Error{"bad_signature", "the signature headers are missing"};
    std::string message = "v0:";
    message.append(moment).append(":").append(request.body);
    const std::string* fits = nullptr;
    for (const auto& secret : secrets)
        if (equal_in_constant_time("v0=" + hmac_sha256_hex(secret, message), signature)) fits = &secret;
    if (!fits) return Error{"bad_signature", "the signature does not fit the body"};
    if (auto checked = check_moment(moment, tolerance, now); !checked) return checked.error();
    return Result<std::string>(boost::system::in_place_value, *fits);
}

/// Nothing that could be read as a message we sign: no colon, so never "v0:MOMENT:BODY".
bool is_plain_token(std::string_view token) {
    return !token.empty() && token.size() <= longest_plain_token && std::all_of(token.begin(), token.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '+' ||
               c == '/' || c == '=' || c == '.';
    });
}

Result<Translation> answer_validation(const json::object& body, const std::string& secret) {
    const auto* payload = object_field(body, "payload");
    const auto token = payload ? lenient_text(*payload, "plainToken") : std::nullopt;
    if (!token || !is_plain_token(*token)) return Error{"malformed", "payload.plainToken is missing or is no token"};
    const json::object answer{{"plainToken", *token}, {"encryptedToken", hmac_sha256_hex(secret, *token)}};
    return Translation(json::serialize(answer));
}

} // namespace

Translate webhook_translator(WebhookConfig config) {
    return [secrets = split_secrets(config.secret_token), tolerance = config.tolerance](const net::Request& request,
                                                                                        Time received_at) -> Result<Translation> {
        const auto secret = signing_secret(request, secrets, tolerance, received_at);
        if (!secret) return secret.error();
        auto body = read_body(request.body);
        if (!body) return body.error();
        if (text_field(body->parsed, "event") == "endpoint.url_validation") return answer_validation(body->parsed, *secret);
        return Translation(to_incoming(body->parsed, std::move(body->raw), request.body, received_at));
    };
}

} // namespace appointd::adapters::zoom
