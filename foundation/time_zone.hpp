#pragma once

#include "foundation/time.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace appointd {

/// What clocks show somewhere.
struct LocalTime {
    std::chrono::local_time<Duration> time;
    std::string abbreviation; ///< "CET"
};

struct Zone;

/// The machine's time zone database (TZif files), each zone read once. One thread.
class TimeZones {
public:
    explicit TimeZones(std::string folder = "/usr/share/zoneinfo") : folder_(std::move(folder)) {}

    /// nullopt: no such zone here, or a time beyond what its file lists.
    std::optional<LocalTime> local(Time time, std::string_view zone);

private:
    std::string folder_;
    std::map<std::string, std::shared_ptr<const Zone>, std::less<>> zones_; ///< null: looked for in vain
};

} // namespace appointd
