#pragma once

#include "foundation/time.hpp"

#include <map>
#include <string>

namespace appointd::sandbox::zoom {

enum class Label { light, medium };

/// Zoom's limits: calls a second by label, and creates plus updates of one host a day, which resets at 00:00 UTC.
class Quota {
public:
    /// False: too many in this second. `limit` 0: none.
    bool spend_second(Label label, int limit, Time now);
    bool spend_day(const std::string& host, int limit, Time now);
    int used_today(const std::string& host, Time now) const;
    static Time next_midnight(Time now);

private:
    struct Second {
        Time since{};
        int used = 0;
    };
    std::map<Label, Second> seconds_;
    std::map<std::pair<std::string, Time>, int> days_;
};

} // namespace appointd::sandbox::zoom
