#include "adapters/signature.hpp"

#include "adapters/fields.hpp"
#include "foundation/digest.hpp"

#include <charconv>

namespace appointd::adapters {
namespace {

constexpr std::size_t most_signatures = 16; // of one header; each costs a comparison

Error bad(std::string message) { return {"bad_signature", std::move(message)}; }

struct Header {
    std::string_view moment;
    std::vector<std::string_view> signatures;
};

Header parse(std::string_view text) {
    Header header;
    while (!text.empty()) {
        const auto end = text.find(',');
        const auto item = trim(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (item.starts_with("t=") && header.moment.empty()) header.moment = item.substr(2);
        if (item.starts_with("v1=") && header.signatures.size() < most_signatures) header.signatures.push_back(item.substr(3));
    }
    return header;
}

} // namespace

std::vector<std::string> split_secrets(std::string_view text) {
    std::vector<std::string> secrets;
    while (!text.empty()) {
        const auto end = text.find(',');
        if (const auto secret = trim(text.substr(0, end)); !secret.empty()) secrets.emplace_back(secret);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return secrets;
}

Result<void> check_timestamped(std::string_view header, const std::vector<std::string>& secrets, std::string_view body,
                               Duration tolerance, Time now) {
    const auto [moment, signatures] = parse(header);
    if (moment.empty() || signatures.empty()) return bad("the signature header lacks a moment or a signature");
    std::string message;
    message.reserve(moment.size() + 1 + body.size());
    message.append(moment).append(".").append(body);
    bool fits = false;
    for (const auto& secret : secrets) {
        const auto expected = hmac_sha256_hex(secret, message);
        for (const auto signature : signatures) fits = equal_in_constant_time(expected, signature) || fits;
    }
    if (!fits) return bad("no signature fits the body");
    return check_moment(moment, tolerance, now);
}

Result<void> check_moment(std::string_view seconds, Duration tolerance, Time now) {
    constexpr std::int64_t year_10000 = 253'402'300'800;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), count);
    if (error != std::errc{} || end != seconds.data() + seconds.size() || count < 0 || count >= year_10000)
        return bad("the signed moment is no number of seconds");
    const Time moment{std::chrono::seconds(count)};
    // A delivery that was signed within this very second looks up to a second old: whole seconds are compared.
    const auto distance =
        std::chrono::abs(std::chrono::floor<std::chrono::seconds>(now) - std::chrono::floor<std::chrono::seconds>(moment));
    if (distance > tolerance) return Error{"stale_timestamp", "the signed moment is too far from now"};
    return {};
}

} // namespace appointd::adapters
