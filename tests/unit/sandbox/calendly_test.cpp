#include "tests/unit/sandbox/asking.hpp"

#include "foundation/digest.hpp"
#include "sandbox/calendly/machine.hpp"

#include <gmock/gmock.h>

namespace appointd::sandbox::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

struct CalendlyTest : ::testing::Test {
    CalendlyTest() { machine.add_event_type({.id = "intro", .name = "Intro", .duration_minutes = 30}, now); }

    static calendly::Settings settings() {
        calendly::Settings made;
        made.webhook_url = "http://127.0.0.1:1/webhooks/calendly";
        made.pages_base = "http://127.0.0.1:9400/book";
        return made;
    }
    net::Response ask(std::string_view method, std::string_view target, const json::value& body = nullptr) {
        const net::Headers headers{{"Authorization", "Bearer " + machine.settings().personal_token}};
        return machine.api(request(method, target, headers, body.is_null() ? "" : json::serialize(body)), now);
    }
    net::Response token(std::string_view form) {
        const net::Headers headers{{"Authorization", "Basic " + base64("sandbox-calendly-client:sandbox-calendly-client-secret")},
                                   {"Content-Type", "application/x-www-form-urlencoded"}};
        return machine.auth(request("POST", "/oauth/token", headers, std::string(form)), now);
    }
    std::string book(Fields tracking = {}) {
        calendly::BookingForm form{.event_type = "intro", .start = now + 24h};
        form.tracking = std::move(tracking);
        return *machine.book(form, now);
    }
    std::string event_path(const std::string& invitee) {
        return "/scheduled_events/" + calendly::id_of(invitee.substr(0, invitee.find("/invitees")));
    }

    Time now = at("2026-12-01T08:00:00Z");
    Journal journal;
    calendly::Machine machine{settings(), 1, journal};
};

TEST_F(CalendlyTest, AWrongTokenIsUnauthenticated) {
    const auto answer = machine.api(request("GET", "/users/me", {{"Authorization", "Bearer wrong"}}), now);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(text(body_of(answer), "title"), "Unauthenticated");
}

TEST_F(CalendlyTest, EveryReplyCarriesTheLimitInSecondsUntilItsReset) {
    const auto answer = ask("GET", "/users/me");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(header(answer, "X-RateLimit-Limit"), "500");
    EXPECT_EQ(header(answer, "X-RateLimit-Remaining"), "499");
    EXPECT_EQ(header(answer, "X-RateLimit-Reset"), "60");
}

TEST_F(CalendlyTest, TooManyCallsInAMinuteAnswer429) {
    machine.settings().requests_per_minute = 2;
    ask("GET", "/users/me");
    ask("GET", "/users/me");
    EXPECT_EQ(ask("GET", "/users/me").status, 429);
    now += 1min;
    EXPECT_EQ(ask("GET", "/users/me").status, 200);
}

TEST_F(CalendlyTest, ALinkBooksOnceAndItsQueryComesBackAsTracking) {
    const auto made =
        ask("POST", "/scheduling_links",
            json::object{
                {"max_event_count", 1}, {"owner", "https://api.calendly.com/event_types/intro"}, {"owner_type", "EventType"}});
    ASSERT_EQ(made.status, 201);
    const std::string link = text(body_of(made), "resource/booking_url") + "?utm_content=bk_42&email=x";
    calendly::BookingForm form{.link = link, .start = now + 24h};
    ASSERT_TRUE(machine.book(form, now));
    const auto webhooks = journal.take_webhooks();
    ASSERT_EQ(webhooks.size(), 1u);
    const json::value body = body_of(webhooks[0]);
    EXPECT_EQ(text(body, "payload/tracking/utm_content"), "bk_42");
    EXPECT_TRUE(pick(body, "payload/tracking/utm_source").is_null());
    EXPECT_EQ(text(body, "payload/scheduled_event/start_time"), "2026-12-02T08:00:00.000000Z");
    EXPECT_FALSE(pick(body, "payload").get_object().contains("cancellation"));
    EXPECT_EQ(machine.book(form, now).error().code, "link_used");
}

TEST_F(CalendlyTest, ATakenTimeCannotBeBookedAgain) {
    book();
    calendly::BookingForm form{.event_type = "intro", .start = now + 24h + 15min};
    EXPECT_EQ(machine.book(form, now).error().code, "slot_taken");
    const auto answer = ask("POST", "/invitees",
                            json::object{{"event_type", "https://api.calendly.com/event_types/intro"},
                                         {"start_time", "2026-12-02T08:00:00Z"},
                                         {"invitee", {{"email", "a@b.c"}, {"name", "A"}, {"timezone", "UTC"}}}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(text(body_of(answer), "details/0/code"), "already_filled");
}

TEST_F(CalendlyTest, OurCancellationEmitsTheHostsCancelAndASecondOneIsRefused) {
    const std::string invitee = book();
    journal.take_webhooks();
    const auto answer = ask("POST", event_path(invitee) + "/cancellation", json::object{{"reason", "not paid"}});
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(text(body_of(answer), "resource/canceler_type"), "host");
    const auto webhooks = journal.take_webhooks();
    ASSERT_THAT(types_of(webhooks), ElementsAre("invitee.canceled"));
    EXPECT_EQ(text(body_of(webhooks[0]), "payload/cancellation/canceler_type"), "host");
    EXPECT_EQ(pick(body_of(webhooks[0]), "payload/rescheduled"), json::value(false));
    const auto again = ask("POST", event_path(invitee) + "/cancellation");
    EXPECT_EQ(again.status, 403);
    EXPECT_EQ(text(body_of(again), "message"), "Event is already canceled");
}

TEST_F(CalendlyTest, AnEventThatBeganCannotBeCanceled) {
    const std::string invitee = book();
    now += 25h;
    const auto answer = ask("POST", event_path(invitee) + "/cancellation");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(text(body_of(answer), "message"), "Event in the past");
}

TEST_F(CalendlyTest, ARescheduleIsTwoDeliveriesThatNameEachOther) {
    const std::string old = book({{"utm_content", "bk_42"}});
    journal.take_webhooks();
    const std::string fresh = *machine.reschedule(old, now + 48h, "invitee", now);
    const auto webhooks = journal.take_webhooks();
    ASSERT_THAT(types_of(webhooks), ElementsAre("invitee.canceled", "invitee.created"));
    EXPECT_EQ(text(body_of(webhooks[0]), "payload/new_invitee"), fresh);
    EXPECT_EQ(pick(body_of(webhooks[0]), "payload/rescheduled"), json::value(true));
    EXPECT_EQ(text(body_of(webhooks[1]), "payload/old_invitee"), old);
    EXPECT_NE(event_path(old), event_path(fresh));
}

TEST_F(CalendlyTest, AGroupSeatLeavesTheEventAndAnEventCancelEndsAllSeats) {
    machine.add_event_type({.id = "class", .name = "Class", .seats = 3}, now);
    calendly::BookingForm form{.event_type = "class", .start = now + 24h};
    const std::string first = *machine.book(form, now), second = *machine.book(form, now), third = *machine.book(form, now);
    EXPECT_EQ(event_path(first), event_path(third));
    EXPECT_EQ(machine.book(form, now).error().code, "slot_taken");
    journal.take_webhooks();
    ASSERT_TRUE(machine.cancel(first, "invitee", "", now, now));
    EXPECT_EQ(text(body_of(journal.take_webhooks().at(0)), "payload/scheduled_event/status"), "active");
    EXPECT_EQ(ask("POST", event_path(second) + "/cancellation").status, 201);
    EXPECT_EQ(journal.take_webhooks().size(), 2u);
}

TEST_F(CalendlyTest, ALateConferenceIsNullInTheWebhookAndThereWhenAsked) {
    machine.add_event_type({.id = "late", .name = "Late", .location_type = "zoom_late"}, now);
    const std::string invitee = *machine.book({.event_type = "late"}, now);
    const json::value told = body_of(journal.take_webhooks().at(0));
    EXPECT_EQ(text(told, "payload/scheduled_event/location/type"), "zoom");
    EXPECT_TRUE(pick(told, "payload/scheduled_event/location/join_url").is_null());
    EXPECT_EQ(text(body_of(ask("GET", event_path(invitee))), "resource/location/status"), "pushed");
    EXPECT_FALSE(text(body_of(ask("GET", event_path(invitee))), "resource/location/join_url").empty());
}

TEST_F(CalendlyTest, AvailableTimesKeepTheirLimits) {
    const std::string type = "event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2Fintro";
    const auto path = [&](std::string_view from, std::string_view to) {
        return "/event_type_available_times?" + type + "&start_time=" + std::string(from) + "&end_time=" + std::string(to);
    };
    EXPECT_EQ(ask("GET", path("2026-12-02T00:00:00Z", "2026-12-09T00:00:01Z")).status, 400);
    EXPECT_EQ(ask("GET", path("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")).status, 400);
    const auto answer = ask("GET", path("2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z"));
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(pick(body_of(answer), "collection").get_array().size(), 16u);
}

TEST_F(CalendlyTest, SubscriptionsHideTheirKeyAndRefuseTheSameAddress) {
    const json::object wanted{{"url", "https://x.test/hook"},
                              {"events", json::array{"invitee.created"}},
                              {"organization", calendly::uri_of("organizations", machine.settings().organization_id)},
                              {"scope", "organization"},
                              {"signing_key", "k"}};
    const auto made = ask("POST", "/webhook_subscriptions", wanted);
    ASSERT_EQ(made.status, 201);
    EXPECT_EQ(made.body.find("signing_key"), std::string::npos);
    EXPECT_EQ(ask("POST", "/webhook_subscriptions", wanted).status, 409);
    const std::string list = "/webhook_subscriptions?scope=organization&organization=" +
                             percent_encode(calendly::uri_of("organizations", machine.settings().organization_id));
    EXPECT_EQ(pick(body_of(ask("GET", list)), "collection").get_array().size(), 2u);
    const std::string path = "/webhook_subscriptions/" + calendly::id_of(text(body_of(made), "resource/uri"));
    EXPECT_EQ(ask("DELETE", path).status, 204);
    EXPECT_EQ(ask("GET", path).status, 404);
}

TEST_F(CalendlyTest, ADisabledSubscriptionGetsNothingAndSaysSo) {
    const std::string id = machine.state().subscriptions.begin()->id;
    machine.delivery_failed(id, false, now);
    EXPECT_EQ(text(body_of(ask("GET", "/webhook_subscriptions/" + id)), "resource/retry_started_at"),
              "2026-12-01T08:00:00.000000Z");
    machine.delivery_failed(id, true, now);
    EXPECT_EQ(text(body_of(ask("GET", "/webhook_subscriptions/" + id)), "resource/state"), "disabled");
    book();
    EXPECT_TRUE(journal.take_webhooks().empty());
}

TEST_F(CalendlyTest, ListsPageByToken) {
    machine.settings().overlapping = true;
    for (int i = 0; i < 3; ++i) book();
    const std::string list =
        "/scheduled_events?count=2&user=" + percent_encode(calendly::uri_of("users", machine.settings().user_id));
    const auto first = body_of(ask("GET", list));
    EXPECT_EQ(pick(first, "collection").get_array().size(), 2u);
    const auto second = body_of(ask("GET", list + "&page_token=" + text(first, "pagination/next_page_token")));
    EXPECT_EQ(pick(second, "collection").get_array().size(), 1u);
    EXPECT_TRUE(pick(second, "pagination/next_page_token").is_null());
    EXPECT_EQ(ask("GET", list + "&page_token=made-up").status, 400);
    EXPECT_EQ(ask("GET", "/scheduled_events?count=2&user=x").status, 403);
}

TEST_F(CalendlyTest, RefreshTokensWorkOnceAndAccessTokensAge) {
    const auto granted = machine.auth(request("GET",
                                              "/oauth/authorize?response_type=code&client_id=sandbox-calendly-client&"
                                              "redirect_uri=http%3A%2F%2Fx.test%2Fback&state=s",
                                              {}),
                                      now);
    ASSERT_EQ(granted.status, 303);
    const std::string location = header(granted, "Location");
    const std::string code = location.substr(location.find("code=") + 5, 43);
    const std::string form = "grant_type=authorization_code&code=" + code + "&redirect_uri=http%3A%2F%2Fx.test%2Fback";
    const auto pair = token(form);
    ASSERT_EQ(pair.status, 200) << pair.body;
    EXPECT_EQ(token(form).status, 400); // a code works once
    const std::string refresh = "grant_type=refresh_token&refresh_token=" + text(body_of(pair), "refresh_token");
    EXPECT_EQ(token(refresh).status, 200);
    EXPECT_EQ(text(body_of(token(refresh)), "error"), "invalid_grant");
    const net::Headers access{{"Authorization", "Bearer " + text(body_of(pair), "access_token")}};
    EXPECT_EQ(machine.api(request("GET", "/users/me", access), now).status, 200);
    EXPECT_EQ(machine.api(request("GET", "/users/me", access), now + 2h).status, 401);
}

TEST_F(CalendlyTest, ThePageBooksAndLeadsToTheRedirectWithCalendlysParameters) {
    machine.add_event_type({.id = "led", .name = "Led", .redirect_url = "http://shop.test/go/calendly"}, now);
    const auto shown = machine.page(request("GET", "/t/led?name=Ann&utm_content=bk_42", {}), now);
    EXPECT_EQ(shown.status, 200);
    EXPECT_NE(shown.body.find("value=\"bk_42\""), std::string::npos);
    const auto booked = machine.page(
        request("POST", "/t/led", {}, "start=2026-12-02T09%3A00%3A00Z&email=a%40b.c&name=Ann&utm_content=bk_42"), now);
    ASSERT_EQ(booked.status, 303);
    EXPECT_NE(header(booked, "Location").find("http://shop.test/go/calendly?assigned_to="), std::string::npos);
    EXPECT_NE(header(booked, "Location").find("invitee_uuid="), std::string::npos);
    EXPECT_EQ(text(body_of(journal.take_webhooks().at(0)), "payload/tracking/utm_content"), "bk_42");
}

} // namespace
} // namespace appointd::sandbox::testing
