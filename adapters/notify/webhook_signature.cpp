#include "adapters/notify/webhook_signature.hpp"

#include "foundation/digest.hpp"

namespace appointd::adapters::notify {
namespace {
constexpr std::string_view prefix = "whsec_";
constexpr std::size_t shortest_key = 24, longest_key = 64; // bytes, says the specification
} // namespace

Result<std::string> parse_webhook_secret(std::string_view text) {
    if (text.starts_with(prefix)) {
        auto key = unbase64(text.substr(prefix.size()));
        if (key && key->size() >= shortest_key && key->size() <= longest_key)
            return Result<std::string>(boost::system::in_place_value, std::move(*key));
    }
    return Error{"bad_secret", "expected whsec_ and 24 to 64 bytes as base64 (openssl rand -base64 32 makes 32)"};
}

std::string webhook_signature(std::string_view id, std::int64_t timestamp_seconds, std::string_view body,
                              const std::vector<std::string>& keys) {
    const std::string signed_text = std::string(id) + "." + std::to_string(timestamp_seconds) + "." + std::string(body);
    std::string header;
    for (const std::string& key : keys) header += (header.empty() ? "v1," : " v1,") + base64(hmac_sha256(key, signed_text));
    return header;
}

} // namespace appointd::adapters::notify
