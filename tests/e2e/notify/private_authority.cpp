#include "tests/e2e/notify/private_authority.hpp"

#include "tests/e2e/daemon/child.hpp"

#include <chrono>
#include <stdexcept>
#include <vector>

namespace appointd::e2e {

using namespace std::chrono_literals;

namespace {

/// A fresh key, and a certificate of it that is good for two days; by itself unless `more` says who signs.
void make(const Identity& identity, const std::string& subject, const std::vector<std::string>& more) {
    std::vector<std::string> command{"/usr/bin/openssl",
                                     "req",
                                     "-x509",
                                     "-newkey",
                                     "ec",
                                     "-pkeyopt",
                                     "ec_paramgen_curve:prime256v1",
                                     "-nodes",
                                     "-days",
                                     "2",
                                     "-subj",
                                     "/CN=" + subject,
                                     "-keyout",
                                     identity.key.string(),
                                     "-out",
                                     identity.certificate.string()};
    command.insert(command.end(), more.begin(), more.end());
    Child openssl(command, {{"PATH", "/usr/bin:/bin"}}, identity.key.string() + ".log");
    if (openssl.wait(30s) != 0) throw std::runtime_error("openssl made no certificate: " + openssl.tail());
}

} // namespace

PrivateAuthority::PrivateAuthority(std::filesystem::path folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)), own_{folder_ / (name_ + ".pem"), folder_ / (name_ + ".key")} {
    make(own_, name_, {});
}

Identity PrivateAuthority::issue(const std::string& alternative_names) const {
    Identity issued{folder_ / (name_ + "-relay.pem"), folder_ / (name_ + "-relay.key")};
    make(issued, "relay",
         {"-CA", own_.certificate.string(), "-CAkey", own_.key.string(), "-addext", "subjectAltName=" + alternative_names,
          "-addext", "basicConstraints=critical,CA:FALSE"});
    return issued;
}

} // namespace appointd::e2e
