#pragma once

#include "tests/integration/adapters/fixture.hpp"

#include <map>
#include <set>

namespace appointd::adapters::tests {

/// Meetings and tokens of one account.
class ZoomFake : public Fake {
public:
    std::map<std::int64_t, json::object> meetings;
    std::set<std::string> tokens; ///< that work
    std::int64_t lifetime = 3600;
    std::map<std::string, json::object> sessions; ///< that were held, by uuid
    bool tells_of_sessions = true;                ///< only paid plans do
    bool agenda_in_list = true;
    int issued = 0;
    std::int64_t next_id = 85012345678;

    json::object& add(std::string_view booking, std::string_view start, std::string_view created_at) {
        const auto id = next_id++;
        return meetings[id] = {{"id", id},
                               {"status", "waiting"},
                               {"agenda", "ref:" + std::string(booking)},
                               {"start_time", start},
                               {"created_at", created_at},
                               {"join_url", "https://zoom.us/j/" + std::to_string(id)},
                               {"start_url", "https://zoom.us/s/host-key"}};
    }
    static net::Response error(int status, int code, std::string_view message, net::Headers headers = {}) {
        headers.emplace_back("x-zm-trackingid", "v=2.0;track");
        return json_response(status, json::object{{"code", code}, {"message", message}}, std::move(headers));
    }

protected:
    net::Response answer(const net::Request& request) override {
        if (request.path == "/zoom-auth/oauth/token") return token(request);
        const std::string bearer(net::find_header(request.headers, "Authorization").value_or(""));
        if (!bearer.starts_with("Bearer ") || !tokens.contains(bearer.substr(7))) return error(401, 124, "Invalid access token.");
        const auto path = request.path.substr(std::string_view("/zoom/v2").size());
        if (path == "/users/host%40example.org/meetings")
            return request.method == "POST" ? create(request.body) : list(*form_decode(request.query));
        if (path.starts_with("/past_meetings/")) return past(path.substr(std::string_view("/past_meetings/").size()));
        const auto found = meetings.find(std::stoll(path.substr(std::string_view("/meetings/").size())));
        if (found == meetings.end()) return error(404, 3001, "Meeting does not exist.");
        if (request.method == "GET") return json_response(200, found->second);
        if (request.method == "DELETE") {
            if (found->second["status"] == "started") return error(400, 3002, "in progress");
            meetings.erase(found);
        } else {
            if (found->second["status"] == "started") return error(400, 3000, "cannot update a started meeting");
            const auto start = json::parse(request.body).at("start_time");
            if (start.as_string() > "2026-11-20T10:00:00Z")
                found->second["start_time"] = start; // one in the past changes nothing
        }
        return {204, {}, ""};
    }

private:
    net::Response token(const net::Request& request) {
        const auto form = *form_decode(request.body);
        if (net::find_header(request.headers, "Authorization") != "Basic Y2xpZW50OnNlY3JldA==" ||
            find_field(form, "account_id") != "ac1")
            return json_response(401,
                                 json::object{{"reason", "Invalid client_id or client_secret"}, {"error", "invalid_client"}});
        tokens = {"token-" + std::to_string(++issued)}; // a new one invalidates the old one
        return json_response(200,
                             json::object{{"access_token", *tokens.begin()}, {"token_type", "bearer"}, {"expires_in", lifetime}});
    }

    net::Response past(std::string name) {
        if (!tells_of_sessions) return error(400, 200, "Only available for paid account");
        if (name.ends_with("/instances")) {
            json::array all;
            for (const auto& [uuid, session] : sessions)
                all.push_back(json::object{{"uuid", uuid}, {"start_time", session.at("start_time")}});
            return json_response(200, json::object{{"meetings", all}});
        }
        const auto found = sessions.find(*percent_decode(*percent_decode(name))); // a uuid comes encoded twice
        return found == sessions.end() ? error(404, 3001, "Meeting does not exist.") : json_response(200, found->second);
    }

    net::Response create(const std::string& text) {
        const auto body = json::parse(text).as_object();
        auto& made = add("", body.at("start_time").as_string(), "2026-11-20T10:00:0" + std::to_string(meetings.size()) + "Z");
        made["agenda"] = body.at("agenda");
        return json_response(201, made);
    }

    net::Response list(const Fields& query) {
        const auto begin = std::stoll(find_field(query, "next_page_token").value_or("0"));
        json::array page;
        std::string next;
        for (const auto& [id, meeting] : meetings) {
            if (id < begin) continue;
            if (page.size() == 2) {
                next = std::to_string(id);
                break;
            }
            auto entry = meeting;
            entry.erase("start_url");
            if (!agenda_in_list) entry.erase("agenda");
            page.push_back(entry);
        }
        return json_response(200, json::object{{"page_size", 300}, {"next_page_token", next}, {"meetings", page}});
    }
};

class ZoomTest : public ActivitiesTest<ZoomFake> {
protected:
    static json::object creation() {
        return {{"booking", booking_id},
                {"body",
                 {{"topic", "Coaching"},
                  {"type", 2},
                  {"start_time", "2026-12-01T09:00:00Z"},
                  {"duration", 45},
                  {"agenda", "ref:" + booking_id}}}};
    }
    static json::object naming(std::int64_t meeting) { return {{"booking", booking_id}, {"meeting", std::to_string(meeting)}}; }
    static constexpr const char* slot = "2026-12-01T09:00:00Z";
};

} // namespace appointd::adapters::tests
