#include "net/smtp_client.hpp"

#include "net/smtp_delivery.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <sys/socket.h>

namespace appointd::net {
namespace asio = boost::asio;

namespace {

/// What client and deliveries share: the threads outlive neither.
struct Post {
    explicit Post(SmtpRelay its_relay) : relay(std::move(its_relay)), threads(static_cast<std::size_t>(relay.connections)) {}

    EasyHandle take() {
        const std::lock_guard lock(mutex);
        if (idle.empty()) {
            EasyHandle made(curl_easy_init());
            if (!made) throw std::runtime_error("curl_easy_init failed");
            return made;
        }
        EasyHandle handle = std::move(idle.back().handle);
        idle.pop_back();
        return handle;
    }
    /// With its connection, which the next delivery uses.
    void give_back(EasyHandle handle) {
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl_easy_getinfo(handle.get(), CURLINFO_ACTIVESOCKET, &socket);
        curl_easy_reset(handle.get());
        const std::lock_guard lock(mutex);
        idle.push_back({std::move(handle), socket});
    }
    /// No delivery is under way any more. Cleaning up, curl says QUIT and waits two minutes for a relay that hangs: not on a line
    /// that is cut.
    void hang_up() {
        for (const Idle& line : idle)
            if (line.socket != CURL_SOCKET_BAD) ::shutdown(line.socket, SHUT_RDWR);
        idle.clear();
    }
    SmtpReply deliver(const SmtpMessage& message) {
        if (canceled) return {.failure = SmtpReply::Failure::not_sent, .words = "the client is closed"};
        EasyHandle handle = take();
        SmtpReply reply = SmtpDelivery(handle.get(), message, relay, canceled).perform();
        give_back(std::move(handle));
        return reply;
    }

    const SmtpRelay relay;
    std::atomic<bool> canceled = false;
    std::mutex mutex;
    struct Idle {
        EasyHandle handle;
        curl_socket_t socket; ///< of the connection that is kept, or none
    };
    std::vector<Idle> idle;
    asio::thread_pool threads;
};

class CurlSmtpClient final : public SmtpClient {
public:
    explicit CurlSmtpClient(SmtpRelay relay) : post_(std::make_shared<Post>(std::move(relay))) {}
    ~CurlSmtpClient() override {
        post_->canceled = true;
        post_->threads.join();
        post_->hang_up();
    }

    asio::awaitable<SmtpReply> send(SmtpMessage message) override { return run(post_, std::move(message)); }

private:
    static asio::awaitable<SmtpReply> run(std::shared_ptr<Post> post, SmtpMessage message) {
        if (message.content.size() > post->relay.max_message) {
            SmtpReply refused{.code = 552, .words = "the message is longer than we send"};
            co_return refused;
        }
        auto job = [](std::shared_ptr<Post> its_post, SmtpMessage its_message) -> asio::awaitable<SmtpReply> {
            auto reply = its_post->deliver(its_message);
            co_return reply;
        };
        auto reply = co_await asio::co_spawn(post->threads, job(post, std::move(message)), asio::use_awaitable);
        co_return reply;
    }

    std::shared_ptr<Post> post_;
};

} // namespace

std::unique_ptr<SmtpClient> SmtpClient::make(SmtpRelay relay) {
    // curl wants one global initialisation; it cannot fail later than here.
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) throw std::runtime_error("curl_global_init failed");
    return std::make_unique<CurlSmtpClient>(std::move(relay));
}

} // namespace appointd::net
