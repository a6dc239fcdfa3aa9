#pragma once

#include "sandbox/journal.hpp"

#include "net/http_message.hpp"

namespace appointd::sandbox {

/// The headers of one delivery attempt over the exact bytes, signed at `moment` with the webhook's secrets.
net::Headers signed_headers(const Webhook& webhook, Time moment);

/// How long a provider waits after that many failures (1 the first), in its own time; nullopt: it gives up.
/// `status` 0: no answer. Calendly goes on for 24 hours, Stripe for 3 days, Zoom tries three times more, on 5xx and silence only.
std::optional<Duration> retry_wait(Provider provider, int failures, int status);

/// How long a provider waits for the answer.
std::chrono::milliseconds answer_limit(Provider provider);

} // namespace appointd::sandbox
