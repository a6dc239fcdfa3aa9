#pragma once

#include "net/curl_call.hpp"
#include "net/smtp_client.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace appointd::net {

/// One delivery on an easy handle that is fresh or reset. Stays where it is: curl keeps pointers into it.
class SmtpDelivery {
public:
    /// All of them outlive it. Once `canceled` is true it ends within about a second.
    SmtpDelivery(CURL* handle, const SmtpMessage& message, const SmtpRelay& relay, const std::atomic<bool>& canceled);
    SmtpDelivery(const SmtpDelivery&) = delete;
    SmtpDelivery& operator=(const SmtpDelivery&) = delete;

    /// Holds the thread until it is over. Call it once.
    SmtpReply perform();

private:
    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* delivery);
    static std::size_t on_line(char* bytes, std::size_t size, std::size_t count, void* delivery);
    static int on_progress(void* delivery, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
    static int on_about_to_send(void* delivery, char*, char*, int, int);
    void set_security();
    void set_envelope();
    void take_line(std::string_view line);
    SmtpReply failed(CURLcode verdict) const;
    std::string without_password(std::string text) const;

    CURL* handle_;
    const SmtpMessage& message_;
    const SmtpRelay& relay_;
    const std::atomic<bool>& canceled_;
    std::unique_ptr<curl_slist, CurlDeleter> recipients_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t read_ = 0;
    bool read_whole_ = false;
    bool greeted_ = false;     ///< the connection is new
    bool logged_in_ = false;   ///< on this new connection
    bool lacks_login_ = false; ///< ended for want of one
    std::string last_line_;
    std::string refusal_; ///< apart from it: after a refusal curl says QUIT, and the answer to that is the last line
};

} // namespace appointd::net
