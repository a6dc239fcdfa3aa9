#pragma once

#include "adapters/exchange.hpp"
#include "adapters/outcome.hpp"
#include "adapters/stripe/config.hpp"
#include "foundation/encoding.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::adapters::stripe {

/// Stripe's words of an error answer; the code is error.code, else error.type.
Complaint complaint_of(const Answer& answer);

/// Seconds since 1970, as Stripe's lists want them.
std::string seconds_text(Time time);

/// Stripe's activities. On the executor's thread.
///
/// A POST is repeated with the same key and the same stored body for as long as its outcome is unknown, through every round. The
/// key is given up only when it is spent: Stripe answers it with a stored error, or it is older than 23 hours and may be
/// forgotten. Then the effect is looked for; found, it is the outcome; absent, the next attempt gets the next generation of the
/// key.
class Client {
public:
    Client(World world, ApiConfig config) : world_(std::move(world)), config_(std::move(config)) {}
    bool configured() const { return !config_.secret_key.empty(); }

    asio::awaitable<engine::AttemptResult> create_checkout(const engine::Attempt& attempt, const json::object& request,
                                                           Exchange& exchange);
    asio::awaitable<engine::AttemptResult> expire_checkout(const engine::Attempt& attempt, const json::object& request,
                                                           Exchange& exchange);
    asio::awaitable<engine::AttemptResult> look_at_checkout(const engine::Attempt& attempt, const json::object& request,
                                                            Exchange& exchange);
    asio::awaitable<engine::AttemptResult> create_refund(const engine::Attempt& attempt, const json::object& request,
                                                         Exchange& exchange);
    asio::awaitable<engine::AttemptResult> list_refunds(const engine::Attempt& attempt, const json::object& request,
                                                        Exchange& exchange);
    /// One page of the account's events of a window, oldest first, as the webhooks' own events.
    asio::awaitable<engine::AttemptResult> sweep_events(const engine::Attempt& attempt, const json::object& request,
                                                        Exchange& exchange);

private:
    /// Objects of a list that a test picked, newest first.
    struct Listing {
        std::optional<engine::AttemptResult> trouble{};
        std::vector<json::object> objects{};
        bool whole = true; ///< false: there is more than we read, so what was not found is not proven absent
    };
    using Pick = std::function<bool(const json::object&)>;

    asio::awaitable<Answer> get(Exchange& exchange, std::string path);
    asio::awaitable<Answer> post(Exchange& exchange, const engine::Attempt& attempt, std::string path, std::string body);
    asio::awaitable<Listing> list(const engine::Attempt& attempt, Exchange& exchange, std::string path, Fields query, Pick pick);

    engine::AttemptResult refusal(const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer) const;
    /// What a look for the effect came to nothing means: retry with the next key, or with the same where the look proves nothing.
    static engine::AttemptResult absent(const Listing& listing);

    asio::awaitable<Listing> sessions_like(const engine::Attempt& attempt, const Fields& form, Exchange& exchange);
    asio::awaitable<Listing> sessions_of(const engine::Attempt& attempt, const std::string& booking, Exchange& exchange);
    asio::awaitable<engine::AttemptResult> session_facts(const engine::Attempt& attempt, json::object session,
                                                         Exchange& exchange);
    asio::awaitable<Listing> refunds_of(const engine::Attempt& attempt, const std::string& payment, Exchange& exchange);
    asio::awaitable<engine::AttemptResult> refused_refund(const engine::Attempt& attempt, const json::object& request,
                                                          Answer answer, Exchange& exchange);

    World world_;
    ApiConfig config_;
};

/// The key can no longer be trusted to say what happened: it is older than 23 hours.
bool is_old(const engine::Attempt& attempt);
/// The key holds an error: every repetition would be answered with it. Stripe stores what an execution answered, a 500 as well as
/// a refusal, and replays it; the refusal that ended the round before is such an answer, whether it is marked as a replay or not.
bool is_spent(const engine::Attempt& attempt, const Answer& answer);
/// [["name", "value"], …] as stored; nullopt where it is not written like this.
std::optional<Fields> form_of(const json::object& request);

} // namespace appointd::adapters::stripe
