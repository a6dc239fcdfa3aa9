#pragma once

#include "foundation/time.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace appointd::sandbox {

enum class Provider { calendly, stripe, zoom, mail };

std::string_view name_of(Provider provider);
std::optional<Provider> provider_named(std::string_view name);

/// One webhook to deliver: the exact bytes, and where. Signatures are made at each attempt.
struct Webhook {
    Provider provider = Provider::calendly;
    std::string type{};   ///< "invitee.created"
    std::string object{}; ///< the id or URI it is about
    std::string id{};     ///< Stripe's event id; the others have none
    std::string body{};
    std::string url{};
    std::vector<std::string> secrets{}; ///< more than one while a Stripe secret is rolled
    std::string subscription{};         ///< Calendly's, which it disables after 24 hours of failures
};

/// One thing that was done at a provider, by a call or by a person: what the ledger counts doubles from.
struct Effect {
    Time at{};
    Provider provider = Provider::calendly;
    std::string kind{};    ///< "refund.create", "meeting.create", …
    std::string object{};  ///< the provider's id of what came of it
    std::string booking{}; ///< the booking named in it, or empty
    std::string key{};     ///< the idempotency key, or our own marker, or empty
    bool by_api = true;    ///< false: a person at the provider's own site did it
};

/// What the machines leave behind beside their answers. Not synchronised: guarded by whoever owns the machines.
class Journal {
public:
    void note(Effect effect) { effects_.push_back(std::move(effect)); }
    void send(Webhook webhook) { webhooks_.push_back(std::move(webhook)); }

    const std::deque<Effect>& effects() const { return effects_; }
    /// All that was sent since the last call, in order.
    std::vector<Webhook> take_webhooks() { return std::exchange(webhooks_, {}); }

private:
    std::deque<Effect> effects_;
    std::vector<Webhook> webhooks_;
};

} // namespace appointd::sandbox
