#include "tests/e2e/notify/exim.hpp"

#include "tests/support/loopback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <pwd.h>
#include <unistd.h>

namespace appointd::e2e {

using namespace std::chrono_literals;

namespace {

constexpr const char* program = "/usr/sbin/exim4";
constexpr auto start_limit = 20s;

/// Exim gives its privileges up as soon as it is told a configuration of its own; root lends it the user nobody.
struct Runner {
    std::string user = "nobody", group = "nogroup";
    bool lent = ::geteuid() == 0;
    uid_t uid = 0;
    gid_t gid = 0;
    Runner() {
        const passwd* entry = lent ? ::getpwnam("nobody") : ::getpwuid(::geteuid());
        if (!entry) throw std::runtime_error("no user to run Exim as");
        uid = entry->pw_uid;
        gid = entry->pw_gid;
        if (lent) return;
        user = std::to_string(uid);
        group = std::to_string(gid);
    }
};

std::string authenticator(const std::string& mechanism) {
    const auto plaintext = [&](std::string_view prompts, std::string_view name, std::string_view secret) {
        return fmt::format("one:\n  driver = plaintext\n  public_name = {}\n  server_prompts = {}\n"
                           "  server_advertise_condition = ${{if def:tls_in_cipher}}\n"
                           "  server_condition = ${{if and{{{{eq{{{}}}{{{}}}}}{{eq{{{}}}{{{}}}}}}}}}\n",
                           mechanism, prompts, name, Exim::user, secret, Exim::password);
    };
    if (mechanism == "PLAIN") return plaintext(":", "$auth2", "$auth3");
    if (mechanism == "LOGIN") return plaintext("Username:: : Password::", "$auth1", "$auth2");
    return fmt::format("one:\n  driver = cram_md5\n  public_name = CRAM-MD5\n  server_secret = {}\n", Exim::password);
}

std::string configuration(const std::filesystem::path& folder, unsigned short port, unsigned short tls_port, const Runner& runner,
                          const Exim::Options& options) {
    const auto& identity = options.identity;
    std::string text = fmt::format(
        "exim_user = {1}\nexim_group = {2}\n"
        "spool_directory = {0}/spool\nlog_file_path = {0}/log-%s\npid_file_path = {0}/pid\n"
        "daemon_smtp_ports = {3}\nlocal_interfaces = <; 127.0.0.1\nprimary_hostname = relay.example.org\n"
        "tls_advertise_hosts = {4}\nhost_lookup =\nrfc1413_hosts =\nnever_users =\nkeep_environment =\n"
        "acl_smtp_rcpt = check_sender\n",
        folder.string(), runner.user, runner.group, identity ? fmt::format("{} : {}", port, tls_port) : std::to_string(port),
        identity && options.starttls ? "*" : "");
    if (identity)
        text += fmt::format("tls_on_connect_ports = {}\ntls_certificate = {}\ntls_privatekey = {}\n", tls_port,
                            (folder / "certificate.pem").string(), (folder / "key.pem").string());
    text += std::string("begin acl\ncheck_sender:\n") + (options.login ? "  accept authenticated = *\n" : "  accept\n");
    text += fmt::format("begin routers\neverything:\n  driver = accept\n  transport = files\n"
                        "begin transports\nfiles:\n  driver = appendfile\n  maildir_format\n  directory = {0}/mail\n"
                        "  create_directory\n  user = {1}\n  group = {2}\n",
                        folder.string(), runner.user, runner.group);
    if (options.login) text += "begin authenticators\n" + authenticator(options.mechanism);
    return text;
}

bool listens(unsigned short port) {
    try {
        testing_support::RawClient client(port);
        return true;
    } catch (const std::exception&) { // not yet
        return false;
    }
}

} // namespace

Exim::Exim(const Options& options) {
    const Runner runner;
    const auto& folder = directory_.path();
    for (const auto* inside : {"spool", "mail"}) std::filesystem::create_directories(folder / inside);
    std::ofstream(folder / "exim.conf") << configuration(folder, port_.number(), tls_port_.number(), runner, options);
    std::vector<std::filesystem::path> owned{folder, folder / "spool", folder / "mail", folder / "exim.conf"};
    if (options.identity) { // of its own: it may read nothing of the test's
        for (const auto& [from, to] : {std::pair{options.identity->certificate, folder / "certificate.pem"},
                                       std::pair{options.identity->key, folder / "key.pem"}}) {
            std::filesystem::copy_file(from, to);
            owned.push_back(to);
        }
    }
    std::vector<std::string> command{program, "-C", (folder / "exim.conf").string(), "-bdf"};
    if (runner.lent) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
        for (const auto& path : owned)
            if (::chown(path.c_str(), runner.uid, runner.gid) != 0) throw std::runtime_error("cannot give " + path.string());
        command.insert(command.begin(),
                       {"/usr/bin/setpriv", "--reuid=" + runner.user, "--regid=" + runner.group, "--clear-groups"});
    }
    child_ =
        std::make_unique<Child>(command, Child::Environment{{"PATH", "/usr/sbin:/usr/bin:/bin"}}, (folder / "output").string());
    const auto until = std::chrono::steady_clock::now() + start_limit;
    while (!listens(port_.number())) {
        if (!child_->running() || std::chrono::steady_clock::now() > until)
            throw std::runtime_error("Exim does not listen: " + child_->tail());
        std::this_thread::sleep_for(20ms); // between two looks
    }
}

std::string Exim::url() const { return "smtp://" + port_.address(); }

std::vector<std::filesystem::path> Exim::messages() const {
    std::vector<std::filesystem::path> paths;
    std::error_code none_yet;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path() / "mail" / "new", none_yet))
        paths.push_back(entry.path());
    std::ranges::sort(paths, [](const auto& a, const auto& b) { return last_write_time(a) < last_write_time(b); });
    return paths;
}

} // namespace appointd::e2e
