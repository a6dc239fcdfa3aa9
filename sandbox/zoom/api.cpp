#include "sandbox/zoom/body.hpp"
#include "sandbox/zoom/machine.hpp"
#include "sandbox/zoom/render.hpp"

#include <algorithm>

namespace appointd::sandbox::zoom {

using namespace std::chrono_literals;

Machine::Machine(Settings settings, std::uint64_t seed, Journal& journal)
    : settings_(std::move(settings)), ids_(seed), journal_(journal) {}

net::Response Machine::error(int status, int code, std::string_view message, json::array errors) const {
    json::object body{{"code", code}, {"message", message}};
    if (!errors.empty()) body["errors"] = std::move(errors);
    return json_response(status, body);
}

net::Response Machine::rate_limited(Time now, bool daily) const {
    const std::string limit = std::to_string(settings_.daily_limit);
    net::Response response =
        daily ? error(429, 429,
                      "You have exceeded the daily rate limit (" + limit +
                          ") of Meeting Create/Update API requests permitted for this particular user. You may resume these "
                          "requests at GMT 00:00:00.")
              : error(429, 429, "You have reached the maximum per-second rate limit for this API. Try again later.");
    if (!settings_.full_limit_headers) return response;
    response.headers.emplace_back("X-RateLimit-Type", daily ? "Daily-limit" : "QPS");
    response.headers.emplace_back("X-RateLimit-Limit", daily ? limit : std::to_string(settings_.medium_per_second));
    response.headers.emplace_back("X-RateLimit-Remaining", "0");
    if (daily) response.headers.emplace_back("Retry-After", whole_seconds(Quota::next_midnight(now))); // a date, not seconds
    return response;
}

net::Response Machine::failed(int status, bool html) const {
    if (!html) return error(status, 500, "Internal Server Error.");
    return {.status = status,
            .headers = {{"Content-Type", "text/html"}},
            .body =
                "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"};
}

Machine::Access Machine::access(const Call& call, Time now) const {
    const auto token = call.bearer();
    if (!token) return Access::missing;
    const auto place = tokens_.find(*token);
    return place != tokens_.end() && now < place->second ? Access::ok : Access::invalid;
}

net::Response Machine::auth(const Call& call, Time now) {
    const auto refused = [](int status, std::string_view code, std::string_view reason) {
        return json_response(status, json::object{{"reason", reason}, {"error", code}});
    };
    const bool known = call.has_basic(settings_.client_id, settings_.client_secret);
    const auto form = form_decode(call.body);
    if (!form) return refused(400, "invalid_request", "Bad request");
    const auto parameter = [&](std::string_view name) {
        const auto value = find_field(*form, name);
        return value ? value : call.parameter(name); // the query form still works
    };
    if (call.is("POST", {"oauth", "revoke"})) {
        if (!known) return refused(401, "invalid_client", "Invalid client_id or client_secret");
        tokens_.erase(parameter("token").value_or(""));
        return json_response(200, json::object{{"status", "success"}});
    }
    if (!call.is("POST", {"oauth", "token"})) return error(404, 404, "Not found");
    if (!known) return refused(call.header("Authorization") ? 400 : 401, "invalid_client", "Invalid client_id or client_secret");
    if (!parameter("grant_type")) return refused(400, "invalid_request", "Missing grant type");
    if (parameter("grant_type") != "account_credentials") return refused(400, "unsupported_grant_type", "unsupported grant type");
    if (parameter("account_id") != settings_.account_id) return refused(400, "invalid_request", "Bad Request");
    if (settings_.new_token_ends_old) tokens_.clear();
    std::erase_if(tokens_, [&](const auto& token) { return token.second <= now; });
    const std::string token = "eyJzdiI6IjAwMDAwMSJ9." + ids_.token(120);
    tokens_[token] = now + settings_.token_life;
    return json_response(200, json::object{{"access_token", token},
                                           {"token_type", "bearer"},
                                           {"expires_in", std::chrono::floor<std::chrono::seconds>(settings_.token_life).count()},
                                           {"scope", "meeting:write:meeting:admin meeting:read:meeting:admin "
                                                     "meeting:update:meeting:admin meeting:delete:meeting:admin "
                                                     "meeting:read:list_meetings:admin"},
                                           {"api_url", "https://api.zoom.us"}});
}

const Host* Machine::host_named(std::string_view name) const {
    for (const Host& host : settings_.hosts)
        if (name == host.id || name == host.email) return &host;
    return nullptr;
}

Meeting* Machine::alive(std::string_view id) {
    const auto place = meetings_.find(std::string(id));
    return place == meetings_.end() || place->second.deleted ? nullptr : &place->second;
}

net::Response Machine::api(const Call& call, Time now) {
    const bool lists = call.method == "GET" && call.segments.size() == 4; // /v2/users/{id}/meetings
    const bool creates = call.method == "POST";
    const Label label = lists || creates ? Label::medium : Label::light;
    const Access allowed = access(call, now);
    const int limit = label == Label::medium ? settings_.medium_per_second : settings_.light_per_second;
    net::Response response;
    if (allowed == Access::missing) response = error(401, 4700, "Invalid access token, does not contain scopes:[meeting:write].");
    if (allowed == Access::invalid) response = error(401, 124, "Invalid access token.");
    if (allowed == Access::ok) response = quota_.spend_second(label, limit, now) ? route(call, now) : rate_limited(now);
    response.headers.emplace_back("x-zm-trackingid", "v=2.0;clid=us02;rid=WEB_" + ids_.token(32));
    response.headers.emplace_back("X-RateLimit-Category", label == Label::medium ? "Medium" : "Light");
    return response;
}

net::Response Machine::route(const Call& call, Time now) {
    const auto& at = call.segments;
    if (at.size() < 3 || at[0] != "v2") return error(404, 404, "Not found");
    if (at[1] == "users") {
        const Host* host = host_named(at[2]);
        if (!host) return error(404, 1001, "User does not exist: " + at[2] + ".");
        if (call.is("GET", {"v2", "users", "*"}))
            return json_response(200, json::object{{"id", host->id}, {"email", host->email}, {"type", 2}, {"status", "active"}});
        if (call.is("POST", {"v2", "users", "*", "meetings"})) return create(call, *host, now);
        if (call.is("GET", {"v2", "users", "*", "meetings"})) return list(call, *host, now);
    }
    if (at[1] == "past_meetings") return past(call);
    if (at[1] == "meetings" && at.size() == 4 && at[3] == "recordings") return recordings(call);
    if (at[1] == "meetings") {
        if (at[2].empty() || !std::all_of(at[2].begin(), at[2].end(), [](char c) { return c >= '0' && c <= '9'; }))
            return error(400, 300, "Invalid meeting ID");
        Meeting* meeting = alive(at[2]);
        if (!meeting) return error(404, 3001, "Meeting does not exist: " + at[2] + ".");
        return one(call, *meeting, now);
    }
    return error(404, 404, "Not found");
}

net::Response Machine::one(const Call& call, Meeting& meeting, Time now) {
    if (call.is("GET", {"v2", "meetings", "*"})) return json_response(200, meeting_json(meeting, settings_, ids_.token(40)));
    if (call.is("PATCH", {"v2", "meetings", "*"})) return patch(call, meeting, now);
    if (call.is("DELETE", {"v2", "meetings", "*"})) return erase(meeting, now);
    if (call.is("GET", {"v2", "meetings", "*", "invitation"}))
        return json_response(200,
                             json::object{{"invitation", meeting.host_email + " is inviting you to a scheduled Zoom meeting."}});
    if (call.is("PUT", {"v2", "meetings", "*", "status"})) {
        const auto body = parse_object(call.body);
        if (!body || text_field(*body, "action") != "end") return error(400, 300, "Validation Failed.");
        if (!meeting.running()) return error(400, 3061, "This meeting is not in progress.");
        (void)end(meeting.id, now, now);
        return {.status = 204};
    }
    return error(404, 404, "Not found");
}

} // namespace appointd::sandbox::zoom
