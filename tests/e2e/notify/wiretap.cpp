#include "tests/e2e/notify/wiretap.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <functional>
#include <memory>

namespace appointd::e2e {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Bytes one way, until either end is gone; then both ends are.
struct Way : std::enable_shared_from_this<Way> {
    Way(std::shared_ptr<tcp::socket> its_from, std::shared_ptr<tcp::socket> its_to, std::function<void(std::string_view)> its_ear)
        : from(std::move(its_from)), to(std::move(its_to)), ear(std::move(its_ear)) {}

    void go() {
        from->async_read_some(asio::buffer(bytes), [self = shared_from_this()](error_code error, std::size_t count) {
            if (!error && self->ear) self->ear({self->bytes.data(), count});
            if (!error) asio::write(*self->to, asio::buffer(self->bytes.data(), count), error);
            if (!error) return self->go();
            self->from->close(error);
            self->to->close(error);
        });
    }

    std::shared_ptr<tcp::socket> from, to;
    std::function<void(std::string_view)> ear;
    std::array<char, 4096> bytes{};
};

} // namespace

Wiretap::Wiretap(unsigned short towards) : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}), towards_(towards) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
}

Wiretap::~Wiretap() {
    context_.stop();
    thread_.join();
}

void Wiretap::accept() {
    auto client = std::make_shared<tcp::socket>(context_);
    acceptor_.async_accept(*client, [this, client](error_code error) {
        if (error) return;
        auto server = std::make_shared<tcp::socket>(context_);
        server->connect({asio::ip::address_v4::loopback(), towards_}, error);
        if (!error) {
            std::make_shared<Way>(client, server, [this](std::string_view said) {
                const std::lock_guard lock(mutex_);
                heard_ += said;
            })->go();
            std::make_shared<Way>(server, client, nullptr)->go();
        }
        accept();
    });
}

std::string Wiretap::heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
}

} // namespace appointd::e2e
