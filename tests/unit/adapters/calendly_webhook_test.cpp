#include "tests/unit/adapters/calendly_webhooks.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
const std::string invitee_key = "/calendly/default/invitee/" + invitee_uri, new_key = "/calendly/default/invitee/" + new_uri;

TEST_F(CalendlyWebhooks, CreatedBecomesSlotTaken) {
    const auto taken = event("invitee.created", invitee());
    EXPECT_EQ(taken.event.type, "slot.taken");
    EXPECT_EQ(taken.event.source, "calendly");
    EXPECT_EQ(to_iso(taken.event.occurred_at), "2026-11-16T09:00:00.000001Z");
    const auto said = payload(taken);
    EXPECT_EQ(said.at("invitee"), json::value(invitee_uri));
    EXPECT_EQ(said.at("event"), "https://api.calendly.com/scheduled_events/E1");
    EXPECT_EQ(said.at("name"), "Ann Poe");
    EXPECT_EQ(said.at("email"), "ann@example.org");
    EXPECT_EQ(said.at("timezone"), "Europe/Berlin");
    EXPECT_EQ(said.at("start"), "2026-12-01T06:30:00Z");
    EXPECT_EQ(said.at("end"), "2026-12-01T07:00:00Z");
    EXPECT_EQ(said.at("created_at"), "2026-11-16T09:00:00.000001Z");
    EXPECT_EQ(said.at("group"), false);
    EXPECT_EQ(said.at("location").at("type"), "custom");
    EXPECT_TRUE(said.at("location").at("join_url").is_null());
    EXPECT_EQ(said.at("session_type"), "coaching-60");
    EXPECT_EQ(said.at("terms").at("price"), 12000);
    EXPECT_EQ(said.at("claim"), json::value(booking_id));
    EXPECT_TRUE(said.at("payment").is_null());
    EXPECT_EQ(said.at("cancel_url"), "https://calendly.com/cancellations/I1");
    EXPECT_FALSE(said.contains("old_invitee"));
}

TEST_F(CalendlyWebhooks, TakenIsForItsKeyThenItsClaimElseItStartsABooking) {
    const auto taken = event("invitee.created", invitee());
    EXPECT_THAT(targets(taken), ElementsAre(invitee_key, booking_id));
    EXPECT_EQ(taken.address.unclaimed, engine::Unclaimed::start);
    EXPECT_EQ(taken.address.kind, "booking");
    EXPECT_EQ(engine::to_string(taken.address.fresh), fresh_id);
    ASSERT_EQ(taken.address.binds.size(), 1u);
    EXPECT_EQ(taken.address.binds[0].get(), invitee_key);
}

TEST_F(CalendlyWebhooks, AClaimThatIsNoIdOfOursIsNone) {
    auto body = invitee();
    body["tracking"].as_object()["utm_content"] = "newsletter";
    const auto taken = event("invitee.created", body);
    EXPECT_THAT(targets(taken), ElementsAre(invitee_key));
    EXPECT_TRUE(payload(taken).at("claim").is_null());
}

TEST_F(CalendlyWebhooks, CreatedThatNamesAnOldInviteeIsAMove) {
    auto body = invitee();
    body["old_invitee"] = new_uri;
    for (const auto* type : {"invitee.created", "invitee.rescheduled"}) {
        const auto moved = event(type, body);
        EXPECT_EQ(moved.event.type, "slot.moved");
        EXPECT_EQ(payload(moved).at("old_invitee"), json::value(new_uri));
        EXPECT_THAT(targets(moved), ElementsAre(invitee_key, new_key, booking_id));
        EXPECT_EQ(moved.address.unclaimed, engine::Unclaimed::wait);
        EXPECT_EQ(moved.address.waits_for.get(), new_key);
        EXPECT_EQ(moved.address.reason, "booked before appointd or never seen");
        EXPECT_FALSE(moved.address.marked);
    }
    EXPECT_EQ(event("invitee.created", body).event.id, event("invitee.rescheduled", body).event.id);
}

TEST_F(CalendlyWebhooks, CanceledSaysByWhomAndWhen) {
    const auto canceled = event("invitee.canceled", canceled_invitee(false));
    EXPECT_EQ(canceled.event.type, "slot.canceled");
    const auto said = payload(canceled);
    EXPECT_EQ(said.at("invitee"), json::value(invitee_uri));
    EXPECT_EQ(said.at("at"), "2026-11-17T01:40:57.223808Z");
    EXPECT_EQ(said.at("by"), "invitee");
    EXPECT_EQ(said.at("canceled_by"), "Ann Poe");
    EXPECT_EQ(said.at("reason"), "ill");
    EXPECT_THAT(targets(canceled), ElementsAre(invitee_key));
    EXPECT_EQ(canceled.address.waits_for.get(), invitee_key);
    EXPECT_EQ(to_iso(canceled.event.occurred_at), "2026-11-17T01:40:57.223808Z");
}

TEST_F(CalendlyWebhooks, CanceledByTheHostOrByNobodyIsTheHosts) {
    auto body = canceled_invitee(false);
    body["cancellation"].as_object()["canceler_type"] = "host";
    EXPECT_EQ(payload(event("invitee.canceled", body)).at("by"), "host");
    body["cancellation"].as_object().erase("canceler_type");
    EXPECT_EQ(payload(event("invitee.canceled", body)).at("by"), "host");
}

TEST_F(CalendlyWebhooks, CanceledByRescheduleIsMovingAndNoCancellation) {
    const auto moving = event("invitee.canceled", canceled_invitee(true));
    EXPECT_EQ(moving.event.type, "slot.moving");
    EXPECT_EQ(payload(moving).at("new_invitee"), json::value(new_uri));
    EXPECT_THAT(targets(moving), ElementsAre(invitee_key, new_key));
    EXPECT_EQ(moving.address.waits_for.get(), invitee_key);
}

TEST_F(CalendlyWebhooks, RescheduledThatShowsTheOldInviteeIsTheFirstHalf) {
    const auto moving = event("invitee.rescheduled", canceled_invitee(true));
    EXPECT_EQ(moving.event.type, "slot.moving");
    EXPECT_EQ(moving.event.id, event("invitee.canceled", canceled_invitee(true)).event.id);
    auto middle = canceled_invitee(true); // of a chain: it came from one slot and went on to the next
    middle["old_invitee"] = "https://api.calendly.com/scheduled_events/E0/invitees/I0";
    EXPECT_EQ(event("invitee.rescheduled", middle).event.type, "slot.moving");
    EXPECT_EQ(event("invitee.rescheduled", canceled_invitee(false)).event.type, "slot.moving") << "never a cancellation";
}

TEST_F(CalendlyWebhooks, NoShowIsSetAndCleared) {
    auto body = invitee();
    body["no_show"] = {{"uri", "https://api.calendly.com/invitee_no_shows/N1"}, {"created_at", "2026-12-01T07:05:00.000000Z"}};
    const auto set = event("invitee_no_show.created", body);
    EXPECT_EQ(set.event.type, "no_show.set");
    EXPECT_EQ(payload(set).at("at"), "2026-12-01T07:05:00Z");
    EXPECT_THAT(targets(set), ElementsAre(invitee_key));
    const auto cleared = event("invitee_no_show.deleted", invitee());
    EXPECT_EQ(cleared.event.type, "no_show.cleared");
    EXPECT_NE(set.event.id, cleared.event.id);
}

TEST_F(CalendlyWebhooks, ClearingTwiceIsTwoEvents) {
    auto again = invitee();
    again["updated_at"] = "2026-12-02T00:00:00.000000Z";
    EXPECT_NE(event("invitee_no_show.deleted", invitee()).event.id, event("invitee_no_show.deleted", again).event.id);
}

TEST_F(CalendlyWebhooks, RedeliveryHasTheSameId) {
    const auto body = envelope("invitee.created", invitee());
    auto later = body;
    later.replace(later.find("09:59:58.574849"), 15, "10:00:01.000000"); // even where the envelope is written anew
    EXPECT_EQ(incoming(deliver(body)).event.id, incoming(deliver(later)).event.id);
    EXPECT_NE(event("invitee.created", invitee()).event.id, event("invitee.canceled", canceled_invitee(false)).event.id);
}

TEST_F(CalendlyWebhooks, TheZoomLinkThatCalendlyMadeIsTaken) {
    auto body = invitee();
    for (const auto* type : {"zoom", "zoom_conference"}) {
        body["scheduled_event"].as_object()["location"] = {{"type", type},
                                                           {"status", "pushed"},
                                                           {"join_url", "https://zoom.us/j/1?pwd=x"},
                                                           {"data", {{"id", 1}, {"password", "topsecret"}}}};
        const auto taken = event("invitee.created", body);
        EXPECT_EQ(payload(taken).at("location").at("type"), "zoom");
        EXPECT_EQ(payload(taken).at("location").at("join_url"), "https://zoom.us/j/1?pwd=x");
        EXPECT_EQ(taken.event.raw.find("topsecret"), std::string::npos);
    }
}

TEST_F(CalendlyWebhooks, GroupEventsAndMoneyTakenByCalendlyAreSaid) {
    auto body = invitee();
    body["scheduled_event"].as_object()["invitees_counter"] = {{"total", 1}, {"active", 1}, {"limit", "20"}};
    body["payment"] = {{"external_id", "ch_1"}, {"provider", "stripe"}, {"amount", 12.5},
                       {"currency", "USD"},     {"terms", "x"},         {"successful", true}};
    const auto said = payload(event("invitee.created", body));
    EXPECT_EQ(said.at("group"), true);
    EXPECT_EQ(said.at("payment").at("amount_text"), "12.5");
    EXPECT_EQ(said.at("payment").at("currency"), "usd");
    EXPECT_EQ(said.at("payment").at("provider"), "stripe");
}

} // namespace
} // namespace appointd::adapters::tests
