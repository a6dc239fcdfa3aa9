#pragma once

#include "adapters/exchange.hpp"
#include "adapters/zoom/config.hpp"
#include "engine/ports/activity_handler.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace appointd::adapters::zoom {

/// The account's one access token: asked for once however many calls need it (Zoom has let parallel tokens invalidate each
/// other), kept until 60 s before its end. On the executor's thread. Never moved while calls are under way.
class TokenSource {
public:
    TokenSource(World world, ApiConfig config, asio::any_io_executor executor)
        : world_(std::move(world)), config_(std::move(config)), executor_(std::move(executor)) {}

    struct Token {
        std::string text{};
        std::optional<engine::AttemptResult> trouble{}; ///< why there is none; `failed` only where the credentials were refused
    };
    asio::awaitable<Token> get(const engine::Attempt& attempt, Exchange& exchange);

    /// Zoom refused this one: the next `get` asks for another, unless somebody has already.
    void drop(std::string_view token);

private:
    asio::awaitable<Token> fetch(const engine::Attempt& attempt, Exchange& exchange);
    asio::awaitable<void> wait_for_landing(Exchange& exchange);
    void land(const Token& token);

    World world_;
    ApiConfig config_;
    asio::any_io_executor executor_;
    std::string token_;
    std::chrono::steady_clock::time_point renew_at_{};
    bool in_flight_ = false;
    std::optional<engine::AttemptResult> last_trouble_; ///< of the flight that landed last
    std::list<asio::steady_timer*> waiting_;
};

} // namespace appointd::adapters::zoom
