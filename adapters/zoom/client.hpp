#pragma once

#include "adapters/exchange.hpp"
#include "adapters/outcome.hpp"
#include "adapters/zoom/config.hpp"
#include "adapters/zoom/token.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::adapters::zoom {

/// Zoom's activities. On the executor's thread. start_url, the host's key, is never read.
class Client {
public:
    Client(World world, ApiConfig config, asio::any_io_executor executor);
    bool configured() const { return !config_.client_id.empty() && !config_.client_secret.empty() && !config_.user_id.empty(); }

    /// Zoom has no idempotency key: a repeated attempt looks for the marker first, creates, and looks again. Of two results the
    /// oldest stays.
    asio::awaitable<engine::AttemptResult> create_meeting(const engine::Attempt& attempt, const json::object& request,
                                                          Exchange& exchange);
    asio::awaitable<engine::AttemptResult> update_meeting(const engine::Attempt& attempt, const json::object& request,
                                                          Exchange& exchange);
    asio::awaitable<engine::AttemptResult> delete_meeting(const engine::Attempt& attempt, const json::object& request,
                                                          Exchange& exchange);
    asio::awaitable<engine::AttemptResult> look_at_meeting(const engine::Attempt& attempt, const json::object& request,
                                                           Exchange& exchange);

    /// One page of the host's meetings that bear a booking's mark, as meeting.created would tell of them.
    asio::awaitable<engine::AttemptResult> sweep_meetings(const engine::Attempt& attempt, const json::object& request,
                                                          Exchange& exchange);

private:
    /// An answer, or why there was no token to ask with.
    struct Reply {
        Answer answer{};
        std::optional<engine::AttemptResult> trouble{};
        bool ok() const { return !trouble && answer.ok(); }
        bool is(int status, std::int64_t code) const;
    };
    struct Call {
        std::string method, path, body{};
    };
    struct Search {
        std::optional<engine::AttemptResult> trouble{};
        std::vector<json::object> meetings{}; ///< oldest first
    };
    struct Wanted {
        std::string booking;
        std::optional<Time> start;
    };

    asio::awaitable<Reply> call(const engine::Attempt& attempt, Exchange& exchange, Call call);
    asio::awaitable<Answer> send(Exchange& exchange, const Call& call, std::string token);
    engine::AttemptResult refusal(const engine::Attempt& attempt, const Exchange& exchange, const Reply& reply) const;

    asio::awaitable<Search> search(const engine::Attempt& attempt, Exchange& exchange, Wanted wanted);
    asio::awaitable<std::optional<engine::AttemptResult>> search_list(const engine::Attempt& attempt, Exchange& exchange,
                                                                      Wanted wanted, std::string type,
                                                                      std::vector<json::object>& found);
    /// Whether a listed meeting is the booking's; where Zoom did not tell, the trouble.
    struct Ours {
        bool yes = false;
        std::optional<engine::AttemptResult> trouble{};
    };
    asio::awaitable<Ours> is_ours(const engine::Attempt& attempt, Exchange& exchange, const Wanted& wanted,
                                  json::object& meeting);
    asio::awaitable<engine::AttemptResult> settle(const engine::Attempt& attempt, Exchange& exchange,
                                                  std::vector<json::object> meetings, bool adopted);
    engine::Incoming found(std::string_view type, json::object payload, const std::string& key, Time moment) const;
    asio::awaitable<void> find_sessions(const engine::Attempt& attempt, Exchange& exchange, std::string meeting,
                                        std::vector<engine::Incoming>& learned);
    asio::awaitable<engine::AttemptResult> read_back(const engine::Attempt& attempt, Exchange& exchange, std::string path);

    World world_;
    ApiConfig config_;
    std::unique_ptr<TokenSource> token_;
};

/// The exact body as stored: an object, or the text of one.
std::optional<std::string> body_of(const json::object& request);

} // namespace appointd::adapters::zoom
