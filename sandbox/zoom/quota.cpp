#include "sandbox/zoom/quota.hpp"

namespace appointd::sandbox::zoom {
namespace {

Time midnight(Time now) { return std::chrono::floor<std::chrono::days>(now); }

} // namespace

bool Quota::spend_second(Label label, int limit, Time now) {
    if (limit <= 0) return true;
    Second& second = seconds_[label];
    if (now - second.since >= std::chrono::seconds(1) || now < second.since) second = {.since = now};
    return ++second.used <= limit;
}

bool Quota::spend_day(const std::string& host, int limit, Time now) {
    int& used = days_[{host, midnight(now)}];
    if (used >= limit) return false;
    ++used;
    return true;
}

int Quota::used_today(const std::string& host, Time now) const {
    const auto place = days_.find({host, midnight(now)});
    return place == days_.end() ? 0 : place->second;
}

Time Quota::next_midnight(Time now) { return midnight(now) + std::chrono::days(1); }

} // namespace appointd::sandbox::zoom
