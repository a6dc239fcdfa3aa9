#pragma once

#include "foundation/json.hpp"
#include "sandbox/table.hpp"

#include <boost/json/array.hpp>

#include <optional>
#include <string>
#include <vector>

namespace appointd::sandbox::zoom {

struct Host {
    std::string id{};
    std::string email{};
};

struct Settings {
    std::string account_id = "sandbox-zoom-account";
    std::string client_id = "sandbox-zoom-client";
    std::string client_secret = "sandbox-zoom-client-secret";
    std::string secret_token = "sandbox-zoom-secret-token";
    std::vector<Host> hosts{{"KDcuGIm1QgePTO8WbOqwIQ", "host@example.org"}};
    std::string pages_base{};  ///< where join links lead: "http://127.0.0.1:8090/j"
    std::string webhook_url{}; ///< empty: no webhooks
    int daily_limit = 100;     ///< creates and updates of one host a day, UTC
    int light_per_second = 30; ///< 0: no limit
    int medium_per_second = 20;
    bool full_limit_headers = true;  ///< false: the header-less 429 that was measured
    bool new_token_ends_old = false; ///< the older behaviour ("token tolerance")
    Duration token_life = std::chrono::hours(1);
};

struct Participant {
    std::string user_id{};
    std::string uuid{};
    std::string name{};
    std::string email{};   ///< empty for people outside the account
    std::string account{}; ///< id of the user, empty for people outside the account
    bool host = false;
    Time joined_at{};
    std::optional<Time> left_at{};
};

struct Recording {
    std::string file_id{};
    std::string share_url{};
    Time from{};
    Time to{};
};

/// One time that the meeting ran: a uuid of its own.
struct Instance {
    std::string uuid{};
    Time started_at{};
    std::optional<Time> ended_at{};
    std::vector<Participant> participants{};
    std::optional<Recording> recording{};
};

struct Meeting {
    std::string id{}; ///< the number as text
    std::int64_t number = 0;
    std::string uuid{};
    std::string host_id{};
    std::string host_email{};
    std::string topic{};
    int type = 2;
    Time start{};
    int duration = 60; ///< minutes
    std::string timezone = "UTC";
    std::string agenda{};
    std::string password{};
    json::object settings{};
    json::array tracking_fields{};
    Time created_at{};
    bool deleted = false;
    std::vector<Instance> instances{};

    bool running() const { return !instances.empty() && !instances.back().ended_at; }
};

/// "ref:BOOKING" in an agenda, as BOOKING; "" without it. What the ledger counts twins by.
std::string marker_of(const Meeting& meeting);

} // namespace appointd::sandbox::zoom
