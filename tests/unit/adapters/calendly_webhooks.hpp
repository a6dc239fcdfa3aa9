#pragma once

#include "adapters/calendly/webhook.hpp"
#include "tests/unit/adapters/webhooks.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::adapters::tests {

inline const std::string event_type = "https://api.calendly.com/event_types/T1";
inline const std::string invitee_uri = "https://api.calendly.com/scheduled_events/E1/invitees/I1";
inline const std::string new_uri = "https://api.calendly.com/scheduled_events/E2/invitees/I2";

/// An active invitee as recorded on the wire, June 2026.
inline json::object invitee() {
    return json::parse(R"({
      "uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1","event":"https://api.calendly.com/scheduled_events/E1",
      "email":"ann@example.org","name":"Ann Poe","first_name":null,"last_name":null,"status":"active","timezone":"Europe/Berlin",
      "text_reminder_number":null,"questions_and_answers":[{"question":"Goal?","answer":"Demo","position":0}],
      "tracking":{"utm_campaign":null,"utm_source":"appointd","utm_medium":null,"utm_content":"019a9f00-0000-7000-8000-000000000001","utm_term":null,"salesforce_uuid":null},
      "cancel_url":"https://calendly.com/cancellations/I1","reschedule_url":"https://calendly.com/reschedulings/I1",
      "rescheduled":false,"old_invitee":null,"new_invitee":null,"payment":null,"no_show":null,"reconfirmation":null,
      "created_at":"2026-11-16T09:00:00.000001Z","updated_at":"2026-11-16T09:00:01.238765Z",
      "scheduled_event":{"uri":"https://api.calendly.com/scheduled_events/E1","name":"Intro","status":"active",
       "start_time":"2026-12-01T06:30:00.000000Z","end_time":"2026-12-01T07:00:00.000000Z","event_type":"https://api.calendly.com/event_types/T1",
       "location":{"type":"custom","location":"Link follows"},"invitees_counter":{"total":1,"active":1,"limit":1},
       "event_memberships":[{"user":"https://api.calendly.com/users/U1","user_email":"host@example.org","user_name":"Host"}],
       "event_guests":[],"created_at":"2026-11-16T09:00:00.000000Z","updated_at":"2026-11-16T09:00:01.264331Z"}})")
        .as_object();
}

inline json::object canceled_invitee(bool rescheduled) {
    auto body = invitee();
    body["status"] = "canceled";
    body["rescheduled"] = rescheduled;
    if (rescheduled) body["new_invitee"] = new_uri;
    body["cancellation"] = {{"canceled_by", "Ann Poe"},
                            {"reason", "ill"},
                            {"canceler_type", "invitee"},
                            {"created_at", "2026-11-17T01:40:57.223808Z"}};
    return body;
}

inline std::string envelope(std::string_view type, const json::object& body) {
    return json::serialize(json::object{{"event", type},
                                        {"created_at", "2026-11-20T09:59:58.574849Z"},
                                        {"created_by", "https://api.calendly.com/users/U1"},
                                        {"payload", body}});
}

struct CalendlyWebhooks : testing::Test {
    static std::optional<SessionTerms> session_type(std::string_view uri) {
        if (uri != event_type) return std::nullopt;
        return SessionTerms{"coaching-60", {{"session_type", "coaching-60"}, {"price", 12000}}};
    }
    Translate translate = calendly::webhook_translator({.signing_key = " key-1 \n"}, session_type,
                                                       [] { return *engine::parse_workflow_id(fresh_id); });

    Result<Translation> deliver(const std::string& body) {
        return translate(post(body, {{"calendly-webhook-signature", timestamped("key-1", now_seconds, body)}}), now);
    }
    engine::Incoming event(std::string_view type, const json::object& body) { return incoming(deliver(envelope(type, body))); }
};

} // namespace appointd::adapters::tests
