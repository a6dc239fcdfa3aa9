#include "engine/core/retry.hpp"

#include <algorithm>

namespace appointd::engine {

Duration backoff(const RetryPolicy& policy, int attempt, std::uint64_t random) {
    const int doublings = std::clamp(attempt - 1, 0, 40);
    const auto base = std::max<std::int64_t>(policy.base.count(), 1);
    const auto cap = std::max<std::int64_t>(policy.cap.count(), base);
    const std::int64_t ceiling = base > (cap >> doublings) ? cap : base << doublings;
    const std::int64_t floor = base / 2;
    if (ceiling <= floor) return Duration(ceiling);
    const auto span = static_cast<std::uint64_t>(ceiling - floor) + 1;
    return Duration(floor + static_cast<std::int64_t>(random % span));
}

} // namespace appointd::engine
