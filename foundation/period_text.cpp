#include "foundation/period_text.hpp"

#include <array>

namespace appointd {
namespace {

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string day_text(std::chrono::local_days day) {
    constexpr std::array weekdays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};
    const std::chrono::year_month_day date{day};
    return std::string(weekdays[std::chrono::weekday(day).c_encoding()]) + ", " +
           std::to_string(static_cast<unsigned>(date.day())) + " " + months[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<int>(date.year()));
}

std::string clock_text(std::chrono::local_time<Duration> time) {
    const auto of_day = time - std::chrono::floor<std::chrono::days>(time);
    return two(std::chrono::floor<std::chrono::hours>(of_day).count()) + ":" +
           two(std::chrono::floor<std::chrono::minutes>(of_day).count() % 60);
}

} // namespace

std::string period_text(Time start, std::optional<Time> finish, std::string_view zone_name, TimeZones& zones) {
    auto begin = zones.local(start, zone_name);
    auto end = finish ? zones.local(*finish, zone_name) : std::nullopt;
    std::string where(zone_name);
    if (!begin || (finish && !end)) {
        begin = LocalTime{std::chrono::local_time<Duration>(start.time_since_epoch()), "UTC"};
        if (finish) end = LocalTime{std::chrono::local_time<Duration>(finish->time_since_epoch()), "UTC"};
        where.clear();
    }
    std::string text = day_text(std::chrono::floor<std::chrono::days>(begin->time)) + ", " + clock_text(begin->time);
    if (end) text += " to " + clock_text(end->time);
    // "+03" is what zones without a name of their own are called
    const bool named = !begin->abbreviation.empty() && begin->abbreviation.front() != '+' && begin->abbreviation.front() != '-';
    const bool both = named && !where.empty() && where != begin->abbreviation; // "UTC" is its own abbreviation
    const std::string zone = both ? begin->abbreviation + ", " + where : (where.empty() ? begin->abbreviation : where);
    return text + " (" + zone + ")";
}

} // namespace appointd
