#pragma once

#include "daemon/demo_driver.hpp"

#include <functional>
#include <vector>

namespace appointd::demo {

struct LoadOptions {
    std::size_t bookings = 200;
    std::size_t at_once = 32;
    std::uint64_t seed = 1;
    std::string tag;                   ///< letters and digits; tells this run's bookings from others in the same store
    std::chrono::seconds patience{60}; ///< for each wait of each booking
    bool in_real_time = false;         ///< Plan::in_real_time, of all
};

struct LoadState {
    std::size_t ended = 0, stuck = 0, under_way = 0;
};

/// Takes all bookings their way, `at_once` of them at a time. `told` is called after each change, on the same thread.
boost::asio::awaitable<std::vector<Run>> run_load(Web& web, const Places& places, LoadOptions options,
                                                  std::function<void(const LoadState&)> told);

} // namespace appointd::demo
