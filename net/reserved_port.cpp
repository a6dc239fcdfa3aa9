#include "net/reserved_port.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace appointd::net {

ReservedPort::ReservedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = socket_ >= 0 && ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                       ::bind(socket_, generic, size) == 0 && ::getsockname(socket_, generic, &size) == 0;
    if (!bound) {
        const int error = errno;
        if (socket_ >= 0) ::close(socket_);
        throw std::system_error(error, std::generic_category(), "no port of 127.0.0.1 can be reserved");
    }
    number_ = ntohs(address.sin_port);
}

ReservedPort::~ReservedPort() {
    if (socket_ >= 0) ::close(socket_);
}

ReservedPort::ReservedPort(ReservedPort&& other) noexcept : socket_(std::exchange(other.socket_, -1)), number_(other.number_) {}

} // namespace appointd::net
