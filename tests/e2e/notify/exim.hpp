#pragma once

#include "net/reserved_port.hpp"
#include "tests/e2e/daemon/child.hpp"
#include "tests/support/cluster/temporary_directory.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace appointd::e2e {

/// Debian's Exim as a relay that keeps every message in a maildir: a configuration, spool and port of its own, no root, nothing
/// of the system's.
class Exim {
public:
    /// Throws std::runtime_error where it does not listen within its time, with what it said.
    Exim();

    /// "smtp://127.0.0.1:PORT"
    std::string url() const;
    /// What was delivered, oldest first.
    std::vector<std::filesystem::path> messages() const;

private:
    test::TemporaryDirectory directory_{"exim"};
    net::ReservedPort port_;
    std::unique_ptr<Child> child_;
};

} // namespace appointd::e2e
