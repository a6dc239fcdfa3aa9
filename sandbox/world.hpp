#pragma once

#include "sandbox/calendly/machine.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/stripe/machine.hpp"
#include "sandbox/zoom/machine.hpp"

#include <map>
#include <string>

namespace appointd::sandbox {

/// The three providers, their journal and their time. Not synchronised: Sandbox::act guards it.
struct World {
    World(Clock its_clock, std::uint64_t seed, calendly::Settings for_calendly, stripe::Settings for_stripe,
          zoom::Settings for_zoom)
        : clock(std::move(its_clock)), calendly(std::move(for_calendly), seed * 4 + 1, journal),
          stripe(std::move(for_stripe), seed * 4 + 2, journal), zoom(std::move(for_zoom), seed * 4 + 3, journal) {}

    Clock clock;
    Journal journal;
    calendly::Machine calendly;
    stripe::Machine stripe;
    zoom::Machine zoom;
    std::map<std::string, std::uint64_t> calls; ///< "stripe POST /v1/refunds 200" -> how often
};

} // namespace appointd::sandbox
