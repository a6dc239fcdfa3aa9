#pragma once

#include "daemon/configuration.hpp"
#include "daemon/demo_people.hpp"

#include <chrono>
#include <string>

namespace appointd::demo {

/// How fast time runs in a demonstration: real sessions wait for hours and days, these for seconds.
struct Pace {
    std::chrono::milliseconds lease{5'000};
    std::chrono::milliseconds slot_timeout{10'000};
    std::chrono::milliseconds reschedule_timeout{10'000};
    std::chrono::milliseconds reconcile_after{15'000};
    std::chrono::milliseconds sweep_every{0}; ///< zero: as reconcile_after
    std::chrono::milliseconds retry_base{100};
    std::chrono::milliseconds retry_cap{2'000};
    double calls_per_second = 500; ///< to each provider
    int max_attempts = 20;
    bool subscribe = false; ///< the daemon makes Calendly's webhook subscription itself
    std::string log_level = "warn";
};

/// Where no webhook comes: the providers are asked every second.
Pace unheard_pace();
/// For a person who looks around afterwards: slots may be taken at leisure.
Pace visitors_pace();

/// A daemon's configuration as text: what `--config` reads, and the environment beside it (addresses and the sandbox's secrets).
struct Setup {
    std::string toml;
    daemon::Environment environment;
};

/// A daemon on `store` that listens at the hosts and ports of `places`; `providers` is what the sandbox says of itself
/// (Sandbox::environment).
Setup setup_for(const Places& places, const Fields& providers, const std::string& store, const Pace& pace);

/// "127.0.0.1:8080" of "http://127.0.0.1:8080".
std::string address_of(const std::string& url);

} // namespace appointd::demo
