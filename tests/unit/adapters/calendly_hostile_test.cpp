#include "tests/unit/adapters/calendly_webhooks.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

constexpr std::string_view no_session_type = "no session type for this event type";

TEST_F(CalendlyWebhooks, SignatureIsCheckedBeforeTheBodyIsRead) {
    EXPECT_EQ(error_code(translate(post("not json", {}), now)), "bad_signature");
    EXPECT_EQ(error_code(translate(
                  post("not json", {{"Calendly-Webhook-Signature", timestamped("other", now_seconds, "not json")}}), now)),
              "bad_signature");
    EXPECT_EQ(error_code(translate(post("{}", {{"Calendly-Webhook-Signature", timestamped("key-1", "1795168000", "{}")}}), now)),
              "stale_timestamp");
}

TEST_F(CalendlyWebhooks, SignedNonsenseIsMalformed) {
    std::string deep;
    for (int i = 0; i < 200; ++i) deep += "{\"a\":";
    for (const std::string& body :
         std::vector<std::string>{std::string(), std::string("   "), std::string("null"), std::string("[]"),
                                  std::string("\"text\""), std::string("{\"a\":1} trailing"), std::string("{\"a\":"),
                                  std::string("{\"a\":\"\xff\xfe\"}"), std::string("\xEF\xBB\xBF{}"), deep})
        EXPECT_EQ(error_code(deliver(body)), "malformed") << body;
}

TEST_F(CalendlyWebhooks, UnknownTypesAreKeptAndIgnored) {
    for (const auto* type : {"routing_form_submission.created", "event_type.updated", ""})
        expect_ignored(event(type, invitee()), "unknown event type");
    expect_ignored(incoming(deliver("{}")), "unknown event type");
    expect_ignored(incoming(deliver(R"({"event":{"a":1},"payload":[]})")), "unknown event type");
    const auto odd = incoming(deliver(R"({"event":"x\u0000\u001b y"})"));
    EXPECT_EQ(odd.event.type, "x___y");
    EXPECT_NE(incoming(deliver(R"({"event":"a"})")).event.id, incoming(deliver(R"({"event":"b"})")).event.id);
}

TEST_F(CalendlyWebhooks, WhatANeededFieldLacksIsSaid) {
    expect_ignored(incoming(deliver(R"({"event":"invitee.created"})")), "lacks payload");
    expect_ignored(incoming(deliver(R"({"event":"invitee.created","payload":7})")), "lacks payload");
    const auto without = [&](std::string_view field) {
        auto body = invitee();
        body.erase(field);
        return event("invitee.created", body);
    };
    expect_ignored(without("uri"), "lacks uri");
    expect_ignored(without("scheduled_event"), "lacks scheduled_event.event_type");
    EXPECT_EQ(without("event").event.type, "slot.taken");      // the event itself names its URI
    EXPECT_EQ(without("created_at").event.type, "slot.taken"); // the envelope's moment stands in
    EXPECT_EQ(without("tracking").event.type, "slot.taken");
    EXPECT_EQ(payload(without("email")).at("email"), "");
    auto body = invitee();
    body["scheduled_event"].as_object()["start_time"] = "tomorrow";
    expect_ignored(event("invitee.created", body), "lacks scheduled_event.start_time");
    body = canceled_invitee(false);
    body.erase("uri");
    expect_ignored(event("invitee.canceled", body), "lacks uri");
}

TEST_F(CalendlyWebhooks, FieldsOfOtherTypesAreUnderstoodOrLeftOut) {
    auto body = invitee();
    body["name"] = 42;
    body["tracking"] = "none";
    body["rescheduled"] = "false";
    body["payment"] = true;
    body["old_invitee"] = json::object{};
    const auto taken = event("invitee.created", body);
    EXPECT_EQ(taken.event.type, "slot.taken");
    EXPECT_EQ(payload(taken).at("name"), "42");
    auto moving = canceled_invitee(true);
    moving["rescheduled"] = "true";
    moving["new_invitee"] = nullptr;
    EXPECT_EQ(event("invitee.canceled", moving).event.type, "slot.moving");
    moving["cancellation"] = "yes";
    EXPECT_EQ(payload(event("invitee.canceled", moving)).at("by"), "host");
}

TEST_F(CalendlyWebhooks, KeysThatWouldBreakTheStoreAreNoKeys) {
    auto body = invitee();
    body["uri"] = std::string("https://x/\0y", 12);
    expect_ignored(event("invitee.created", body), "lacks uri");
    body["uri"] = std::string(5000, 'x');
    expect_ignored(event("invitee.created", body), "lacks uri");
}

TEST_F(CalendlyWebhooks, EventTypesThatNoSessionTypeNamesAreNotOurs) {
    auto body = invitee();
    body["scheduled_event"].as_object()["event_type"] = "https://api.calendly.com/event_types/OTHER";
    const auto taken = event("invitee.created", body);
    EXPECT_EQ(taken.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_EQ(taken.address.reason, no_session_type);
    const auto claim = body.at("tracking").at("utm_content").as_string();
    EXPECT_EQ(targets(taken).back(), claim) << "a link that was given out before still leads to its booking";
    EXPECT_TRUE(payload(taken).at("terms").is_null()) << "and nothing begins without terms";
    body["tracking"] = json::object{{"utm_content", "spring-campaign"}};
    const auto canceled = event("invitee.canceled", body);
    EXPECT_EQ(canceled.address.unclaimed, engine::Unclaimed::ignore);
    EXPECT_EQ(canceled.address.reason, no_session_type);
    EXPECT_EQ(canceled.address.targets.size(),
              1u); // a booking that began before its type left the configuration still hears of it
}

TEST_F(CalendlyWebhooks, HalvesOfABookingWhoseTypeLeftTheConfigurationWaitForItsOtherEvents) {
    auto body = invitee();
    body["scheduled_event"].as_object()["event_type"] = "https://api.calendly.com/event_types/OTHER";
    const auto canceled = event("invitee.canceled", body);
    EXPECT_EQ(canceled.address.unclaimed, engine::Unclaimed::wait) << "it bears a booking's id";
    EXPECT_EQ(canceled.address.reason, no_session_type) << "and is nothing more when its time is up";
    EXPECT_FALSE(canceled.address.marked);
    body["tracking"] = json::object{};
    body["old_invitee"] = new_uri;
    const auto moved = event("invitee.created", body);
    EXPECT_EQ(moved.address.unclaimed, engine::Unclaimed::wait);
    EXPECT_EQ(moved.address.waits_for.get(), "/calendly/default/invitee/" + new_uri);
    EXPECT_EQ(targets(moved).at(1), "/calendly/default/invitee/" + new_uri);
    EXPECT_EQ(moved.address.reason, no_session_type);
    EXPECT_TRUE(payload(moved).at("terms").is_null());
}

TEST_F(CalendlyWebhooks, NamesInPartsArePutTogether) {
    auto body = invitee();
    body["name"] = nullptr;
    body["first_name"] = "Ann";
    body["last_name"] = "Poe";
    EXPECT_EQ(payload(event("invitee.created", body)).at("name"), "Ann Poe");
    body["last_name"] = nullptr;
    EXPECT_EQ(payload(event("invitee.created", body)).at("name"), "Ann");
}

TEST_F(CalendlyWebhooks, RawIsTheSignedBody) {
    const auto body = envelope("invitee.created", invitee());
    EXPECT_EQ(incoming(deliver(body)).event.raw, body);
}

} // namespace
} // namespace appointd::adapters::tests
