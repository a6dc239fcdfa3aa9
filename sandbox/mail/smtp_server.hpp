#pragma once

#include "foundation/log.hpp"
#include "foundation/result.hpp"
#include "sandbox/faults.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace appointd::sandbox::mail {

/// A relay that takes every e-mail and delivers none: RFC 5321 as far as a sender needs it. Misbehaves where it is asked to, by
/// the provider "mail": at "RCPT" and at "DATA" (when the message is over).
class SmtpServer {
public:
    using Delivered = std::function<void(std::string from, std::vector<std::string> to, std::string message)>;

    /// Binds at once. Error listen_failed. `faults` outlives it; `delivered` is called on the executor.
    static Result<std::unique_ptr<SmtpServer>> listen(boost::asio::any_io_executor executor, const std::string& address,
                                                      Faults& faults, Delivered delivered, Log log);
    ~SmtpServer();
    void start();
    /// Closes every connection.
    void stop();
    unsigned short port() const;

private:
    struct Shared;
    explicit SmtpServer(std::shared_ptr<Shared> shared);
    std::shared_ptr<Shared> shared_;
};

} // namespace appointd::sandbox::mail
