#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace appointd::http {

/// A token bucket per remote address; addresses of this machine are never limited. Memory is bounded: an address that has been
/// quiet long enough to be full again is forgotten, and past the bound all strangers share one bucket. One thread.
class RateLimit {
public:
    using Instant = std::chrono::steady_clock::time_point;

    /// `per_minute` tokens a minute, and as many at once; 0 or less: no limit.
    RateLimit(int per_minute, std::size_t max_addresses = 10'000);

    /// Zero: go ahead. Else how long until the next token.
    std::chrono::seconds take(std::string_view address, Instant now);
    std::size_t addresses() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens;
        Instant at;
    };
    void forget_full(Instant now);
    double refilled(const Bucket& bucket, Instant now) const;

    const double per_second_;
    const double burst_;
    const std::size_t max_addresses_;
    std::unordered_map<std::string, Bucket> buckets_;
};

/// 127.0.0.0/8, ::1 and the mapped forms.
bool is_loopback(std::string_view address);

} // namespace appointd::http
