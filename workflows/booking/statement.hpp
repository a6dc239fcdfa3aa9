#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::booking {

/// Where a booking's captured money stands, in one currency and minor units:
/// captured + overpaid = refunded + refunding + kept (of three causes) + lost + waiting (invariant M1, summed).
struct Statement {
    std::string session_type, currency;
    std::int64_t captured = 0, overpaid = 0;
    std::int64_t refunded = 0, refunding = 0;
    std::int64_t kept_session = 0, kept_policy = 0, kept_operator = 0;
    std::int64_t lost = 0, waiting = 0;
    bool adds_up() const {
        return captured + overpaid == refunded + refunding + kept_session + kept_policy + kept_operator + lost + waiting;
    }
};

/// One for each currency that anything was captured in, in alphabetical order. Throws std::invalid_argument on data that no
/// version of ours wrote.
std::vector<Statement> statements_of(std::string_view data);

} // namespace appointd::booking
