#pragma once

#include <string>

namespace appointd::net {

/// A TCP port of 127.0.0.1 kept for a server that is yet to start, or to start again: bound with SO_REUSEADDR and not listening,
/// so that who asks for this port with SO_REUSEADDR gets it (HttpServer does, and so do PostgreSQL, Exim and Prometheus), while
/// neither a port that the kernel chooses nor the near end of a connection can be it. Connecting to it is refused until somebody
/// listens. For programs that must write a port into a configuration before they run its server.
class ReservedPort {
public:
    /// Throws std::system_error where there is no port left.
    ReservedPort();
    ~ReservedPort();
    ReservedPort(ReservedPort&& other) noexcept;
    ReservedPort& operator=(ReservedPort&&) = delete;

    unsigned short number() const { return number_; }
    /// "127.0.0.1:8080", as a server's configuration wants it.
    std::string address() const { return "127.0.0.1:" + std::to_string(number_); }

private:
    int socket_ = -1;
    unsigned short number_ = 0;
};

} // namespace appointd::net
