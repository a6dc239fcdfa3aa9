#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace appointd::net {

/// The relay that takes our mail.
struct SmtpRelay {
    enum class Tls {
        required,      ///< smtps, or STARTTLS before anything else is said; no mail without
        opportunistic, ///< STARTTLS where the relay offers it
        never,
    };
    std::string url;            ///< smtp://host:port or smtps://host:port
    std::string user, password; ///< empty user: no authentication
    Tls tls = Tls::required;
    std::chrono::milliseconds connect{5'000};
    long connections = 8; ///< at once
    std::size_t max_message = 1024 * 1024;
};

/// An envelope and the message in it, whole: header and body with CRLF line ends.
struct SmtpMessage {
    std::string from;            ///< a bare address
    std::vector<std::string> to; ///< bare addresses
    std::string content;
    std::chrono::milliseconds timeout{15'000}; ///< for the whole delivery
};

/// What came of a delivery. Either the relay's last code, or a failure.
struct SmtpReply {
    enum class Failure {
        none,
        not_sent, ///< the message was not handed over whole: safe to repeat
        unknown,  ///< it was handed over, and no answer came
    };
    Failure failure = Failure::none;
    int code = 0;        ///< 250; 4xx: may work later; 5xx: never
    std::string words{}; ///< the relay's last line, or curl's words: may hold addresses, not for the log
    bool accepted() const { return failure == Failure::none && code >= 200 && code < 300; }
};

/// SMTP by libcurl under Asio; connections are kept. All members on the executor's thread. Destroying it cancels what is in
/// flight.
class SmtpClient {
public:
    static std::unique_ptr<SmtpClient> make(boost::asio::any_io_executor executor, SmtpRelay relay);
    virtual ~SmtpClient() = default;
    virtual boost::asio::awaitable<SmtpReply> send(SmtpMessage message) = 0;
};

} // namespace appointd::net
