#include "sandbox/identifiers.hpp"

namespace appointd::sandbox {

std::string Identifiers::pick(std::string_view alphabet, std::size_t length) {
    std::string text(length, '0');
    // Not uniform_int_distribution: its sequence is the library's own choice, and a seed must mean the same everywhere.
    for (char& character : text) character = alphabet[engine_() % alphabet.size()];
    return text;
}

std::string Identifiers::token(std::size_t length) {
    return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
}

std::string Identifiers::uuid() {
    std::string text = pick("0123456789abcdef", 36);
    for (const std::size_t dash : {8, 13, 18, 23}) text[dash] = '-';
    text[14] = '4';
    text[19] = pick("89ab", 1).front();
    return text;
}

std::string Identifiers::base64_id() {
    return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 22) + "==";
}

std::int64_t Identifiers::number(std::int64_t least, std::int64_t greatest) {
    const auto span = static_cast<std::uint64_t>(greatest - least) + 1;
    return least + static_cast<std::int64_t>(engine_() % span);
}

bool Identifiers::chance(double probability) { return static_cast<double>(engine_() >> 11) * 0x1.0p-53 < probability; }

} // namespace appointd::sandbox
