#include "net/smtp_client.hpp"

#include "net/curl_call.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <sys/socket.h>

namespace appointd::net {
namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_line = 512; // of the relay's answers that we keep

long curl_tls(SmtpRelay::Tls tls) {
    switch (tls) {
    case SmtpRelay::Tls::required: return CURLUSESSL_ALL;
    case SmtpRelay::Tls::opportunistic: return CURLUSESSL_TRY;
    case SmtpRelay::Tls::never: break;
    }
    return CURLUSESSL_NONE;
}

/// One delivery on a handle that is fresh or reset.
class Delivery {
public:
    Delivery(CURL* handle, const SmtpMessage& message, const SmtpRelay& relay, const std::atomic<bool>& canceled)
        : handle_(handle), message_(message), canceled_(canceled) {
        curl_easy_setopt(handle, CURLOPT_URL, relay.url.c_str());
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(relay.connect.count()));
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(message_.timeout.count(), 1)));
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_text_.data());
        curl_easy_setopt(handle, CURLOPT_USE_SSL, curl_tls(relay.tls));
        if (!relay.user.empty()) {
            curl_easy_setopt(handle, CURLOPT_USERNAME, relay.user.c_str());
            curl_easy_setopt(handle, CURLOPT_PASSWORD, relay.password.c_str());
        }
        curl_easy_setopt(handle, CURLOPT_MAIL_FROM, ("<" + message_.from + ">").c_str());
        curl_slist* list = nullptr;
        for (const std::string& to : message_.to) list = curl_slist_append(list, ("<" + to + ">").c_str());
        recipients_.reset(list);
        curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, list);
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L); // asked about once a second whether to go on
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Delivery::on_progress);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Delivery::on_read);
        curl_easy_setopt(handle, CURLOPT_READDATA, this);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Delivery::on_line);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Delivery::on_line); // else curl prints it
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
        if (is_loopback(relay.url)) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    }

    SmtpReply perform() {
        const CURLcode verdict = curl_easy_perform(handle_);
        long code = 0;
        curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
        if (verdict == CURLE_OK) return {.code = 250, .words = last_line_};
        // A refusal of this message, not of the conversation before it (greeting, STARTTLS, password).
        const bool refused = verdict == CURLE_SEND_ERROR || (verdict == CURLE_WEIRD_SERVER_REPLY && read_whole_);
        const bool login = verdict == CURLE_LOGIN_DENIED;
        if ((refused || login) && code >= 400 && code < 600) return {.code = static_cast<int>(code), .words = refusal_};
        // Without the line with a single dot at its end no relay may deliver: curl sends it when all was read.
        return {.failure = read_whole_ ? SmtpReply::Failure::unknown : SmtpReply::Failure::not_sent,
                .words = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(verdict)};
    }

private:
    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* call) {
        auto& self = *static_cast<Delivery*>(call);
        const std::size_t length = std::min(size * count, self.message_.content.size() - self.read_);
        std::memcpy(into, self.message_.content.data() + self.read_, length);
        self.read_ += length;
        if (length == 0) self.read_whole_ = true;
        return length;
    }
    static std::size_t on_line(char* bytes, std::size_t, std::size_t count, void* call) {
        std::string_view line(bytes, count);
        while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) return count;
        auto& self = *static_cast<Delivery*>(call);
        const bool refuses = line.front() == '4' || line.front() == '5';
        (refuses ? self.refusal_ : self.last_line_) = line.substr(0, longest_line);
        return count;
    }

    static int on_progress(void* call, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Delivery*>(call)->canceled_ ? 1 : 0;
    }

    CURL* handle_;
    const SmtpMessage& message_;
    const std::atomic<bool>& canceled_;
    std::unique_ptr<curl_slist, CurlDeleter> recipients_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t read_ = 0;
    bool read_whole_ = false;
    std::string last_line_;
    std::string refusal_; ///< apart from it: after a refusal curl says QUIT, and the answer to that is the last line
};

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
        SmtpReply reply = Delivery(handle.get(), message, relay, canceled).perform();
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
