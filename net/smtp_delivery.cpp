#include "net/smtp_delivery.hpp"

#include "foundation/digest.hpp"

#include <algorithm>
#include <cstring>

namespace appointd::net {
namespace {

constexpr std::size_t longest_words = 512; // of the relay's answers that we keep

} // namespace

SmtpDelivery::SmtpDelivery(CURL* handle, const SmtpMessage& message, const SmtpRelay& relay, const std::atomic<bool>& canceled)
    : handle_(handle), message_(message), relay_(relay), canceled_(canceled) {
    set_common_options(handle, relay.url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(relay.connect.count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(message_.timeout.count(), 1)));
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_text_.data());
    set_security();
    set_envelope();
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L); // asked about once a second whether to go on
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &SmtpDelivery::on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &SmtpDelivery::on_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, this);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &SmtpDelivery::on_line);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &SmtpDelivery::on_line); // else curl prints it
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
}

void SmtpDelivery::set_security() {
    curl_easy_setopt(handle_, CURLOPT_USE_SSL, relay_.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
    curl_easy_setopt(handle_, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!relay_.ca_file.empty()) {
        curl_easy_setopt(handle_, CURLOPT_CAINFO, relay_.ca_file.c_str());
        curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr); // else the system's authorities would count beside it
    }
    if (relay_.user.empty()) return;
    curl_easy_setopt(handle_, CURLOPT_USERNAME, relay_.user.c_str());
    curl_easy_setopt(handle_, CURLOPT_PASSWORD, relay_.password.c_str());
    // Every relay has one of these two. Of all that it offers curl would take Kerberos, DIGEST-MD5 or NTLM first, which relays
    // like to offer without being able to, and try no other when that fails.
    curl_easy_setopt(handle_, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    curl_easy_setopt(handle_, CURLOPT_PREREQFUNCTION, &SmtpDelivery::on_about_to_send);
    curl_easy_setopt(handle_, CURLOPT_PREREQDATA, this);
}

void SmtpDelivery::set_envelope() {
    curl_easy_setopt(handle_, CURLOPT_MAIL_FROM, ("<" + message_.from + ">").c_str());
    curl_slist* list = nullptr;
    for (const std::string& to : message_.to) list = curl_slist_append(list, ("<" + to + ">").c_str());
    recipients_.reset(list);
    curl_easy_setopt(handle_, CURLOPT_MAIL_RCPT, list);
}

SmtpReply SmtpDelivery::perform() {
    const CURLcode verdict = curl_easy_perform(handle_);
    if (verdict == CURLE_OK) return {.code = 250, .words = last_line_};
    long code = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &code);
    // A refusal of this message or of our login, not of the conversation before (greeting, STARTTLS).
    const bool refused = verdict == CURLE_SEND_ERROR || (verdict == CURLE_WEIRD_SERVER_REPLY && read_whole_);
    const bool login = verdict == CURLE_LOGIN_DENIED;
    if ((refused || login) && code >= 400 && code < 600)
        return {.code = static_cast<int>(code), .words = without_password(refusal_)};
    return failed(verdict);
}

SmtpReply SmtpDelivery::failed(CURLcode verdict) const {
    using Failure = SmtpReply::Failure;
    SmtpReply reply{.failure = Failure::not_sent,
                    .words = without_password(error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(verdict))};
    // Without the line with a single dot at its end no relay may deliver: curl sends it when all was read.
    if (read_whole_)
        reply.failure = Failure::unknown;
    else if (lacks_login_ || verdict == CURLE_LOGIN_DENIED)
        reply.failure = Failure::no_login;
    else if (verdict == CURLE_USE_SSL_FAILED)
        reply.failure = Failure::no_starttls;
    else if (verdict == CURLE_PEER_FAILED_VERIFICATION || verdict == CURLE_SSL_CACERT_BADFILE)
        reply.failure = Failure::untrusted;
    else if (verdict == CURLE_SSL_CONNECT_ERROR)
        reply.failure = Failure::no_tls;
    return reply;
}

/// A relay may repeat what it was told, even in the form in which it was told.
std::string SmtpDelivery::without_password(std::string text) const {
    if (relay_.password.empty()) return text;
    const std::string plain = std::string(1, '\0') + relay_.user + std::string(1, '\0') + relay_.password;
    for (const std::string& secret : {relay_.password, base64(relay_.password), base64(plain)})
        for (auto found = text.find(secret); found != std::string::npos; found = text.find(secret, found + 3))
            text.replace(found, secret.size(), "***");
    return text;
}

std::size_t SmtpDelivery::on_read(char* into, std::size_t size, std::size_t count, void* delivery) {
    auto& self = *static_cast<SmtpDelivery*>(delivery);
    const std::size_t length = std::min(size * count, self.message_.content.size() - self.read_);
    std::memcpy(into, self.message_.content.data() + self.read_, length);
    self.read_ += length;
    if (length == 0) self.read_whole_ = true;
    return length;
}

std::size_t SmtpDelivery::on_line(char* bytes, std::size_t, std::size_t count, void* delivery) {
    std::string_view line(bytes, count);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) static_cast<SmtpDelivery*>(delivery)->take_line(line);
    return count;
}

/// A refusal may have several lines, each with the code: the last alone is often no more than an address to read at.
void SmtpDelivery::take_line(std::string_view line) {
    if (line.starts_with("220")) greeted_ = true;
    if (line.starts_with("235")) logged_in_ = true;
    if (line.front() != '4' && line.front() != '5') {
        last_line_ = line.substr(0, longest_words);
        return;
    }
    const bool goes_on = refusal_.size() > 3 && refusal_.starts_with(line.substr(0, 3)) && line.size() > 4;
    if (goes_on)
        refusal_.append(" ").append(line.substr(4));
    else
        refusal_ = line;
    refusal_.resize(std::min(refusal_.size(), longest_words));
}

int SmtpDelivery::on_progress(void* delivery, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<SmtpDelivery*>(delivery)->canceled_ ? 1 : 0;
}

/// Where a relay offers no login curl goes on without, and the refusal of a stranger's mail would be taken for good.
int SmtpDelivery::on_about_to_send(void* delivery, char*, char*, int, int) {
    auto& self = *static_cast<SmtpDelivery*>(delivery);
    self.lacks_login_ = self.greeted_ && !self.logged_in_; // a connection that was kept had one
    return self.lacks_login_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

} // namespace appointd::net
