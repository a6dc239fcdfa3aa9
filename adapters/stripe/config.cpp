#include "adapters/stripe/config.hpp"

namespace appointd::adapters::stripe {

std::optional<bool> livemode_of(std::string_view secret_key) {
    if (secret_key.starts_with("sk_live") || secret_key.starts_with("rk_live")) return true;
    if (secret_key.starts_with("sk_test") || secret_key.starts_with("rk_test")) return false;
    return std::nullopt;
}

} // namespace appointd::adapters::stripe
