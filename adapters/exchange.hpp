#pragma once

#include "engine/ports/activity_handler.hpp"
#include "engine/ports/clock.hpp"
#include "foundation/json.hpp"
#include "foundation/log.hpp"
#include "net/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace appointd::adapters {

namespace asio = boost::asio;

/// What every provider's client works with; all of it outlives the client.
struct World {
    net::HttpClient& http;
    const engine::Clock& clock;
    engine::Random& random;
    Log log;
};

/// Uniform in [0, limit].
Duration jitter(engine::Random& random, Duration limit);

/// An HTTP answer, its body parsed where it is one JSON object (a gateway's HTML is none).
struct Answer {
    net::ClientResponse response;
    std::optional<json::object> body;

    bool arrived() const { return response.failure == net::ClientResponse::Failure::none; }
    bool ok() const { return arrived() && response.status >= 200 && response.status < 300; }
    std::optional<std::string_view> header(std::string_view name) const { return net::find_header(response.headers, name); }
    /// Empty where there is no body.
    const json::object& object() const;
};

/// The calls of one attempt: each is sent only before the attempt's deadline, and gets what is left of it as its time.
class Exchange {
public:
    Exchange(net::HttpClient& http, const engine::Clock& clock, std::chrono::steady_clock::time_point deadline)
        : http_(http), clock_(clock), deadline_(deadline) {}

    asio::awaitable<Answer> send(net::ClientRequest request);

    std::chrono::milliseconds time_left() const;
    std::chrono::steady_clock::time_point deadline() const { return deadline_; }
    /// Whether any byte has left.
    bool sent() const { return sent_; }

    static constexpr std::string_view too_late = "the attempt's deadline has passed";

private:
    net::HttpClient& http_;
    const engine::Clock& clock_;
    std::chrono::steady_clock::time_point deadline_;
    bool sent_ = false;
};

/// `base` may hold a path prefix and a trailing slash; `path` begins with one.
std::string join_url(std::string_view base, std::string_view path);

} // namespace appointd::adapters
