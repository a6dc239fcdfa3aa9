#pragma once

#include "net/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace appointd::net {

struct ClientLimits {
    std::chrono::milliseconds connect{5'000};
    std::size_t max_body = 4 * 1024 * 1024; ///< a longer answer is cut off and an error
    long connections_per_host = 32;         ///< calls beyond it wait, at most `connect`, then they are not_sent
};

struct ClientRequest {
    std::string method = "GET";
    std::string url; ///< http or https
    Headers headers{};
    std::string body{};
    std::chrono::milliseconds timeout{15'000}; ///< for the whole call
};

/// What came of a call. Either a status (then the answer is whole) or a failure.
struct ClientResponse {
    enum class Failure {
        none,
        not_sent, ///< no byte of the request left this machine: safe to repeat
        unknown,  ///< it may have been carried out: timed out, cut off, answer too long
    };
    Failure failure = Failure::none;
    std::string error{}; ///< curl's words, for the log
    int status = 0;
    Headers headers{};
    std::string body{};
};

/// One asynchronous libcurl multi handle under Asio: keep-alive, thousands of calls in flight on one thread. No redirects
/// followed, and no POST without an Idempotency-Key is sent twice. All members on the executor's thread. Destroying it cancels
/// what is in flight (answered with `unknown`).
class HttpClient {
public:
    static std::unique_ptr<HttpClient> make(boost::asio::any_io_executor executor, ClientLimits limits);
    virtual ~HttpClient() = default;
    virtual boost::asio::awaitable<ClientResponse> send(ClientRequest request) = 0;
};

} // namespace appointd::net
