#include "bench/bookings/report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace appointd::bench {

namespace {

double percentile(std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

double value_of(const std::string& exposition, const std::string& series) {
    const auto at = exposition.find("\n" + series + " ");
    return at == std::string::npos ? 0 : std::strtod(exposition.c_str() + at + series.size() + 2, nullptr);
}

} // namespace

double mean_of_histogram(const std::string& exposition, const std::string& name) {
    const double count = value_of(exposition, name + "_count");
    return count > 0 ? value_of(exposition, name + "_sum") / count : 0;
}

void print_load(const std::string& store, long bookings, LoadResult result, const Usage& usage) {
    std::sort(result.latencies_ms.begin(), result.latencies_ms.end());
    const double thousands = static_cast<double>(bookings) / 1000;
    std::printf("%-12s %8.0f bookings/s  %8.0f acks/s  p50 %6.2f ms  p99 %6.2f ms  %6.1f events/commit\n", store.c_str(),
                static_cast<double>(bookings) / result.seconds, static_cast<double>(result.acknowledged) / result.seconds,
                percentile(result.latencies_ms, 0.5), percentile(result.latencies_ms, 0.99), usage.events_per_commit);
    std::printf(
        "%-12s %8.3f CPU s per 1000 bookings (daemon %.3f, database %.3f)  peak memory %.0f MiB  refused %ld  early %ld\n", "",
        (usage.daemon_cpu + usage.database_cpu) / thousands, usage.daemon_cpu / thousands, usage.database_cpu / thousands,
        static_cast<double>(usage.peak_memory) / (1024 * 1024), result.refused, result.early);
}

void print_floor(LoadResult result) {
    std::sort(result.latencies_ms.begin(), result.latencies_ms.end());
    std::printf("%-12s %8.0f requests/s (%.0f bookings/s at three each)  p50 %.2f ms  p99 %.2f ms\n", "constant 200",
                static_cast<double>(result.acknowledged) / result.seconds,
                static_cast<double>(result.acknowledged) / result.seconds / 3, percentile(result.latencies_ms, 0.5),
                percentile(result.latencies_ms, 0.99));
}

void print_batches(const std::string& store, double transitions_per_second) {
    std::printf("bare batches %8.0f transitions/s on %s (%.0f bookings/s at five each)\n", transitions_per_second, store.c_str(),
                transitions_per_second / 5);
}

} // namespace appointd::bench
