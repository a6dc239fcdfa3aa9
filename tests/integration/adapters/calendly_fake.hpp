#pragma once

#include "tests/integration/adapters/fixture.hpp"

#include <map>

namespace appointd::adapters::tests {

/// Events, invitees, links and webhook subscriptions of one user.
class CalendlyFake : public Fake {
public:
    static std::string event_uri(std::string_view event) {
        return "https://api.calendly.com/scheduled_events/" + std::string(event);
    }
    static std::string invitee_uri(std::string_view event, std::string_view invitee) {
        return event_uri(event) + "/invitees/" + std::string(invitee);
    }

    std::map<std::string, json::object> events;                          ///< by id
    std::map<std::string, std::map<std::string, json::object>> invitees; ///< by event, by id
    std::vector<json::object> subscriptions;
    int links = 0;
    bool owner = true; ///< may see the whole organization
    std::size_t page_size = 2;

    json::object& book(const std::string& event, const std::string& invitee) {
        events[event] = {{"uri", event_uri(event)},
                         {"status", "active"},
                         {"event_type", event_type},
                         {"start_time", "2026-12-01T06:30:00.000000Z"},
                         {"end_time", "2026-12-01T07:00:00.000000Z"},
                         {"created_at", "2026-11-20T09:00:00.000000Z"},
                         {"location", {{"type", "zoom"}, {"join_url", "https://zoom.us/j/1"}}},
                         {"invitees_counter", {{"total", 1}, {"limit", 1}}}};
        return invitees[event][invitee] = {{"uri", invitee_uri(event, invitee)},
                                           {"event", event_uri(event)},
                                           {"status", "active"},
                                           {"email", "ann@example.org"},
                                           {"name", "Ann Poe"},
                                           {"rescheduled", false},
                                           {"old_invitee", nullptr},
                                           {"new_invitee", nullptr},
                                           {"tracking", {{"utm_content", booking_id}}},
                                           {"created_at", "2026-11-20T09:00:00.000000Z"},
                                           {"updated_at", "2026-11-20T09:00:00.000000Z"}};
    }
    void cancel(const std::string& event, const std::string& invitee, std::string_view by = "invitee") {
        auto& body = invitees[event][invitee];
        body["status"] = "canceled";
        body["cancellation"] = {{"canceled_by", "Ann Poe"},
                                {"canceler_type", by},
                                {"reason", nullptr},
                                {"created_at", "2026-11-20T09:30:00.000001Z"}};
        events[event]["status"] = "canceled";
    }
    void reschedule(const std::string& event, const std::string& invitee, const std::string& to_event,
                    const std::string& to_invitee) {
        book(to_event, to_invitee)["old_invitee"] = invitee_uri(event, invitee);
        cancel(event, invitee);
        invitees[event][invitee]["rescheduled"] = true;
        invitees[event][invitee]["new_invitee"] = invitee_uri(to_event, to_invitee);
    }
    static net::Response error(int status, std::string_view message) {
        return json_response(status, json::object{{"title", "Permission Denied"}, {"message", message}});
    }

protected:
    net::Response answer(const net::Request& request) override {
        if (net::find_header(request.headers, "Authorization") != "Bearer pat") return error(401, "The access token is invalid");
        const auto path = request.path.substr(std::string_view("/calendly").size());
        const auto query = *form_decode(request.query);
        if (path == "/users/me")
            return resource(200, {{"uri", "https://api.calendly.com/users/U1"},
                                  {"current_organization", "https://api.calendly.com/organizations/O1"}});
        if (path == "/scheduling_links") {
            EXPECT_EQ(json::parse(request.body).at("owner"), json::value(event_type));
            return resource(201, {{"booking_url", "https://calendly.com/d/link-" + std::to_string(++links)}});
        }
        if (path == "/webhook_subscriptions")
            return request.method == "GET" ? list_subscriptions(query) : subscribe(request.body);
        if (path.starts_with("/webhook_subscriptions/")) return unsubscribe(path);
        if (path == "/scheduled_events") return list_events(query);
        return scheduled(request.method, path.substr(18));
    }

private:
    static net::Response resource(int status, json::object body) {
        return json_response(status, json::object{{"resource", std::move(body)}});
    }
    net::Response collection(json::array all, const Fields& query) const {
        const auto begin = static_cast<std::size_t>(std::stoi(find_field(query, "page_token").value_or("0")));
        json::array page;
        for (std::size_t i = begin; i < all.size() && page.size() < page_size; ++i) page.push_back(all[i]);
        const auto next = begin + page.size();
        return json_response(
            200,
            json::object{{"collection", page},
                         {"pagination",
                          {{"next_page_token", next < all.size() ? json::value(std::to_string(next)) : json::value(nullptr)}}}});
    }

    net::Response scheduled(std::string_view method, const std::string& rest) {
        const auto slash = rest.find('/');
        const auto event = rest.substr(0, slash);
        if (!events.contains(event))
            return json_response(404, json::object{{"title", "Resource Not Found"}, {"message", "gone"}});
        if (slash == std::string::npos) return resource(200, events[event]);
        const auto what = rest.substr(slash + 1);
        if (what == "cancellation" && method == "POST") {
            if (events[event]["status"] == "canceled") return error(403, "Event is already canceled");
            events[event]["status"] = "canceled";
            return resource(201, {{"canceled_by", "Host"}});
        }
        if (what == "invitees") {
            json::array all;
            for (const auto& [id, body] : invitees[event]) all.push_back(body);
            return collection(all, {});
        }
        const auto found = invitees[event].find(what.substr(9));
        if (found == invitees[event].end()) return json_response(404, json::object{{"title", "Resource Not Found"}});
        return resource(200, found->second);
    }

    net::Response list_events(const Fields& query) {
        if (find_field(query, "organization") && !owner) return error(403, "You do not have permission");
        json::array all;
        const auto email = find_field(query, "invitee_email");
        for (const auto& [id, body] : events) {
            const auto& people = invitees[id];
            const bool asked = !email || std::any_of(people.begin(), people.end(), [&](const auto& invitee) {
                return invitee.second.at("email") == json::value(*email);
            });
            if (asked) all.push_back(body);
        }
        return collection(all, query);
    }

    net::Response list_subscriptions(const Fields& query) {
        if (find_field(query, "scope") == "organization" && !owner) return error(403, "You do not have permission");
        json::array all;
        for (const auto& body : subscriptions)
            if (find_field(query, "scope") == std::string(body.at("scope").as_string())) all.push_back(body);
        return collection(all, query);
    }

    net::Response subscribe(const std::string& text) {
        const auto body = json::parse(text).as_object();
        EXPECT_EQ(body.at("signing_key"), "sign");
        for (const auto& other : subscriptions)
            if (other.at("callback_url") == body.at("url"))
                return json_response(409,
                                     json::object{{"title", "Already Exists"}, {"message", "Hook with this url already exists"}});
        subscriptions.push_back(
            {{"uri", "https://api.calendly.com/webhook_subscriptions/W" + std::to_string(subscriptions.size() + 1)},
             {"callback_url", body.at("url")},
             {"state", "active"},
             {"events", body.at("events")},
             {"scope", body.at("scope")},
             {"retry_started_at", nullptr}});
        return resource(201, subscriptions.back());
    }

    net::Response unsubscribe(const std::string& path) {
        std::erase_if(subscriptions,
                      [&](const json::object& body) { return std::string(body.at("uri").as_string()).ends_with(path); });
        return {204, {}, ""};
    }
};

} // namespace appointd::adapters::tests
