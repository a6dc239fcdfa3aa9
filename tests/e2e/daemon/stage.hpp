#pragma once

#include "daemon/demo_house.hpp"
#include "daemon/demo_load.hpp"
#include "net/reserved_port.hpp"
#include "tests/e2e/daemon/child.hpp"
#include "tests/support/cluster/postgres_cluster.hpp"
#include "tests/support/loopback.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace appointd::e2e {

/// As fast as a session may run; leases so short that a crash is over soon.
demo::Pace quick_pace();
/// Quick, but no timer of ours comes due while a test looks: a booking moves only by what the test does.
demo::Pace steady_pace();

/// Providers of whose webhooks not one arrives, and that play no other tricks.
demo::Town unheard_town();

/// The real executable, as a child, on ports that it keeps through every restart.
class Daemon {
public:
    Daemon(demo::Places places, demo::Setup setup, std::string directory, std::string name);

    /// Runs it and waits until /readyz says 200. Throws with the end of its log.
    void start();
    /// Runs it without waiting.
    void launch();
    void await_ready();
    /// Changes what the next start reads.
    void reconfigure(const std::function<void(demo::Setup&)>& change);
    /// kill -9.
    void kill();
    /// SIGTERM; its exit code, nullopt after 20 s.
    std::optional<int> terminate();
    bool running() { return child_ && child_->running(); }
    const demo::Places& places() const { return places_; }
    /// From the next start on, with these settings beside what it has.
    void reconfigure(const Fields& more) {
        for (const auto& [name, value] : more) setup_.environment[name] = value;
    }
    std::string log_tail() const { return child_ ? child_->tail() : ""; }

private:
    void write_configuration() const;

    demo::Places places_;
    demo::Setup setup_;
    std::string directory_, file_, log_;
    std::unique_ptr<Child> child_;
};

/// Which database a daemon is given: "sqlite" or "postgresql".
std::string fresh_store(const std::string& kind, const std::filesystem::path& directory);

/// A sandbox of the three providers, a browser's HTTP, and one real daemon on a fresh database. At its end every stored workflow
/// is audited and replayed, and every quiet booking compared with the sandbox's ledger: what differs fails the test.
class Stage {
public:
    explicit Stage(const std::string& store_kind, demo::Pace pace = quick_pace(), demo::Town town = {});
    /// `more`: settings and session types beside the demo's (offers.hpp).
    Stage(const std::string& store_kind, demo::Pace pace, demo::Town town, demo::Setup more);
    /// On a database that is already there, behind the public URL given (empty: the daemon's own).
    Stage(std::string store_url, std::string public_url, demo::Pace pace, demo::Town town);
    ~Stage();

    Daemon& daemon() { return *daemon_; }
    sandbox::Sandbox& sandbox() { return neighbours_->sandbox(); }
    const demo::Places& places() const { return places_; }
    const std::string& store() const { return store_; }
    const demo::Pace& pace() const { return pace_; }
    const std::filesystem::path& directory() const { return directory_.path(); }
    testing_support::Loop& loop() { return loop_; }
    demo::Web& web() { return *web_; }

    net::ClientResponse get(const std::string& url) { return loop_.await(web_->get(url)); }
    net::ClientResponse post(const std::string& url, json::object body, net::Headers headers = {}) {
        return loop_.await(web_->post_json(url, std::move(body), std::move(headers)));
    }
    net::ClientResponse send(net::ClientRequest request);
    std::string metrics() { return get(places_.admin_url + "/metrics").body; }

    /// Begins `bookings` of the demo's bookings; `ended()` counts.
    std::future<std::vector<demo::Run>> begin_load(std::size_t bookings, std::uint64_t seed, std::size_t at_once = 16);
    std::size_t ended() const { return ended_; }
    const std::string& tag() const { return tag_; }

    /// What is wrong with those runs, both ledgers compared; dead letters and bookings that do not come to be quiet among it.
    /// Empty: nothing.
    std::vector<std::string> problems_of(const std::vector<demo::Run>& runs);

    /// A webhook that the sandbox did not send was accepted: from now on its ledger is not all that the daemon was told.
    void told_by_hand() { by_hand_ = true; }

    /// Waits until `is_so` answers true; false after `limit`.
    bool eventually(const std::function<bool()>& is_so, std::chrono::milliseconds limit = std::chrono::seconds(30));

private:
    void begin(std::string public_url, const demo::Town& town, const demo::Setup& more);
    void audit_world();
    std::int64_t webhooks_lost(); ///< dropped, or given up

    test::TemporaryDirectory directory_{"e2e"};
    net::ReservedPort public_port_, admin_port_; // through every start of the daemon
    testing_support::Loop loop_;
    std::unique_ptr<demo::Web> web_;
    std::string store_, tag_;
    Time opened_{};
    demo::Pace pace_;
    demo::Places places_;
    std::unique_ptr<demo::Neighbours> neighbours_;
    std::unique_ptr<Daemon> daemon_;
    std::atomic<std::size_t> ended_ = 0;
    std::size_t expected_ = 0;
    bool by_hand_ = false;
    bool unheard_ = false; ///< no webhook is delivered
};

} // namespace appointd::e2e
