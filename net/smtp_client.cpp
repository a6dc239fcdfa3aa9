#include "net/smtp_client.hpp"

#include "net/curl_multi.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

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

/// One delivery.
class SmtpCall final : public CurlTransfer {
public:
    SmtpCall(EasyHandle fresh, SmtpMessage message, const SmtpRelay& relay)
        : CurlTransfer(std::move(fresh)), message_(std::move(message)) {
        CURL* handle = easy();
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
        curl_slist* recipients = nullptr;
        for (const std::string& to : message_.to) recipients = curl_slist_append(recipients, ("<" + to + ">").c_str());
        recipients_.reset(recipients);
        curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
        curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(handle, CURLOPT_READFUNCTION, &SmtpCall::on_read);
        curl_easy_setopt(handle, CURLOPT_READDATA, this);
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &SmtpCall::on_line);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &SmtpCall::on_line); // else curl prints it
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
        if (is_loopback(relay.url)) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    }

    void conclude(CURLcode verdict) override {
        long code = 0;
        curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &code);
        if (verdict == CURLE_OK || (code >= 400 && code < 600)) {
            reply_.code = verdict == CURLE_OK ? 250 : static_cast<int>(code);
            reply_.words = last_line_;
            return;
        }
        give_up(error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(verdict));
    }
    void give_up(std::string why) override {
        // Without the line with a single dot at its end no relay may deliver: curl sends it when all was read.
        reply_ = {.failure = read_whole_ ? SmtpReply::Failure::unknown : SmtpReply::Failure::not_sent, .words = std::move(why)};
    }
    SmtpReply reply() && { return std::move(reply_); }

private:
    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* call) {
        auto& self = *static_cast<SmtpCall*>(call);
        const std::size_t length = std::min(size * count, self.message_.content.size() - self.read_);
        std::memcpy(into, self.message_.content.data() + self.read_, length);
        self.read_ += length;
        if (length == 0) self.read_whole_ = true;
        return length;
    }
    static std::size_t on_line(char* bytes, std::size_t, std::size_t count, void* call) {
        std::string_view line(bytes, count);
        while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) static_cast<SmtpCall*>(call)->last_line_ = line.substr(0, longest_line);
        return count;
    }

    const SmtpMessage message_;
    CurlList recipients_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t read_ = 0;
    bool read_whole_ = false;
    std::string last_line_;
    SmtpReply reply_;
};

class CurlSmtpClient final : public SmtpClient {
public:
    CurlSmtpClient(asio::any_io_executor executor, SmtpRelay relay)
        : relay_(std::move(relay)), multi_(std::make_shared<CurlMulti>(executor, relay_.connections)) {}
    ~CurlSmtpClient() override { multi_->close(); }

    asio::awaitable<SmtpReply> send(SmtpMessage message) override {
        if (message.content.size() > relay_.max_message) return refuse("the message is longer than we send");
        return run(multi_, std::make_shared<SmtpCall>(multi_->fresh_easy(), std::move(message), relay_));
    }

private:
    static asio::awaitable<SmtpReply> refuse(std::string why) {
        co_return SmtpReply{.failure = SmtpReply::Failure::none, .code = 552, .words = std::move(why)};
    }
    /// Knows nothing of the client, which may be destroyed meanwhile.
    static asio::awaitable<SmtpReply> run(std::shared_ptr<CurlMulti> multi, std::shared_ptr<SmtpCall> call) {
        co_await multi->run(call);
        co_return std::move(*call).reply();
    }

    const SmtpRelay relay_;
    std::shared_ptr<CurlMulti> multi_;
};

} // namespace

std::unique_ptr<SmtpClient> SmtpClient::make(asio::any_io_executor executor, SmtpRelay relay) {
    return std::make_unique<CurlSmtpClient>(executor, std::move(relay));
}

} // namespace appointd::net
