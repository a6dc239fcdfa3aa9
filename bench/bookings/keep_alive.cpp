#include "bench/bookings/keep_alive.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <charconv>
#include <stdexcept>

namespace appointd::bench {

namespace asio = boost::asio;

asio::awaitable<void> KeepAlive::connect(unsigned short port) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    co_await socket_.async_connect(endpoint, asio::use_awaitable);
    socket_.set_option(asio::ip::tcp::no_delay(true));
}

asio::awaitable<KeepAlive::Answer> KeepAlive::exchange(std::string head, std::string body) {
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    head += body;
    co_await asio::async_write(socket_, asio::buffer(head), asio::use_awaitable);
    const std::size_t header =
        co_await asio::async_read_until(socket_, asio::dynamic_buffer(buffer_, 1 << 20), "\r\n\r\n", asio::use_awaitable);
    Answer answer;
    const std::string_view text = std::string_view(buffer_).substr(0, header);
    std::from_chars(text.data() + 9, text.data() + 12, answer.status);
    const auto field = text.find("Content-Length: ");
    std::size_t length = 0;
    if (field != text.npos) std::from_chars(text.data() + field + 16, text.data() + text.size(), length);
    if (buffer_.size() < header + length)
        co_await asio::async_read(socket_, asio::dynamic_buffer(buffer_, 1 << 20),
                                  asio::transfer_exactly(header + length - buffer_.size()), asio::use_awaitable);
    answer.body = buffer_.substr(header, length);
    buffer_.erase(0, header + length);
    co_return answer;
}

} // namespace appointd::bench
