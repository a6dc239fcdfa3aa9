#pragma once

#include "adapters/calendly/config.hpp"
#include "adapters/exchange.hpp"
#include "adapters/outcome.hpp"
#include "adapters/webhook.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace appointd::adapters::calendly {

/// One request with the token on it; `path` begins with '/'. An empty body sends none.
net::ClientRequest api_request(const ApiConfig& config, std::string method, std::string_view path, std::string body = {});
/// Calendly's words of an error answer. It has no codes of its own.
Complaint complaint_of(const Answer& answer);
/// The `resource` of an answer; empty where there is none.
const json::object& resource_of(const Answer& answer);
/// The path of a URI that Calendly uses as an identifier ("https://api.calendly.com/scheduled_events/E"): whatever host it names,
/// our calls, and so our token, go to the configured base only. nullopt where it is no such URI.
std::optional<std::string> path_of(std::string_view uri, std::string_view base);

/// Calendly's activities. On the executor's thread.
class Client {
public:
    Client(World world, ApiConfig config, SessionTypes session_types, FreshId fresh);
    bool configured() const { return !config_.token.empty(); }

    asio::awaitable<engine::AttemptResult> create_link(const engine::Attempt& attempt, const json::object& request,
                                                       Exchange& exchange);
    asio::awaitable<engine::AttemptResult> cancel_slot(const engine::Attempt& attempt, const json::object& request,
                                                       Exchange& exchange);
    asio::awaitable<engine::AttemptResult> look_at_slot(const engine::Attempt& attempt, const json::object& request,
                                                        Exchange& exchange);
    /// A part of what happened to the account's slots within a window, as the webhooks' own events.
    asio::awaitable<engine::AttemptResult> sweep_events(const engine::Attempt& attempt, const json::object& request,
                                                        Exchange& exchange);

private:
    /// What a reading came to: `trouble` where it did not come to anything.
    struct Reading {
        std::optional<engine::AttemptResult> trouble{};
        bool found = false;
        json::object body{}; ///< an invitee with its scheduled_event inside, as webhooks carry it
    };
    struct Identity {
        std::string user, organization;
    };
    /// Whose slot is looked for, and where.
    struct Wanted {
        std::string booking;
        std::optional<std::string> event_type;
        std::string email; ///< empty: whoever's
        Time since;
        int most_reads; ///< events whose invitees are read
    };

    engine::AttemptResult refusal(const engine::Attempt& attempt, const Exchange& exchange, const Answer& answer) const;
    asio::awaitable<Answer> get(Exchange& exchange, std::string path);

    asio::awaitable<Reading> read_invitee(const engine::Attempt& attempt, Exchange& exchange, std::string uri);
    asio::awaitable<Reading> find_by_claim(const engine::Attempt& attempt, const json::object& request, Exchange& exchange);
    asio::awaitable<Reading> search(const engine::Attempt& attempt, Exchange& exchange, Wanted wanted);
    asio::awaitable<Reading> find_among(const engine::Attempt& attempt, Exchange& exchange, std::string booking,
                                        json::object event);
    asio::awaitable<std::optional<engine::AttemptResult>> learn_identity(const engine::Attempt& attempt, Exchange& exchange);
    asio::awaitable<Answer> list_events(Exchange& exchange, Time from, std::string page_token, std::string email = "");
    asio::awaitable<std::optional<engine::AttemptResult>> learn(const engine::Attempt& attempt, Exchange& exchange,
                                                                const json::object& invitee, bool claimed,
                                                                std::vector<engine::Incoming>& learned);
    void tell(const json::object& invitee, Time begin, std::vector<engine::Incoming>& learned) const;
    asio::awaitable<std::optional<engine::AttemptResult>> tell_invitees(const engine::Attempt& attempt, Exchange& exchange,
                                                                        json::object event, Time begin,
                                                                        std::vector<engine::Incoming>& learned);
    engine::Incoming seen(std::string_view type, const json::object& invitee) const;
    json::object facts_of(const json::object& invitee) const;

    World world_;
    ApiConfig config_;
    SessionTypes session_types_;
    FreshId fresh_;
    std::optional<Identity> identity_; ///< of the token; asked once
    bool organization_wide_ = true;    ///< until Calendly says that the token may not
};

} // namespace appointd::adapters::calendly
