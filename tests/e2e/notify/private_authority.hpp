#pragma once

#include <filesystem>
#include <string>

namespace appointd::e2e {

/// A certificate and its key, both PEM.
struct Identity {
    std::filesystem::path certificate, key;
};

/// A certificate authority of a test's own, made with the openssl program. Throws std::runtime_error where that fails.
class PrivateAuthority {
public:
    /// `folder` is there, and holds its files under this name.
    PrivateAuthority(std::filesystem::path folder, std::string name);

    /// For "DNS:localhost,IP:127.0.0.1" and the like.
    Identity issue(const std::string& alternative_names) const;
    const std::filesystem::path& certificate() const { return own_.certificate; }

private:
    std::filesystem::path folder_;
    std::string name_;
    Identity own_;
};

} // namespace appointd::e2e
