#pragma once

#include "foundation/result.hpp"
#include "sandbox/identifiers.hpp"
#include "sandbox/journal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <mutex>
#include <vector>

namespace appointd::sandbox {

enum class FaultKind {
    // Of API calls; the first that fits a call is played.
    rate_limited,      ///< 429 in the provider's own shape, nothing is done
    daily_limit,       ///< Zoom's 100 a day, nothing is done
    error_before,      ///< `status` (5xx), nothing is done
    error_after,       ///< done, but answered with `status`
    html_error,        ///< a gateway's HTML page instead of JSON, nothing is done
    stored_error,      ///< Stripe: 500 that the Idempotency-Key remembers, nothing is done
    stored_error_done, ///< Stripe: done, but a 500 that the key remembers
    lost_answer,       ///< done, but the connection is cut
    cut_before,        ///< the connection is cut, nothing is done
    slow,              ///< waits `delay`, then does it; a Stripe key is in use meanwhile
    slow_answer,       ///< does it, its webhooks go out, and the answer waits `delay`
    unauthorized,      ///< as if the token were wrong
    // Of webhooks; all that fit are played together.
    duplicate,       ///< delivered twice
    reorder,         ///< held back up to `delay` (200 ms), so that later ones overtake it
    delay,           ///< held back `delay`
    drop,            ///< never delivered, never retried
    bad_signature,   ///< that attempt carries a wrong signature
    stale_timestamp, ///< that attempt is signed an hour ago
    twin_event,      ///< Stripe: a second event object for the same change
};

std::string_view name_of(FaultKind kind);
std::optional<FaultKind> fault_named(std::string_view name);
bool is_of_webhooks(FaultKind kind);

struct Fault {
    int id = 0;
    FaultKind kind = FaultKind::error_before;
    std::optional<Provider> provider{}; ///< none: every one
    std::string route{};                ///< the beginning of "POST /v1/refunds" or of a webhook's type; empty: all
    double rate = 1.0;                  ///< probability
    std::optional<int> count{};         ///< how often it is played at most
    std::chrono::milliseconds delay{0};
    int status = 500;
};

/// The misbehaviour that is asked for at the moment; every roll comes from one seeded generator. Safe from any thread.
class Faults {
public:
    explicit Faults(std::uint64_t seed) : chance_(seed) {}

    int add(Fault fault);
    bool remove(int id);
    void clear();

    /// The fault to play for an API call, if any.
    std::optional<Fault> draw_call(Provider provider, std::string_view route);
    /// Those of `kinds` to play for a webhook.
    std::vector<Fault> draw_webhook(Provider provider, std::string_view type, std::initializer_list<FaultKind> kinds);
    /// A share of a duration, 0 to all of it.
    std::chrono::milliseconds some_of(std::chrono::milliseconds whole);

    boost::json::array list() const;

private:
    bool plays(Fault& fault, Provider provider, std::string_view route);

    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
    Identifiers chance_;
    int last_id_ = 0;
};

/// From {"kind", "provider"?, "route"?, "rate"?, "count"?, "delay"? ("300ms"), "status"?}. Error: invalid.
Result<Fault> parse_fault(const boost::json::object& body);

} // namespace appointd::sandbox
