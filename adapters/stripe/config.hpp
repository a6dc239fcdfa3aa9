#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace appointd::adapters::stripe {

/// The metadata field in which an installation names itself beside booking_id, by its public URL.
inline constexpr std::string_view installation_field = "appointd";

/// What tells our events from those of other programs on the same account.
struct Ours {
    std::optional<bool> livemode; ///< of our key (livemode_of); nullopt: not checked
    std::string installation;     ///< our public URL; empty: nothing is known to be of this installation
};

struct ApiConfig {
    std::string base = "https://api.stripe.com"; ///< may hold a path prefix; the version (/v1) is ours
    std::string secret_key;
    std::string installation;                  ///< our public URL
    std::string version = "2026-10-28.endive"; ///< bodies are read as this version writes them
};

/// true for sk_live_ and rk_live_, false for sk_test_ and rk_test_; nullopt for any other key: then no event is of the wrong
/// mode.
std::optional<bool> livemode_of(std::string_view secret_key);

} // namespace appointd::adapters::stripe
