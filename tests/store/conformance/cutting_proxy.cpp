#include "tests/store/conformance/cutting_proxy.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace appointd::test {

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool readable(int descriptor) {
    pollfd waiting{descriptor, POLLIN, 0};
    return poll(&waiting, 1, 20) > 0;
}

/// false: the other end is gone.
bool forward(int from, int to) {
    std::array<char, 65536> buffer;
    const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
    return size > 0 && send(to, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

} // namespace

CuttingProxy::CuttingProxy(int server_port) : server_port_(server_port), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no proxy");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
    stopping_ = true;
    acceptor_.join();
    carriers_.clear();
    close(listener_);
}

void CuttingProxy::accept_all() {
    while (!stopping_) {
        if (!readable(listener_)) continue;
        const int client = accept(listener_, nullptr, nullptr);
        if (client < 0) continue;
        if (away_)
            close(client);
        else
            carriers_.emplace_back([this, client] { carry(client); });
    }
}

void CuttingProxy::carry(int client) {
    ++connections_;
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(server_port_);
    bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    bool cut = false;
    while (open && !stopping_ && !away_) {
        std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
        if (poll(ends.data(), ends.size(), 20) <= 0) continue;
        if (ends[0].revents != 0) {
            open = forward(client, server);
            if (countdown_ > 0 && --countdown_ == 0) cut = true;
        }
        if (open && ends[1].revents != 0) open = !cut && forward(server, client);
    }
    close(client);
    close(server);
}

} // namespace appointd::test
