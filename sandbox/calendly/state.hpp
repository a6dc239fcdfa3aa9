#pragma once

#include "foundation/json.hpp"
#include "sandbox/table.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace appointd::sandbox::calendly {

/// Identifiers stay on the real host whatever address the sandbox listens on.
inline constexpr std::string_view uri_root = "https://api.calendly.com/";

std::string uri_of(std::string_view collection, std::string_view id);
/// The last segment of a URI (or of a bare id).
std::string id_of(std::string_view uri);

struct Settings {
    std::string personal_token = "sandbox-calendly-token";
    std::string client_id = "sandbox-calendly-client";
    std::string client_secret = "sandbox-calendly-client-secret";
    std::string user_id = "11111111-1111-4111-8111-111111111111";
    std::string organization_id = "22222222-2222-4222-8222-222222222222";
    std::string host_name = "Sandbox Host";
    std::string host_email = "host@example.org";
    std::string timezone = "UTC";
    std::string pages_base{};  ///< where people click: "http://127.0.0.1:8090/book"
    std::string webhook_url{}; ///< a subscription that is there from the start; empty: none
    std::string webhook_signing_key = "sandbox-calendly-signing-key";
    int requests_per_minute = 500;            ///< per user; 0: no limit
    int bookings_per_minute = 10;             ///< POST /invitees; 0: no limit
    bool paid_plan = true;                    ///< false: webhooks and POST /invitees answer 403
    bool tracking_survives_reschedule = true; ///< not documented either way
    bool overlapping = false;                 ///< true: a time can be booked many times over, as load tests want it
    Duration access_token_life = std::chrono::hours(2);
};

struct EventType {
    std::string id{};
    std::string name{};
    std::string slug{};
    int duration_minutes = 60;
    int seats = 1; ///< more than one: a group event type
    bool active = true;
    std::string location_type =
        "custom";               ///< "zoom": Calendly makes the conference itself; "zoom_late": its link is null in the webhook
    std::string redirect_url{}; ///< where the browser goes after booking; empty: Calendly's own page
    Time created_at{};
};

struct Cancellation {
    std::string canceled_by{};
    std::string reason{};
    std::string canceler_type{}; ///< "invitee" or "host"
    Time created_at{};
};

struct NoShow {
    std::string id{};
    Time created_at{};
};

struct Invitee {
    std::string id{};
    std::string event{}; ///< id of the scheduled event
    std::string email{};
    std::string name{};
    std::string timezone = "UTC";
    json::object tracking{};
    json::value payment = nullptr; ///< what Calendly itself collected
    json::array answers{};
    bool rescheduled = false;
    std::string old_invitee{}; ///< URIs
    std::string new_invitee{};
    std::optional<Cancellation> cancellation{};
    std::optional<NoShow> no_show{};
    std::string scheduling_method{};
    Time created_at{};
    Time updated_at{};
};

struct ScheduledEvent {
    std::string id{};
    std::string type{};
    Time start{};
    Time end{};
    json::object location{};
    json::array guests{};
    std::optional<Cancellation> cancellation{};
    std::vector<std::string> invitees{};
    Time created_at{};
    Time updated_at{};
};

struct Link {
    std::string id{};
    std::string type{};
    bool used = false;
};

struct Subscription {
    std::string id{};
    std::string url{};
    std::string signing_key{};
    std::set<std::string> events{};
    std::string scope = "organization";
    bool disabled = false;
    bool deleted = false;
    std::optional<Time> retry_started_at{};
    Time created_at{};
    Time updated_at{};
};

/// An OAuth grant on its way: code, access token or refresh token.
struct Grant {
    std::string id{}; ///< the secret text
    enum class Kind { code, access, refresh } kind = Kind::code;
    Time expires_at{};
    bool spent = false;
    std::string redirect_uri{};
    std::string challenge{};
    std::string scope{};
    Time created_at{};
};

struct State {
    Table<EventType> types;
    Table<ScheduledEvent> events;
    Table<Invitee> invitees;
    Table<Link> links;
    Table<Subscription> subscriptions;
    Table<Grant> grants;
    std::map<std::string, std::string> no_shows; ///< no-show id -> invitee id
};

} // namespace appointd::sandbox::calendly
