// Transitions a second through the store port, without the daemon: SQLite and PostgreSQL, one session.
//   store_batch [--seconds S] [--batch N] [--store sqlite|postgresql]

#include "bench/store/transitions.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace {

using namespace appointd;

struct Settings {
    double seconds = 3;
    int batch = 100;
    std::string store; // empty: both
};

void report(const char* store, const std::string& url, const Settings& settings) {
    const double rate = bench::transitions_per_second(url, settings.batch, std::chrono::duration<double>(settings.seconds));
    std::cout << store << ' ' << static_cast<int>(rate) << " transitions/s, " << settings.batch << " a commit" << std::endl;
}

} // namespace

int main(int count, char** arguments) {
    Settings settings;
    for (int at = 1; at + 1 < count; at += 2) {
        if (std::string_view(arguments[at]) == "--seconds") settings.seconds = std::atof(arguments[at + 1]);
        if (std::string_view(arguments[at]) == "--store") settings.store = arguments[at + 1];
        if (std::string_view(arguments[at]) == "--batch") settings.batch = std::max(1, std::atoi(arguments[at + 1]));
    }
    try {
        if (settings.store != "postgresql") {
            const test::TemporaryDirectory directory("bench");
            report("sqlite", "sqlite:///" + (directory.path() / "bench.db").string(), settings);
        }
        if (settings.store != "sqlite") report("postgresql", test::PostgresCluster::of_this_program().fresh_database(), settings);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
