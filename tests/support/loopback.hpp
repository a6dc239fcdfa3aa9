#pragma once

#include "net/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

/// Sockets of this machine for tests: a thread that runs Asio, and a blocking client that speaks bytes.
namespace appointd::testing_support {

/// An io_context with a thread of its own.
class Loop {
public:
    Loop() : work_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}
    ~Loop() {
        work_.reset();
        context_.stop();
        thread_.join();
    }
    boost::asio::any_io_executor executor() { return context_.get_executor(); }

    /// Runs `work` on the loop's thread and answers its result.
    template <class F> auto run(F work) {
        std::packaged_task<decltype(work())()> task(std::move(work));
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }
    /// Completes a coroutine on the loop's thread and answers its result.
    template <class T> T await(boost::asio::awaitable<T> work) {
        return boost::asio::co_spawn(context_, std::move(work), boost::asio::use_future).get();
    }
    template <class T> std::future<T> begin(boost::asio::awaitable<T> work) {
        return boost::asio::co_spawn(context_, std::move(work), boost::asio::use_future);
    }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

/// An HttpServer on a free port of 127.0.0.1.
class LoopbackServer {
public:
    LoopbackServer(Loop& loop, net::ServerLimits limits, net::Handler handler, net::Refused refused = {}) : loop_(loop) {
        loop_.run([&] {
            auto listening =
                net::HttpServer::listen(loop_.executor(), "127.0.0.1:0", limits, std::move(handler), Log(), std::move(refused));
            server_ = std::move(listening).value();
            server_->start();
        });
    }
    ~LoopbackServer() {
        loop_.run([&] { server_.reset(); });
    }
    unsigned short port() const { return server_->port(); }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
    void stop(std::chrono::milliseconds limit) { loop_.await(server_->stop(limit)); }
    std::future<void> begin_stop(std::chrono::milliseconds limit) { return loop_.begin(server_->stop(limit)); }

private:
    Loop& loop_;
    std::unique_ptr<net::HttpServer> server_;
};

struct Answer {
    int status = 0;
    net::Headers headers;
    std::string body;
    std::string header(std::string_view name) const { return std::string(net::find_header(headers, name).value_or("")); }
};

/// A blocking TCP client of 127.0.0.1; every wait ends after five seconds with an exception.
class RawClient {
public:
    explicit RawClient(unsigned short port) : socket_(context_) {
        socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    }

    /// False where the peer has closed.
    bool send(std::string_view bytes) {
        boost::system::error_code error;
        while (!bytes.empty() && !error) bytes.remove_prefix(socket_.write_some(boost::asio::buffer(bytes), error));
        return !error;
    }
    void finish_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

    Answer ask(std::string_view bytes, bool head = false) {
        send(bytes);
        return read(head);
    }

    Answer read(bool head = false) {
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
            if (!more()) throw std::runtime_error("closed before an answer: \"" + buffer_ + "\"");
        Answer answer;
        std::string_view text = std::string_view(buffer_).substr(0, end);
        answer.status = std::stoi(std::string(text.substr(9, 3)));
        std::size_t length = 0;
        for (auto line_end = text.find("\r\n"); line_end != std::string_view::npos; line_end = text.find("\r\n")) {
            text.remove_prefix(line_end + 2);
            const auto line = text.substr(0, text.find("\r\n"));
            const auto colon = line.find(':');
            answer.headers.emplace_back(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
        }
        if (const auto given = net::find_header(answer.headers, "content-length")) length = std::stoul(std::string(*given));
        if (head) length = 0;
        while (buffer_.size() < end + 4 + length)
            if (!more()) throw std::runtime_error("closed inside an answer");
        answer.body = buffer_.substr(end + 4, length);
        buffer_.erase(0, end + 4 + length);
        return answer;
    }

    /// What still comes until the peer closes.
    std::string rest() {
        while (more()) {
        }
        return std::exchange(buffer_, {});
    }
    bool closed_without_a_word() { return rest().empty(); }

private:
    bool more() {
        pollfd poll_on{socket_.native_handle(), POLLIN, 0};
        if (::poll(&poll_on, 1, 5'000) != 1) throw std::runtime_error("no bytes for five seconds");
        char bytes[4096];
        boost::system::error_code error;
        const auto count = socket_.read_some(boost::asio::buffer(bytes), error);
        buffer_.append(bytes, count);
        return !error;
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_;
    std::string buffer_;
};

} // namespace appointd::testing_support
