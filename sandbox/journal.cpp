#include "sandbox/journal.hpp"

namespace appointd::sandbox {

std::string_view name_of(Provider provider) {
    switch (provider) {
    case Provider::calendly: return "calendly";
    case Provider::stripe: return "stripe";
    case Provider::zoom: return "zoom";
    case Provider::mail: return "mail";
    }
    return "";
}

std::optional<Provider> provider_named(std::string_view name) {
    for (const Provider provider : {Provider::calendly, Provider::stripe, Provider::zoom, Provider::mail})
        if (name == name_of(provider)) return provider;
    return std::nullopt;
}

} // namespace appointd::sandbox
