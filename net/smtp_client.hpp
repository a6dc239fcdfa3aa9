#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace appointd::net {

/// The relay that takes our mail. With TLS its certificate must be for the URL's host and by an authority that we know.
struct SmtpRelay {
    std::string url;            ///< smtp://host:port or smtps://host:port
    std::string user, password; ///< empty user: no login; else PLAIN or LOGIN, and no mail without
    bool starttls = true;       ///< of smtp://: before the login and anything else; no mail without
    std::string ca_file;        ///< PEM; the only authorities then; empty: the system's
    std::chrono::milliseconds connect{5'000};
    int connections = 8; ///< at once, a thread each
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
        not_sent,    ///< the message was not handed over whole: safe to repeat
        no_starttls, ///< nor this: TLS is wanted, and the relay offers none
        untrusted,   ///< nor this: the certificate is by an unknown authority, for another host, or out of its time
        no_tls,      ///< nor this: the two did not come to TLS
        no_login,    ///< nor this: there is a user, and the relay offers no login that we know
        unknown,     ///< it was handed over, and no answer came
    };
    Failure failure = Failure::none;
    int code = 0;        ///< 250; 4xx: may work later; 5xx: never
    std::string words{}; ///< the relay's lines, in any encoding, or curl's words, without the password: may hold addresses
    bool accepted() const { return failure == Failure::none && code >= 200 && code < 300; }
};

/// SMTP by libcurl on threads of its own: at the end of a message curl waits for the relay's answer without giving its thread
/// back, so a slow relay must not hold the one that everything else runs on. Connections are kept. `send` completes on the
/// caller's executor. Destroying it ends what is in flight, within about a second, and waits for that.
class SmtpClient {
public:
    static std::unique_ptr<SmtpClient> make(SmtpRelay relay);
    virtual ~SmtpClient() = default;
    virtual boost::asio::awaitable<SmtpReply> send(SmtpMessage message) = 0;
};

} // namespace appointd::net
