#pragma once

#include "adapters/stripe/config.hpp"
#include "adapters/webhook.hpp"

#include <string_view>

namespace appointd::adapters::stripe {

/// A Stripe event object as it came: signed to our webhook, or listed because we asked. Both make the same event with the same
/// id, so that whichever comes second is a duplicate.
struct Told {
    Body body;
    std::string_view bytes;  ///< what `body` was parsed from
    std::string_view source; ///< "stripe" or "reconcile"
    Time received_at;
};

engine::Incoming to_incoming(Told told, const Ours& ours);

} // namespace appointd::adapters::stripe
