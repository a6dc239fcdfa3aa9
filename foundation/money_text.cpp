#include "foundation/money_text.hpp"

#include <algorithm>
#include <array>

namespace appointd {

namespace {

/// Digits behind the point, where they are not two (ISO 4217; Stripe counts the same way).
int digits_of(std::string_view upper) {
    constexpr std::array none{"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                              "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    constexpr std::array three{"BHD", "JOD", "KWD", "OMR", "TND"};
    if (std::find(none.begin(), none.end(), upper) != none.end()) return 0;
    if (std::find(three.begin(), three.end(), upper) != three.end()) return 3;
    return 2;
}

std::string upper_of(std::string_view currency) {
    std::string upper(currency);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return upper;
}

} // namespace

std::string decimal_text(std::int64_t minor_units, std::string_view currency) {
    const int digits = digits_of(upper_of(currency));
    std::string text = std::to_string(minor_units);
    const bool negative = text.front() == '-';
    if (negative) text.erase(0, 1);
    if (digits > 0) {
        const auto behind = static_cast<std::size_t>(digits);
        if (text.size() <= behind) text.insert(0, behind + 1 - text.size(), '0');
        text.insert(text.size() - behind, ".");
    }
    return (negative ? "-" : "") + text;
}

std::string money_text(std::int64_t minor_units, std::string_view currency) {
    const std::string upper = upper_of(currency);
    return decimal_text(minor_units, currency) + (upper.empty() ? "" : " " + upper);
}

} // namespace appointd
