#pragma once

#include "net/reserved_port.hpp"
#include "tests/e2e/daemon/child.hpp"
#include "tests/e2e/notify/private_authority.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace appointd::e2e {

/// Debian's Exim as a relay that keeps every message in a maildir: a configuration, spool and port of its own, no root, nothing
/// of the system's.
class Exim {
public:
    struct Options {
        std::optional<Identity> identity; ///< with one it speaks TLS
        bool starttls = true;             ///< offered on port(), where it has an identity
        bool login = false;               ///< only who logs in, as `user` with `password`, may send; only inside TLS
        std::string mechanism = "PLAIN";  ///< PLAIN, LOGIN or CRAM-MD5: the one that is offered
    };
    static constexpr const char *user = "appointd@example.org", *password = "c0rrect-h0rse";

    /// Throws std::runtime_error where it does not listen within its time, with what it said.
    Exim() : Exim(Options{}) {}
    explicit Exim(const Options& options);

    /// "smtp://127.0.0.1:PORT"
    std::string url() const;
    unsigned short port() const { return port_.number(); }
    /// Where TLS is spoken from the first byte.
    unsigned short tls_port() const { return tls_port_.number(); }
    /// What was delivered, oldest first.
    std::vector<std::filesystem::path> messages() const;

private:
    test::TemporaryDirectory directory_{"exim"};
    net::ReservedPort port_, tls_port_;
    std::unique_ptr<Child> child_;
};

} // namespace appointd::e2e
