#pragma once

#include "sandbox/calendly/state.hpp"
#include "sandbox/stripe/state.hpp"
#include "sandbox/zoom/state.hpp"

#include <functional>
#include <string>
#include <vector>

namespace appointd::sandbox {

/// How a sandbox is made. Secrets and tokens have defaults; Sandbox::environment() tells them to a daemon.
struct Options {
    std::vector<std::string> listen{"127.0.0.1:8090"}; ///< each serves everything; port 0: any
    std::string smtp_listen{"127.0.0.1:0"};            ///< the relay whose mailbox one can look into; port 0: any
    std::string public_base{};  ///< how browsers reach it; empty: http://127.0.0.1:PORT of the first listener
    std::string webhook_base{}; ///< the daemon's public listener: webhooks go to BASE/webhooks/{calendly,stripe,zoom}
                                ///< wherever a provider's own webhook_url is empty; both empty: none are sent
    calendly::Settings calendly{};
    stripe::Settings stripe{};
    zoom::Settings zoom{};
    std::vector<calendly::EventType> event_types{}; ///< there from the start
    std::uint64_t seed = 0;                         ///< 0: drawn anew, so that a second run repeats no id a daemon remembers
    std::function<Time()> time_source{};            ///< empty: the system clock
    double retry_scale = 0.001;                     ///< of the providers' retry schedules
    bool validate_zoom_endpoint = false;            ///< sends Zoom's challenge at start and every 72 hours of its clock
};

} // namespace appointd::sandbox
