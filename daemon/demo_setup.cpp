#include "daemon/demo_setup.hpp"

#include "daemon/demo_scripts.hpp"

#include <fmt/format.h>

namespace appointd::demo {

namespace {

std::string quoted(std::chrono::milliseconds time) { return "\"" + to_text(time) + "\""; }

std::string session_types() {
    std::string out;
    for (const Offer& offer : offers()) {
        out += "\n[[session_type]]\n";
        out += fmt::format("id = \"{}\"\nname = \"{}\"\n", offer.id, offer.name);
        out += fmt::format("calendly_event_type = \"https://api.calendly.com/event_types/{}\"\n", offer.event_type);
        out += fmt::format("price = {}\ncurrency = \"{}\"\nduration = \"{}m\"\n", offer.price, offer.currency, offer.minutes);
        out += fmt::format("payment_window = {}\nplace = \"{}\"\n", quoted(offer.payment_window), offer.place);
        out += "refund = [ { notice = \"24h\", percent = 100 }, { notice = \"0s\", percent = 50 } ]\n";
    }
    return out;
}

std::string throttles(const Pace& pace) {
    std::string out;
    for (const std::string_view provider : {"calendly", "stripe", "zoom", "mail", "webhook"})
        out += fmt::format("\n[throttle.{}]\nper_second = {:.1f}\nburst = {:.1f}\nin_flight = 32\n", provider,
                           pace.calls_per_second, pace.calls_per_second);
    return out;
}

} // namespace

Pace unheard_pace() {
    Pace pace;
    pace.reconcile_after = std::chrono::seconds(1);
    return pace;
}

Pace visitors_pace() {
    Pace pace;
    pace.slot_timeout = std::chrono::hours(24);
    return pace;
}

std::string address_of(const std::string& url) { return url.substr(url.find("://") + 3); }

Setup setup_for(const Places& places, const Fields& providers, const std::string& store, const Pace& pace) {
    Setup setup;
    setup.toml = fmt::format("[engine]\nlease = {}\nretry_base = {}\nretry_cap = {}\nmax_attempts = {}\n", quoted(pace.lease),
                             quoted(pace.retry_base), quoted(pace.retry_cap), pace.max_attempts);
    setup.toml += "poll = \"50ms\"\nbreaker_pause = \"500ms\"\n";
    setup.toml += fmt::format("\n[booking]\nslot_timeout = {}\nreschedule_timeout = {}\nreconcile_after = {}\n",
                              quoted(pace.slot_timeout), quoted(pace.reschedule_timeout), quoted(pace.reconcile_after));
    setup.toml += "\n[audit]\ninterval = \"1s\"\nsample = 50\n";
    setup.toml += fmt::format("\n[reconciliation]\nevery = {}\n", quoted(pace.sweep_every));
    if (pace.subscribe) setup.toml += "\n[calendly]\nsubscribe = true\n";
    setup.toml += throttles(pace) + session_types();
    setup.environment = {
        {"DATABASE_URL", store},
        {"APPOINTD_LISTEN", address_of(places.public_url)},
        {"APPOINTD_ADMIN_LISTEN", address_of(places.admin_url)},
        {"APPOINTD_HTTP_PUBLIC_URL", places.public_url},
        {"APPOINTD_LOG_LEVEL", pace.log_level},
    };
    for (const auto& [name, value] : providers) setup.environment[name] = value;
    return setup;
}

} // namespace appointd::demo
