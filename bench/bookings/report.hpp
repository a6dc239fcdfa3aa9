#pragma once

#include "bench/bookings/load.hpp"

#include <string>

namespace appointd::bench {

struct Usage {
    double daemon_cpu = 0, database_cpu = 0; ///< seconds
    long peak_memory = 0;                    ///< bytes, of the daemon
    double events_per_commit = 0;
};

void print_load(const std::string& store, long bookings, LoadResult result, const Usage& usage);
void print_floor(LoadResult result);
/// The bare batches of a store, without the daemon; a booking is five transitions.
void print_batches(const std::string& store, double transitions_per_second);
/// sum / count of a histogram in a Prometheus exposition; 0 where it is absent.
double mean_of_histogram(const std::string& exposition, const std::string& name);

} // namespace appointd::bench
