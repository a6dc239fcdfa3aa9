#include "sandbox/mail/smtp_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <list>

namespace appointd::sandbox::mail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t longest_line = 2'000, longest_message = 4 * 1024 * 1024, most_recipients = 100;

bool begins(std::string_view line, std::string_view verb) {
    return line.size() >= verb.size() && std::ranges::equal(line.substr(0, verb.size()), verb, [](char a, char b) {
               return (a >= 'a' && a <= 'z' ? a - 32 : a) == b;
           });
}

/// "ann@example.org" of "RCPT TO:<ann@example.org> …"; nullopt without the brackets.
std::optional<std::string> path_of(std::string_view line) {
    const auto open = line.find('<'), close = line.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
    return std::string(line.substr(open + 1, close - open - 1));
}

/// The answer that a fault asks for; empty: none of its own.
std::string refusal(const Fault& fault) {
    const bool limited = fault.kind == FaultKind::rate_limited || fault.kind == FaultKind::daily_limit;
    if (limited) return "450 4.7.1 Too many messages, try again later";
    if (fault.kind != FaultKind::error_before) return {};
    const int code = fault.status == 500 ? 451 : fault.status; // 500 is what a fault has by itself; here that is "try again"
    return std::to_string(code) + (code >= 500 ? " 5.1.1 The user is unknown" : " 4.3.0 Something is wrong here");
}

} // namespace

struct SmtpServer::Shared {
    Shared(asio::any_io_executor executor, Faults& its_faults, Delivered its_delivered, Log its_log)
        : acceptor(executor), faults(its_faults), delivered(std::move(its_delivered)), log(std::move(its_log)) {}
    tcp::acceptor acceptor;
    Faults& faults;
    Delivered delivered;
    Log log;
    std::list<std::weak_ptr<tcp::socket>> sockets;
    bool stopping = false;
};

namespace {

/// One conversation.
class Session {
public:
    Session(std::shared_ptr<tcp::socket> socket, Faults& faults, const SmtpServer::Delivered& delivered)
        : socket_(std::move(socket)), faults_(faults), delivered_(delivered) {}

    asio::awaitable<void> run() {
        if (!co_await say("220 sandbox.example.org ESMTP")) co_return;
        while (true) {
            const auto line = co_await read_line();
            if (!line) co_return;
            const bool goes_on = co_await obey(*line);
            if (!goes_on) co_return;
        }
    }

private:
    asio::awaitable<bool> say(std::string line) {
        line += "\r\n";
        error_code error;
        co_await asio::async_write(*socket_, asio::buffer(line), asio::redirect_error(asio::use_awaitable, error));
        co_return !error;
    }

    asio::awaitable<std::optional<std::string>> read_line() {
        error_code error;
        const auto length = co_await asio::async_read_until(*socket_, asio::dynamic_buffer(buffer_, longest_line + 65'536),
                                                            "\r\n", asio::redirect_error(asio::use_awaitable, error));
        if (error || length > longest_line) co_return std::nullopt;
        std::string line = buffer_.substr(0, length - 2);
        buffer_.erase(0, length);
        co_return line;
    }

    asio::awaitable<bool> obey(const std::string& line) {
        if (begins(line, "EHLO")) co_return co_await say("250-sandbox.example.org\r\n250-SIZE 4194304\r\n250 8BITMIME");
        if (begins(line, "HELO") || begins(line, "NOOP")) co_return co_await say("250 Well");
        if (begins(line, "RSET")) {
            clear();
            co_return co_await say("250 Forgotten");
        }
        if (begins(line, "MAIL FROM:")) {
            clear();
            from_ = path_of(line);
            co_return co_await say(from_ ? "250 Go on" : "501 5.1.7 A path has angle brackets");
        }
        if (begins(line, "RCPT TO:")) co_return co_await recipient(line);
        if (begins(line, "DATA")) co_return co_await message();
        if (begins(line, "QUIT")) {
            co_await say("221 Good bye");
            co_return false;
        }
        co_return co_await say("502 5.5.1 Not known here");
    }

    asio::awaitable<bool> recipient(const std::string& line) {
        const auto to = path_of(line);
        if (!from_) co_return co_await say("503 5.5.1 MAIL comes first");
        if (!to || to->find('@') == std::string::npos) co_return co_await say("501 5.1.3 That is no address");
        if (to_.size() >= most_recipients) co_return co_await say("452 4.5.3 Too many recipients");
        if (const auto fault = faults_.draw_call(Provider::mail, "RCPT"))
            if (const auto words = refusal(*fault); !words.empty()) co_return co_await say(words);
        to_.push_back(*to);
        co_return co_await say("250 Go on");
    }

    asio::awaitable<bool> message() {
        if (to_.empty()) co_return co_await say("503 5.5.1 RCPT comes first");
        if (!co_await say("354 End with a line that holds a single dot")) co_return false;
        std::string content;
        while (true) {
            auto line = co_await read_line();
            if (!line || content.size() > longest_message) co_return false;
            if (*line == ".") break;
            if (line->starts_with('.')) line->erase(0, 1);
            content += *line + "\r\n";
        }
        co_return co_await conclude(std::move(content));
    }

    asio::awaitable<bool> conclude(std::string content) {
        const auto fault = faults_.draw_call(Provider::mail, "DATA");
        if (fault) {
            if (const auto words = refusal(*fault); !words.empty()) {
                clear();
                co_return co_await say(words);
            }
            if (fault->kind == FaultKind::cut_before) co_return false;
            if (fault->kind == FaultKind::slow || fault->kind == FaultKind::slow_answer) {
                asio::steady_timer timer(co_await asio::this_coro::executor, fault->delay);
                error_code ignored;
                co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            }
        }
        delivered_(*from_, to_, std::move(content));
        clear();
        if (fault && fault->kind == FaultKind::lost_answer) co_return false;
        co_return co_await say("250 2.0.0 Taken");
    }

    void clear() {
        from_.reset();
        to_.clear();
    }

    std::shared_ptr<tcp::socket> socket_;
    Faults& faults_;
    const SmtpServer::Delivered& delivered_;
    std::string buffer_;
    std::optional<std::string> from_;
    std::vector<std::string> to_;
};

} // namespace

SmtpServer::SmtpServer(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
SmtpServer::~SmtpServer() { stop(); }

Result<std::unique_ptr<SmtpServer>> SmtpServer::listen(asio::any_io_executor executor, const std::string& address, Faults& faults,
                                                       Delivered delivered, Log log) {
    auto shared = std::make_shared<Shared>(executor, faults, std::move(delivered), std::move(log));
    const auto colon = address.rfind(':');
    error_code error;
    const auto host = asio::ip::make_address(address.substr(0, colon), error);
    if (colon == std::string::npos || error) return Error{"listen_failed", address + " is no address like 127.0.0.1:2525"};
    const tcp::endpoint endpoint(host, static_cast<unsigned short>(std::atoi(address.c_str() + colon + 1)));
    shared->acceptor.open(endpoint.protocol(), error);
    if (!error) shared->acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) shared->acceptor.bind(endpoint, error);
    if (!error) shared->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Error{"listen_failed", "cannot listen on " + address + ": " + error.message()};
    return std::unique_ptr<SmtpServer>(new SmtpServer(std::move(shared)));
}

void SmtpServer::start() {
    // Free functions' worth of captures would dangle: everything goes in by value.
    auto converse = [](std::shared_ptr<Shared> shared, std::shared_ptr<tcp::socket> socket) -> asio::awaitable<void> {
        Session session(std::move(socket), shared->faults, shared->delivered);
        co_await session.run();
    };
    auto accept = [](std::shared_ptr<Shared> shared, auto talk) -> asio::awaitable<void> {
        while (!shared->stopping) {
            error_code error;
            auto socket = std::make_shared<tcp::socket>(shared->acceptor.get_executor());
            co_await shared->acceptor.async_accept(*socket, asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return;
            std::erase_if(shared->sockets, [](const auto& known) { return known.expired(); });
            shared->sockets.push_back(socket);
            asio::co_spawn(shared->acceptor.get_executor(), talk(shared, std::move(socket)), asio::detached);
        }
    };
    asio::co_spawn(shared_->acceptor.get_executor(), accept(shared_, converse), asio::detached);
}

void SmtpServer::stop() {
    shared_->stopping = true;
    error_code ignored;
    shared_->acceptor.close(ignored);
    for (const auto& known : shared_->sockets)
        if (const auto socket = known.lock()) socket->close(ignored);
}

unsigned short SmtpServer::port() const { return shared_->acceptor.local_endpoint().port(); }

} // namespace appointd::sandbox::mail
