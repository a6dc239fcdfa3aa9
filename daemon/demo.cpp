#include "daemon/demo.hpp"

#include "daemon/demo_audit.hpp"
#include "daemon/demo_books.hpp"
#include "daemon/demo_evidence.hpp"
#include "daemon/demo_house.hpp"
#include "daemon/demo_keep.hpp"
#include "daemon/demo_load.hpp"
#include "daemon/demo_report.hpp"
#include "net/reserved_port.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace appointd::demo {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int interrupted = 130;
constexpr auto settle_limit = 30s;
// Where no webhook comes, most of a booking's time is waiting.
constexpr auto unheard_patience = 180s; // for each wait of each booking
constexpr std::size_t unheard_at_once = 100;

/// A directory of its own for the SQLite file; gone at the end.
class Scratch {
public:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "appointd-demo-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), "no temporary directory");
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string database() const { return "sqlite:///" + path_ + "/appointd.db"; }

private:
    std::string path_;
};

std::string fresh_tag() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return fmt::format("run{:x}", std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// Nothing is on its way any more: no webhook waits, and no booking has an open call.
asio::awaitable<void> settle(Web& web, sandbox::Sandbox& sandbox) {
    const auto until = std::chrono::steady_clock::now() + settle_limit;
    while (sandbox.webhooks().pending() > 0 && std::chrono::steady_clock::now() < until) co_await web.pause(50ms);
}

Time now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

void blame(Verdict& verdict, const std::vector<std::string>& problems) {
    verdict.problems.insert(verdict.problems.end(), problems.begin(), problems.end());
}

struct Stage {
    const daemon::DemoCommand& command;
    const Places& places;
    Neighbours& neighbours;
    Web& web;
    std::string tag;
};

asio::awaitable<Report> play(Stage& stage) {
    const auto began = std::chrono::steady_clock::now();
    const Time opened = now();
    LoadOptions options;
    options.bookings = static_cast<std::size_t>(stage.command.bookings);
    options.seed = stage.command.seed;
    options.tag = stage.tag;
    options.in_real_time = stage.command.drop_webhooks;
    if (stage.command.drop_webhooks) {
        options.patience = unheard_patience;
        options.at_once = unheard_at_once;
    }
    Progress progress(options.bookings, stage.command.json);
    std::function<void(const LoadState&)> told = [&](const LoadState& state) {
        progress.show(state.ended, state.stuck, state.under_way);
    };
    Report report;
    report.runs = co_await run_load(stage.web, stage.places, options, told);
    progress.finish();
    co_await settle(stage.web, stage.neighbours.sandbox());
    report.books = co_await read_books(stage.web, stage.places, stage.tag);
    AllEvidence evidence = evidence_of(stage.neighbours.sandbox().ledger(), report.runs);
    add_mails(evidence, stage.neighbours.sandbox().mailbox());
    report.verdict = reconcile(report.runs, report.books, evidence);
    report.replays = co_await replay_all(stage.web, stage.places, report.books);
    report.money = co_await read_money_moved(stage.web, stage.places, opened, now() + 1h);
    blame(report.verdict, report.replays.problems);
    blame(report.verdict, compare_report(report.money, report.verdict.sums));
    report.dead_letters = co_await count_dead_letters(stage.web, stage.places);
    report.webhooks = co_await count_webhooks(stage.web, stage.places);
    report.seed = stage.command.seed;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    co_return report;
}

/// Runs `work` on this thread until it ends or a signal comes; nullopt: a signal.
template <class T> std::optional<T> until_signal(asio::io_context& context, asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr broken;
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) context.stop();
    });
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr error, T value) {
        broken = error;
        if (!error) result.emplace(std::move(value));
        signals.cancel();
        context.stop();
    });
    context.restart();
    context.run();
    if (broken) std::rethrow_exception(broken);
    return result;
}

int show(const daemon::DemoCommand& command, const Report& report, const std::string& store_name) {
    if (command.json) {
        json::object summary = json_of(report);
        summary["store"] = store_name;
        std::cout << json::serialize(summary) << std::endl;
    } else {
        std::cout << text_of(report) << std::flush;
    }
    return report.passed() ? EXIT_SUCCESS : EXIT_FAILURE;
}

std::unique_ptr<House> open_house(const Places& places, Neighbours& neighbours, const std::string& store, const Pace& pace,
                                  const Log& log) {
    auto house = House::open(places, neighbours.sandbox().environment(), store, pace, log);
    if (!house) throw std::runtime_error(house.error().code + ": " + house.error().message);
    return std::move(*house);
}

int run_on(const daemon::DemoCommand& command, const std::string& store, const std::string& store_name) {
    const Log log = Log::to_stderr(Level::error);
    const net::ReservedPort public_port, admin_port; // through every house built here
    Places places;
    places.public_url = "http://" + public_port.address();
    places.admin_url = "http://" + admin_port.address();
    Town town;
    town.seed = command.seed;
    town.misfortune = !command.drop_webhooks;
    town.drop_webhooks = command.drop_webhooks;
    const Pace pace = command.drop_webhooks ? unheard_pace() : Pace{};
    auto neighbours = Neighbours::open(places.public_url, town, log);
    if (!neighbours) throw std::runtime_error(neighbours.error().code + ": " + neighbours.error().message);
    places.sandbox_url = (*neighbours)->sandbox().base();
    auto house = open_house(places, **neighbours, store, pace, log);
    if (!command.json)
        std::cerr << fmt::format("{} bookings on {} (seed {}), daemon at {}, sandbox at {}\n", command.bookings, store_name,
                                 command.seed, places.public_url, places.sandbox_url);
    asio::io_context context(1);
    Web web(context.get_executor());
    Stage stage{command, places, **neighbours, web, fresh_tag()};
    const auto report = until_signal<Report>(context, play(stage));
    if (!report) return interrupted;
    const int code = show(command, *report, store_name);
    if (!command.keep) return code;
    house.reset(); // the ports and the store are its successor's
    house = open_house(places, **neighbours, store, visitors_pace(), log);
    const auto words = until_signal<std::string>(context, invitation(web, places, report->runs));
    if (!words) return interrupted;
    (command.json ? std::cerr : std::cout) << *words << std::flush;
    wait_for_signal(context);
    return code;
}

} // namespace

int run_demo(const daemon::DemoCommand& command) {
    std::signal(SIGPIPE, SIG_IGN);
    if (command.stores.empty()) {
        const Scratch scratch;
        return run_on(command, scratch.database(), "SQLite");
    }
    int worst = EXIT_SUCCESS;
    for (const std::string& store : command.stores) {
        const std::string name = store.starts_with("sqlite:") ? "SQLite" : "PostgreSQL"; // the URL may carry a password
        const int code = run_on(command, store, name);
        if (code == interrupted) return code;
        worst = std::max(worst, code);
    }
    return worst;
}

} // namespace appointd::demo
