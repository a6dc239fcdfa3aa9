#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace appointd {

/// Digests over OpenSSL; results are lower-case hex.
std::string sha256_hex(std::string_view message);
std::string hmac_sha256_hex(std::string_view key, std::string_view message);
/// The same as 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Takes time that depends on the lengths only.
bool equal_in_constant_time(std::string_view left, std::string_view right);

/// Fills with bytes from the operating system's generator; throws std::runtime_error where it has none.
void fill_random(std::span<std::byte> bytes);

std::string to_hex(std::span<const std::byte> bytes);
std::string base64(std::string_view bytes);
/// Standard alphabet with padding, nothing else in it; anything else: nullopt.
std::optional<std::string> unbase64(std::string_view text);

} // namespace appointd
