// Drives a running appointd through whole bookings and prints what it cost, beside the floor of the same server answering a
// constant. bench/README.md says how to read the figures.

#include "bench/bookings/child_process.hpp"
#include "bench/bookings/load.hpp"
#include "bench/bookings/provider_stub.hpp"
#include "bench/bookings/report.hpp"
#include "bench/store/transitions.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/reserved_port.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <unistd.h>

namespace asio = boost::asio;
using namespace appointd;
using namespace appointd::bench;

namespace {

constexpr int batch_of_floor = 100; // transitions of one commit, where nothing but the commit is measured

using Arguments = std::map<std::string, std::string>;

asio::awaitable<net::ClientResponse> get(net::HttpClient& client, std::string url) {
    net::ClientRequest request;
    request.url = std::move(url);
    co_return co_await client.send(std::move(request));
}

asio::awaitable<void> wait_until_answers(net::HttpClient& client, std::string url) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (int tries = 0; tries < 1500; ++tries) {
        const auto answer = co_await get(client, url);
        if (answer.status == 200) co_return;
        timer.expires_after(std::chrono::milliseconds(20));
        co_await timer.async_wait(asio::use_awaitable);
    }
    throw std::runtime_error("no answer from " + url);
}

void write_configuration(const std::filesystem::path& path) {
    std::ofstream file(path);
    file << "[[session_type]]\nid = \"bench\"\nname = \"Bench\"\ncalendly_event_type = "
            "\"https://api.calendly.com/event_types/BENCH\"\n"
            "price = 12000\ncurrency = \"usd\"\nduration = \"60m\"\npayment_window = \"30m\"\nplace = \"zoom\"\n"
            "[throttle.stripe]\nper_second = 10000\nburst = 10000\nin_flight = 256\n"
            "[throttle.zoom]\nper_second = 10000\nburst = 10000\nin_flight = 256\n";
}

std::map<std::string, std::string> environment_of(const std::string& database, const net::ReservedPort& port,
                                                  const net::ReservedPort& admin, unsigned short stub) {
    const Secrets secrets;
    const std::string base = "http://127.0.0.1:" + std::to_string(stub);
    return {{"DATABASE_URL", database},
            {"APPOINTD_LISTEN", port.address()},
            {"APPOINTD_ADMIN_LISTEN", admin.address()},
            {"CALENDLY_PERSONAL_ACCESS_TOKEN", "pat"},
            {"CALENDLY_WEBHOOK_SIGNING_KEY", secrets.calendly},
            {"CALENDLY_API_BASE", base},
            {"STRIPE_SECRET_KEY", "sk_test_bench"},
            {"STRIPE_WEBHOOK_SECRET", secrets.stripe},
            {"STRIPE_API_BASE", base},
            {"ZOOM_ACCOUNT_ID", "ac1"},
            {"ZOOM_CLIENT_ID", "client"},
            {"ZOOM_CLIENT_SECRET", "secret"},
            {"ZOOM_USER_ID", "host"},
            {"ZOOM_WEBHOOK_SECRET_TOKEN", secrets.zoom},
            {"ZOOM_API_BASE", base},
            {"ZOOM_AUTH_BASE", base}};
}

/// A store to measure on: where an empty database of it can be had, and whose CPU time is the database's.
struct StoreUnderTest {
    std::string name;
    std::function<std::string()> fresh_database;
    int server = 0; ///< the database's first process; 0: none, it lives in the daemon
};

StoreUnderTest sqlite_in(const std::filesystem::path& directory) {
    return {"sqlite", [directory, n = 0]() mutable {
                return "sqlite:///" + (directory / ("bench" + std::to_string(++n) + ".db")).string();
            }};
}

StoreUnderTest postgresql() {
    auto& cluster = test::PostgresCluster::of_this_program();
    const std::string url = cluster.fresh_database();
    std::ifstream file(test::PostgresCluster::execute(url, "show data_directory") + "/postmaster.pid");
    int postmaster = 0;
    file >> postmaster;
    return {"postgresql", [&cluster] { return cluster.fresh_database(); }, postmaster};
}

double database_seconds(const StoreUnderTest& store) { return store.server > 0 ? cpu_seconds_of_family(store.server) : 0; }

asio::awaitable<void> drive(asio::io_context& context, const Arguments& arguments, const StoreUnderTest& store,
                            const std::filesystem::path& directory) {
    const long bookings = std::stol(arguments.at("bookings"));
    const net::ReservedPort port, admin;
    Load load(context, port.number(), {}, bookings, std::stoi(arguments.at("connections")));
    ProviderStub stub(context, {.checkout = [&](const std::string& booking) { load.checkout_made(booking); },
                                .meeting = [&](const std::string& booking,
                                               const std::string& meeting) { load.meeting_made(booking, meeting); }});
    write_configuration(directory / "bench.toml");
    ChildProcess daemon({arguments.at("appointd"), "serve", "--config", (directory / "bench.toml").string()},
                        environment_of(store.fresh_database(), port, admin, stub.port()), (directory / "appointd.log").string());
    auto client = net::HttpClient::make(context.get_executor(), {});
    const std::string admin_url = "http://" + admin.address();
    co_await wait_until_answers(*client, admin_url + "/readyz");

    const double daemon_before = cpu_seconds(daemon.pid());
    const double database_before = database_seconds(store);
    LoadResult result = co_await load.run(std::chrono::seconds(std::stol(arguments.at("limit"))));
    Usage usage;
    usage.daemon_cpu = cpu_seconds(daemon.pid()) - daemon_before;
    usage.database_cpu = database_seconds(store) - database_before;
    usage.peak_memory = peak_memory(daemon.pid());
    const auto metrics = co_await get(*client, admin_url + "/metrics");
    usage.events_per_commit = mean_of_histogram(metrics.body, "appointd_commit_batch_size");
    const bool whole = result.refused == 0;
    print_load(store.name, bookings, std::move(result), usage);
    if (daemon.terminate() != 0) throw std::runtime_error("the daemon did not exit 0 on SIGTERM");
    if (!whole) throw std::runtime_error("not every booking got through");
}

int serve_constant(const std::string& address) {
    asio::io_context context(1);
    const net::Handler handler = [](net::Request) -> asio::awaitable<net::Response> {
        net::Response response;
        response.headers.emplace_back("Content-Type", "application/json");
        response.body = R"({"data":{"disposition":"applied","workflow_id":"00000000-0000-7000-8000-000000000000"},"error":null})";
        co_return response;
    };
    auto server = net::HttpServer::listen(context.get_executor(), address, {}, handler, Log());
    if (!server) return 1;
    (*server)->start();
    context.run();
    return 0;
}

asio::awaitable<void> floor(asio::io_context& context, const Arguments& arguments, const std::string& self) {
    const net::ReservedPort port;
    ChildProcess server({self, "--constant-server", port.address()}, {}, "/dev/null");
    auto client = net::HttpClient::make(context.get_executor(), {});
    co_await wait_until_answers(*client, "http://" + port.address() + "/");
    print_floor(co_await constant_load(context, port.number(), 3 * std::stol(arguments.at("bookings")),
                                       std::stoi(arguments.at("connections"))));
}

/// Runs one coroutine to its end; throws what it threw.
void run(const std::function<asio::awaitable<void>(asio::io_context&)>& work) {
    asio::io_context context(1);
    std::exception_ptr failure;
    asio::co_spawn(context, work(context), [&](std::exception_ptr error) {
        failure = error;
        context.stop();
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
}

int usage() {
    std::fprintf(stderr, "bench_bookings --appointd PATH [--bookings 20000] [--connections 64] [--store sqlite|postgresql|both]\n"
                         "               [--limit SECONDS]\n");
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    Arguments arguments{{"bookings", "20000"}, {"connections", "64"}, {"store", "both"}, {"limit", "300"}, {"appointd", ""}};
    for (int at = 1; at < argc; at += 2) {
        const std::string name = argv[at];
        if (!name.starts_with("--") || at + 1 >= argc) return usage();
        if (name == "--constant-server") return serve_constant(argv[at + 1]);
        if (!arguments.contains(name.substr(2))) return usage();
        arguments[name.substr(2)] = argv[at + 1];
    }
    if (arguments.at("appointd").empty()) return usage();
    const test::TemporaryDirectory directory("bench");
    try {
        const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        run([&](asio::io_context& context) { return floor(context, arguments, self); });
        for (const std::string name : {"sqlite", "postgresql"}) {
            if (arguments.at("store") != name && arguments.at("store") != "both") continue;
            const StoreUnderTest store = name == "sqlite" ? sqlite_in(directory.path()) : postgresql();
            print_batches(name, transitions_per_second(store.fresh_database(), batch_of_floor, std::chrono::seconds(2)));
            run([&](asio::io_context& context) { return drive(context, arguments, store, directory.path()); });
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench failed: %s\n", error.what());
        return 1;
    }
    return 0;
}
