#include "tests/e2e/daemon/stage.hpp"

#include "daemon/demo_audit.hpp"
#include "daemon/demo_books.hpp"
#include "daemon/demo_evidence.hpp"
#include "tests/e2e/daemon/quiet_audit.hpp"
#include "tests/e2e/daemon/store_audit.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace appointd::e2e {

using namespace std::chrono_literals;

namespace {

std::string fresh_tag() {
    static std::atomic<int> count = 0;
    return "tag" + std::to_string(::getpid()) + "x" + std::to_string(++count);
}

bool is_ready(unsigned short port) {
    try {
        testing_support::RawClient client(port);
        return client.ask("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").status == 200;
    } catch (const std::exception&) { // it does not listen yet
        return false;
    }
}

} // namespace

demo::Pace quick_pace() {
    demo::Pace pace;
    pace.lease = 6'000ms; // an attempt has half of it: enough on a machine that is busy with other things
    pace.slot_timeout = 8'000ms;
    pace.reschedule_timeout = 3'000ms;
    pace.reconcile_after = 4'000ms;
    pace.log_level = "info";
    return pace;
}

demo::Pace steady_pace() {
    demo::Pace pace = quick_pace();
    pace.slot_timeout = pace.reschedule_timeout = pace.reconcile_after = 10min;
    return pace;
}

demo::Town unheard_town() {
    demo::Town town;
    town.misfortune = false;
    town.drop_webhooks = true;
    return town;
}

Daemon::Daemon(demo::Places places, demo::Setup setup, std::string directory, std::string name)
    : places_(std::move(places)), setup_(std::move(setup)), directory_(std::move(directory)),
      file_(directory_ + "/" + name + ".toml"), log_(directory_ + "/" + name + ".log") {
    setup_.environment["APPOINTD_CONFIG"] = file_;
    write_configuration();
}

void Daemon::write_configuration() const { std::ofstream(file_) << setup_.toml; }

void Daemon::reconfigure(const std::function<void(demo::Setup&)>& change) {
    change(setup_);
    write_configuration();
}

void Daemon::launch() {
    const Child::Environment environment(setup_.environment.begin(), setup_.environment.end());
    child_ = std::make_unique<Child>(std::vector<std::string>{APPOINTD_EXECUTABLE, "serve"}, environment, log_);
}

void Daemon::await_ready() {
    const auto port = static_cast<unsigned short>(std::stoi(places_.admin_url.substr(places_.admin_url.rfind(':') + 1)));
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (!is_ready(port)) {
        if (!running()) throw std::runtime_error("the daemon ended: " + log_tail());
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the daemon is not ready: " + log_tail());
        std::this_thread::sleep_for(20ms); // between two looks
    }
}

void Daemon::start() {
    launch();
    await_ready();
}

void Daemon::kill() {
    child_->signal(SIGKILL);
    if (child_->wait(10s) != 128 + SIGKILL) throw std::runtime_error("the daemon did not die of SIGKILL: " + log_tail());
}

std::optional<int> Daemon::terminate() {
    child_->signal(SIGTERM);
    return child_->wait(20s);
}

std::string fresh_store(const std::string& kind, const std::filesystem::path& directory) {
    if (kind == "postgresql") return test::PostgresCluster::of_this_program().fresh_database();
    return "sqlite:///" + (directory / "appointd.db").string();
}

Stage::Stage(const std::string& store_kind, demo::Pace pace, demo::Town town)
    : Stage(store_kind, std::move(pace), std::move(town), {}) {}

Stage::Stage(const std::string& store_kind, demo::Pace pace, demo::Town town, demo::Setup more)
    : store_(fresh_store(store_kind, directory_.path())), pace_(std::move(pace)) {
    begin("", town, more);
}

Stage::Stage(std::string store_url, std::string public_url, demo::Pace pace, demo::Town town)
    : store_(std::move(store_url)), pace_(std::move(pace)) {
    begin(std::move(public_url), town, {});
}

void Stage::begin(std::string public_url, const demo::Town& town, const demo::Setup& more) {
    tag_ = fresh_tag();
    opened_ = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    unheard_ = town.drop_webhooks;
    loop_.run([&] { web_ = std::make_unique<demo::Web>(loop_.executor()); });
    places_.public_url = public_url.empty() ? "http://" + public_port_.address() : std::move(public_url);
    places_.admin_url = "http://" + admin_port_.address();
    neighbours_ = std::move(demo::Neighbours::open(places_.public_url, town, Log())).value();
    places_.sandbox_url = sandbox().base();
    demo::Setup setup = demo::setup_for(places_, sandbox().environment(), store_, pace_);
    setup.toml += more.toml;
    for (const auto& [name, value] : more.environment) setup.environment[name] = value;
    daemon_ = std::make_unique<Daemon>(places_, setup, directory_.path().string(), "daemon");
}

Stage::~Stage() {
    audit_store(store_);
    audit_world();
    daemon_.reset();
    neighbours_.reset();
    if (ended_ < expected_) static_cast<void>(web_.release()); // a test gave up on a load that still uses it
    loop_.run([&] { web_.reset(); });
}

/// A booking that is still under way is left out; so is all of it where the daemon is gone, with what it had not decided,
/// or was told by hand what no provider knows.
void Stage::audit_world() {
    if (!daemon_->running() || by_hand_) return;
    try {
        eventually([&] { return sandbox().webhooks().pending() == 0; }, 2s); // a test may end while it holds them back
        const bool unheard = sandbox().webhooks().pending() > 0 || webhooks_lost() > 0;
        QuietAudit audit;
        eventually([&] { return (audit = audit_quiet(store_, sandbox().ledger(), unheard)).problems.empty(); }, 5s);
        for (const std::string& problem : audit.problems) ADD_FAILURE() << problem;
    } catch (const std::exception& unreadable) { // called while a test is taken down: nothing may leave
        ADD_FAILURE() << unreadable.what();
    }
}

std::int64_t Stage::webhooks_lost() {
    std::int64_t lost = 0;
    for (const auto& [provider, counts] : sandbox().webhooks().counts())
        for (const char* state : {"dropped", "failed"}) lost += int_field(counts.as_object(), state).value_or(0);
    return lost;
}

net::ClientResponse Stage::send(net::ClientRequest request) { return loop_.await(web_->send(std::move(request))); }

std::future<std::vector<demo::Run>> Stage::begin_load(std::size_t bookings, std::uint64_t seed, std::size_t at_once) {
    demo::LoadOptions options;
    options.bookings = bookings;
    options.at_once = at_once;
    options.seed = seed;
    options.tag = tag_;
    options.in_real_time = unheard_;
    if (unheard_) options.patience = 180s;
    ended_ = 0;
    expected_ = bookings;
    std::function<void(const demo::LoadState&)> told = [this](const demo::LoadState& state) { ended_ = state.ended; };
    return loop_.begin(demo::run_load(*web_, places_, std::move(options), std::move(told)));
}

std::vector<std::string> Stage::problems_of(const std::vector<demo::Run>& runs) {
    std::vector<std::string> problems;
    if (!eventually([&] { return sandbox().webhooks().pending() == 0; })) problems.push_back("webhooks are still on their way");
    const demo::AllBooks books = loop_.await(demo::read_books(*web_, places_, tag_));
    demo::AllEvidence evidence = demo::evidence_of(sandbox().ledger(), runs);
    demo::add_mails(evidence, sandbox().mailbox());
    const demo::Verdict verdict = demo::reconcile(runs, books, evidence);
    const demo::Replays replays = loop_.await(demo::replay_all(*web_, places_, books));
    const demo::MoneyMoved money = loop_.await(
        demo::read_money_moved(*web_, places_, opened_, std::chrono::floor<Duration>(std::chrono::system_clock::now()) + 1h));
    for (const auto& found : {verdict.problems, replays.problems, demo::compare_report(money, verdict.sums)})
        problems.insert(problems.end(), found.begin(), found.end());
    QuietAudit audit;
    eventually([&] {
        audit = audit_quiet(store_, sandbox().ledger());
        return audit.problems.empty() && audit.restless.empty();
    });
    for (const auto& found : {audit.problems, audit.restless}) problems.insert(problems.end(), found.begin(), found.end());
    if (audit.compared < runs.size()) problems.push_back("only " + std::to_string(audit.compared) + " bookings were compared");
    const std::size_t dead = loop_.await(demo::count_dead_letters(*web_, places_));
    if (dead > 0) problems.push_back(std::to_string(dead) + " dead letter(s)");
    return problems;
}

bool Stage::eventually(const std::function<bool()>& is_so, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(20ms); // between two looks, not instead of one
    }
    return true;
}

} // namespace appointd::e2e
