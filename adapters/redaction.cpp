#include "adapters/redaction.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace appointd::adapters {
namespace {

constexpr std::string_view blank = "***", address = "…";
constexpr std::size_t longest_message = 300;

/// Zoom's, Stripe's and Calendly's names of what opens a door.
constexpr std::array secret_names{"password",
                                  "passcode",
                                  "encrypted_password",
                                  "encrypted_passcode",
                                  "pstn_password",
                                  "h323_password",
                                  "h323_passcode",
                                  "start_url",
                                  "start_link",
                                  "recording_play_passcode",
                                  "play_passcode",
                                  "download_token",
                                  "download_access_token",
                                  "access_token",
                                  "refresh_token",
                                  "client_secret",
                                  "zak",
                                  "host_key",
                                  "signing_key"};

bool is_secret(std::string_view name) { return std::find(secret_names.begin(), secret_names.end(), name) != secret_names.end(); }

/// Answers whether anything was blanked. The depth is bounded by the parser.
bool blank_secrets(json::value& value) {
    bool blanked = false;
    if (auto* object = value.if_object()) {
        for (auto& field : *object) {
            const bool holds = !field.value().is_null() && !(field.value().is_string() && field.value().get_string().empty());
            if (is_secret(field.key()) && holds && !field.value().is_bool()) {
                field.value() = blank;
                blanked = true;
            } else {
                blanked = blank_secrets(field.value()) || blanked;
            }
        }
    } else if (auto* array = value.if_array()) {
        for (auto& element : *array) blanked = blank_secrets(element) || blanked;
    }
    return blanked;
}

bool looks_secret(std::string_view word) {
    for (const std::string_view prefix : {"sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "eyJ"})
        if (word.find(prefix) != word.npos) return true;
    return false;
}

/// Cut where a character begins, so that what is left stays UTF-8.
void cut(std::string& text, std::size_t length) {
    if (text.size() <= length) return;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
    text.resize(length);
}

} // namespace

std::string without_secrets(std::string_view body, const json::object& parsed) {
    json::value copy = parsed;
    if (!blank_secrets(copy)) return std::string(body);
    return json::serialize(copy);
}

std::string for_people(std::string_view message) {
    std::string out;
    std::size_t begin = 0;
    while (begin < message.size() && out.size() < longest_message * 2) {
        const auto end = std::min(message.find_first_of(" \t\r\n", begin), message.size());
        const auto word = message.substr(begin, end - begin);
        if (!word.empty()) {
            if (!out.empty()) out += ' ';
            const bool is_address = word.find('@') != word.npos;
            for (const char c : looks_secret(word) ? blank : is_address ? address : word)
                if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
        }
        begin = end + 1;
    }
    cut(out, longest_message);
    return out;
}

} // namespace appointd::adapters
