#pragma once

#include "foundation/result.hpp"
#include "sandbox/call.hpp"
#include "sandbox/identifiers.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/zoom/quota.hpp"
#include "sandbox/zoom/state.hpp"

#include <deque>
#include <map>
#include <memory>

namespace appointd::sandbox::zoom {

/// Zoom, reduced to what happens: pure, no clock, no socket. Every member takes the moment it happens at; the people's verbs
/// take besides the instant that stands in the payload, so that sessions of future slots can be played at once.
/// Not synchronised. Errors of the people's verbs: not_found, invalid.
class Machine {
public:
    Machine(Settings settings, std::uint64_t seed, Journal& journal);

    net::Response api(const Call& call, Time now);
    /// The host zoom.us: /oauth/token, /oauth/revoke.
    net::Response auth(const Call& call, Time now);
    /// The join page: GET shows it, POST with action=start|join|leave|end.
    net::Response page(const Call& call, Time now);

    // What people do.
    Result<std::string> start(std::string_view meeting, Time at, Time now); ///< the uuid of the instance
    Result<std::string> join(std::string_view meeting, std::string_view name, bool host, Time at, Time now);
    Result<> leave(std::string_view meeting, std::string_view participant, Time at, Time now); ///< "": the last who joined
    Result<> end(std::string_view meeting, Time at, Time now);
    Result<> remove(std::string_view meeting, Time now);
    Result<> restore(std::string_view meeting, Time now); ///< out of Zoom's bin, with its old link
    Result<> move(std::string_view meeting, Time start, Time now);
    Result<> record(std::string_view meeting, Time now);
    /// A meeting that a person makes in Zoom itself: not ours, or a twin with our marker in the agenda.
    std::string create_by_hand(std::string_view topic, std::string_view agenda, Time start, Time now);

    /// The challenge that Zoom sends when an endpoint is saved and every 72 hours.
    Webhook validation(Time now);
    /// Six failures in a row disable the endpoint; a success enables it again.
    void validated(bool success);
    bool endpoint_disabled() const { return validation_failures_ >= 6; }

    net::Response rate_limited(Time now, bool daily = false) const;
    net::Response failed(int status, bool html) const;

    const std::map<std::string, Meeting>& meetings() const { return meetings_; }
    const Quota& quota() const { return quota_; }
    Settings& settings() { return settings_; }
    const Settings& settings() const { return settings_; }

private:
    enum class Access { ok, missing, invalid };
    /// The rest of a list as it was when its first page was asked for.
    struct Page {
        std::shared_ptr<const std::vector<std::string>> ids;
        std::size_t offset = 0;
        Time until{};
    };

    Access access(const Call& call, Time now) const;
    net::Response route(const Call& call, Time now);
    net::Response create(const Call& call, const Host& host, Time now);
    net::Response list(const Call& call, const Host& host, Time now);
    std::vector<std::string> listed(std::string_view type, const Host& host, Time now) const;
    std::string remember(Page page);
    net::Response one(const Call& call, Meeting& meeting, Time now);
    net::Response patch(const Call& call, Meeting& meeting, Time now);
    net::Response erase(Meeting& meeting, Time now);
    net::Response past(const Call& call) const;
    net::Response recordings(const Call& call);
    /// The id or uuid of a path segment, as sent; a uuid with '/' must have been encoded twice.
    std::pair<const Meeting*, const Instance*> instance_named(const std::string& segment) const;

    const Host* host_named(std::string_view name) const;
    Meeting* alive(std::string_view id);
    Meeting& add(const Host& host, Meeting meeting, Time now);
    bool day_left(const Host& host, Time now) { return quota_.spend_day(host.id, settings_.daily_limit, now); }
    json::object adjusted(const json::object& wanted) const;
    void emit(std::string_view type, const Meeting& meeting, json::object payload, Time now, std::string_view token = "");
    void note(std::string_view kind, const Meeting& meeting, bool by_api, Time now);
    void emit_change(const Meeting& before, const Meeting& after, bool by_api, Time now);
    net::Response error(int status, int code, std::string_view message, json::array errors = {}) const;

    Settings settings_;
    std::map<std::string, Meeting> meetings_; ///< by id as text; deleted ones stay, marked
    std::map<std::string, Time> tokens_;      ///< access tokens and when they end
    std::map<std::string, Page> pages_;
    std::deque<std::string> page_tokens_; ///< oldest first; only the newest are kept
    Quota quota_;
    mutable Identifiers ids_; ///< a start_url differs at every reading
    Journal& journal_;
    std::int64_t last_event_ms_ = 0;
    int validation_failures_ = 0;
};

} // namespace appointd::sandbox::zoom
