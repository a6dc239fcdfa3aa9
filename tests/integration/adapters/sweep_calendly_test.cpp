#include "adapters/calendly/webhook.hpp"
#include "foundation/digest.hpp"
#include "tests/integration/adapters/calendly_fake.hpp"
#include "workflows/reconciliation/instance.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The window is the last two hours; what the fake books was created within it, an hour ago.
class CalendlySweep : public ActivitiesTest<CalendlyFake> {
protected:
    engine::AttemptResult page(std::string_view cursor = "", Duration back = 2h) {
        const auto request = reconciliation::list_request(clock.now() - back, clock.now(), cursor);
        return carry_out("calendly.events.list", *parse_object(request));
    }
    std::optional<std::string> next(const engine::AttemptResult& result) { return text_field(facts(result), "next"); }
    static std::vector<std::string> types(const engine::AttemptResult& result) {
        std::vector<std::string> names;
        for (const auto& fact : result.learned) names.push_back(fact.event.type);
        return names;
    }
    engine::Incoming webhook(std::string_view type, json::object invitee, const std::string& event) {
        invitee["scheduled_event"] = fake.events[event];
        net::Request request;
        request.body =
            json::serialize(json::object{{"event", type}, {"created_at", "2026-11-20T10:00:00Z"}, {"payload", invitee}});
        request.headers = {
            {"Calendly-Webhook-Signature", "t=1795168800,v1=" + hmac_sha256_hex("k", "1795168800." + request.body)}};
        const auto translate =
            calendly::webhook_translator({.signing_key = "k"}, session_type, [] { return engine::WorkflowId{}; });
        return std::get<engine::Incoming>(translate(request, clock.now()).value());
    }
};

TEST_F(CalendlySweep, BookedStraightOnCalendlyIsTheWebhooksOwnEvent) {
    auto& invitee = fake.book("E1", "I1");
    invitee["tracking"] = json::object{};
    const auto result = page();
    ASSERT_THAT(types(result), ElementsAre("slot.taken"));
    const auto& learned = result.learned.front();
    const auto hook = webhook("invitee.created", invitee, "E1");
    EXPECT_EQ(learned.event.id, hook.event.id);
    EXPECT_EQ(learned.event.payload, hook.event.payload);
    EXPECT_EQ(learned.event.source, "reconcile");
    EXPECT_EQ(learned.address.unclaimed, engine::Unclaimed::start);
}

TEST_F(CalendlySweep, CanceledAndRescheduledAreTold) {
    fake.book("E1", "I1");
    fake.reschedule("E1", "I1", "E2", "I2");
    fake.cancel("E2", "I2", "host");
    const auto result = page();
    EXPECT_THAT(types(result), ElementsAre("slot.taken", "slot.moving", "slot.moved", "slot.canceled"));
    EXPECT_EQ(result.learned[3].event.id, webhook("invitee.canceled", fake.invitees["E2"]["I2"], "E2").event.id);
    fake.events["E2"]["updated_at"] = "2026-11-20T09:45:00Z";
    EXPECT_THAT(types(page("", 20min)), IsEmpty()) << "changed in that window, but nothing that is told happened in it";
}

TEST_F(CalendlySweep, WhatWasBookedBeforeTheWindowBeginsNothing) {
    auto& invitee = fake.book("E1", "I1");
    invitee["created_at"] = "2026-10-01T09:00:00.000000Z";
    fake.events["E1"]["created_at"] = "2026-10-01T09:00:00.000000Z";
    fake.cancel("E1", "I1");
    fake.events["E1"]["updated_at"] = "2026-11-20T09:30:00.000000Z";
    EXPECT_THAT(types(page()), ElementsAre("slot.canceled"));
}

TEST_F(CalendlySweep, UnchangedAndForeignEventsAreNotEvenRead) {
    fake.book("E1", "I1");
    fake.events["E1"]["created_at"] = "2026-10-01T09:00:00.000000Z";
    fake.events["E1"]["updated_at"] = "2026-10-01T09:00:00.000000Z";
    fake.book("E2", "I2");
    fake.events["E2"]["event_type"] = "https://api.calendly.com/event_types/OTHER";
    EXPECT_THAT(types(page()), IsEmpty());
    EXPECT_EQ(fake.count("/invitees"), 0);
}

TEST_F(CalendlySweep, GroupIsAlwaysRead) {
    fake.book("E1", "I1");
    fake.events["E1"]["created_at"] = "2026-10-01T09:00:00.000000Z";
    fake.events["E1"]["updated_at"] = "2026-10-01T09:00:00.000000Z";
    fake.events["E1"]["invitees_counter"] = {{"total", 2}, {"limit", 8}};
    fake.invitees["E1"]["I2"] = fake.invitees["E1"]["I1"];
    fake.invitees["E1"]["I2"]["uri"] = CalendlyFake::invitee_uri("E1", "I2");
    EXPECT_THAT(types(page()), ElementsAre("slot.taken", "slot.taken"));
}

TEST_F(CalendlySweep, NoShowIsTold) {
    auto& invitee = fake.book("E1", "I1");
    invitee["no_show"] = {{"uri", "https://api.calendly.com/invitee_no_shows/N1"}, {"created_at", "2026-11-20T09:40:00.000000Z"}};
    const auto result = page();
    ASSERT_THAT(types(result), ElementsAre("slot.taken", "no_show.set"));
    EXPECT_EQ(result.learned[1].event.id, webhook("invitee_no_show.created", invitee, "E1").event.id);
}

TEST_F(CalendlySweep, EveryPageIsReadOnceAndItsEventsAreBounded) {
    fake.page_size = 100;
    for (int i = 10; i < 50; ++i) fake.book("E" + std::to_string(i), "I" + std::to_string(i));
    std::size_t told = 0;
    std::string cursor;
    int pages = 0;
    for (; pages < 20; ++pages) {
        const auto before = fake.count("/invitees");
        const auto result = page(cursor);
        EXPECT_LE(fake.count("/invitees") - before, 15);
        told += result.learned.size();
        const auto following = next(result);
        if (!following) break;
        cursor = *following;
    }
    EXPECT_EQ(told, 40u);
    EXPECT_EQ(pages, 2);
    EXPECT_EQ(fake.count("/invitees"), 40) << "each is read once";
}

TEST_F(CalendlySweep, ListIsFollowedByItsTokens) {
    for (int i = 1; i <= 5; ++i) fake.book("E" + std::to_string(i), "I" + std::to_string(i));
    std::size_t told = 0;
    std::string cursor;
    for (int pages = 0; pages < 20; ++pages) {
        const auto result = page(cursor);
        told += result.learned.size();
        const auto following = next(result);
        if (!following) break;
        cursor = *following;
    }
    EXPECT_EQ(told, 5u);
}

TEST_F(CalendlySweep, FailureInMidPageKeepsWhatWasRead) {
    fake.page_size = 100;
    for (int i = 1; i <= 3; ++i) fake.book("E" + std::to_string(i), "I" + std::to_string(i));
    fake.fault("/scheduled_events/E2/invitees", Fake::Mishap::answer, CalendlyFake::error(500, "boom"));
    const auto result = page();
    EXPECT_THAT(types(result), ElementsAre("slot.taken"));
    EXPECT_EQ(next(result), std::optional<std::string>("1|"));
    EXPECT_THAT(types(page("1|")), ElementsAre("slot.taken", "slot.taken"));
}

TEST_F(CalendlySweep, RefusedThenLeftToTheNextTurn) {
    for (const int status : {404, 500, 401}) {
        fake.fault("GET /calendly/scheduled_events", Fake::Mishap::answer, CalendlyFake::error(status, "no"));
        const auto result = page();
        EXPECT_EQ(result.kind, Kind::failed) << status;
        EXPECT_TRUE(result.provider_ok);
    }
    fake.fault("GET /calendly/scheduled_events", Fake::Mishap::answer,
               json_response(429, json::object{{"title", "Too many"}}, {{"X-RateLimit-Reset", "20"}}));
    const auto limited = page();
    EXPECT_EQ(limited.kind, Kind::wait);
    EXPECT_EQ(limited.retry_after, Duration(20s));
}

TEST_F(CalendlySweep, HostileAnswersBreakNothing) {
    for (const auto* cursor : {"x", "|", "99999999999999999999|", "7|", "-1|"})
        EXPECT_EQ(page(cursor).kind, Kind::succeeded) << cursor;
    const json::array odd{7, nullptr, json::object{},
                          json::object{{"uri", "https://evil.example/../x"}, {"event_type", event_type}},
                          json::object{{"uri", 5}, {"event_type", event_type}, {"created_at", "yesterday"}}};
    fake.fault("GET /calendly/scheduled_events", Fake::Mishap::answer,
               json_response(200, json::object{{"collection", odd}, {"pagination", 7}}));
    const auto result = page();
    EXPECT_EQ(result.kind, Kind::succeeded);
    EXPECT_THAT(result.learned, IsEmpty());
    EXPECT_FALSE(next(result));
}

TEST_F(CalendlySweep, MembersTokenSeesItsOwnEvents) {
    fake.owner = false;
    fake.book("E1", "I1");
    EXPECT_THAT(types(page()), ElementsAre("slot.taken"));
}

} // namespace
} // namespace appointd::adapters::tests
