#include "foundation/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace appointd {
namespace {
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
} // namespace

std::string to_hex(std::span<const std::byte> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = std::to_integer<unsigned>(bytes[i]);
        text[2 * i] = digits[byte >> 4];
        text[2 * i + 1] = digits[byte & 15];
    }
    return text;
}

std::string sha256_hex(std::string_view message) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(bytes_of(message), message.size(), digest.data());
    return to_hex(std::as_bytes(std::span(digest)));
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    if (key.empty()) key = std::string_view("", 0); // OpenSSL takes a null key for "the key of before"
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    unsigned length = SHA256_DIGEST_LENGTH;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(),
              reinterpret_cast<unsigned char*>(digest.data()), &length))
        throw std::runtime_error("HMAC-SHA256 failed in OpenSSL");
    return digest;
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
    const std::string digest = hmac_sha256(key, message);
    return to_hex(std::as_bytes(std::span(digest)));
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

void fill_random(std::span<std::byte> bytes) {
    if (bytes.empty()) return;
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("the operating system gives no random bytes");
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0'); // EVP_EncodeBlock ends its output with a zero byte
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::optional<std::string> unbase64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    bytes.resize(bytes.size() - padding);
    if (base64(bytes) != text) return std::nullopt; // OpenSSL lets spaces and stray bits pass
    return bytes;
}

} // namespace appointd
