#include "adapters/calendly/webhook.hpp"
#include "foundation/digest.hpp"
#include "tests/integration/adapters/calendly_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class SlotLook : public ActivitiesTest<CalendlyFake> {
protected:
    static json::object at(std::string_view event, std::string_view invitee) {
        return {{"booking", booking_id}, {"invitee", CalendlyFake::invitee_uri(event, invitee)}, {"event_type", event_type}};
    }
    static json::object search() { return {{"booking", booking_id}, {"invitee", nullptr}, {"event_type", event_type}}; }

    static std::vector<std::string> types(const engine::AttemptResult& result) {
        std::vector<std::string> names;
        for (const auto& fact : result.learned) names.push_back(fact.event.type);
        return names;
    }
    /// The event that Calendly's webhook would have been.
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

using Names = std::vector<std::string>;

TEST_F(SlotLook, ActiveInviteeTellsItsSlot) {
    fake.book("E1", "I1");
    const auto result = carry_out("slot.look", at("E1", "I1"));
    const auto said = facts(result);
    EXPECT_EQ(said.at("found"), true);
    EXPECT_EQ(said.at("status"), "active");
    EXPECT_EQ(said.at("rescheduled"), false);
    EXPECT_EQ(said.at("join_url"), "https://zoom.us/j/1");
    EXPECT_EQ(said.at("start"), "2026-12-01T06:30:00Z");
    EXPECT_EQ(said.at("invitee"), json::value(CalendlyFake::invitee_uri("E1", "I1")));
    EXPECT_TRUE(result.learned.empty());
}

TEST_F(SlotLook, UnknownInviteeIsNotFound) {
    EXPECT_EQ(facts(carry_out("slot.look", at("E1", "I1"))).at("found"), false);
    EXPECT_EQ(carry_out("slot.look", {{"invitee", "https://api.calendly.com/users/U1"}}).code, "bad_request");
}

TEST_F(SlotLook, CanceledIsLearnedUnderTheWebhooksId) {
    fake.book("E1", "I1");
    fake.cancel("E1", "I1");
    const auto result = carry_out("slot.look", at("E1", "I1"));
    const auto said = facts(result);
    EXPECT_EQ(said.at("status"), "canceled");
    EXPECT_EQ(said.at("at"), "2026-11-20T09:30:00.000001Z");
    EXPECT_EQ(said.at("by"), "invitee");
    ASSERT_EQ(types(result), Names{"slot.canceled"});
    EXPECT_EQ(result.learned[0].event.source, "reconcile");
    const auto twin = webhook("invitee.canceled", fake.invitees["E1"]["I1"], "E1");
    EXPECT_EQ(result.learned[0].event.id, twin.event.id);
    EXPECT_EQ(result.learned[0].event.payload, twin.event.payload);
}

TEST_F(SlotLook, RescheduleIsFollowedToItsEnd) {
    fake.book("E1", "I1");
    fake.reschedule("E1", "I1", "E2", "I2");
    fake.reschedule("E2", "I2", "E3", "I3");
    const auto result = carry_out("slot.look", at("E1", "I1"));
    EXPECT_EQ(facts(result).at("new_invitee"), json::value(CalendlyFake::invitee_uri("E2", "I2")));
    EXPECT_EQ(types(result), (Names{"slot.moving", "slot.moved", "slot.moving", "slot.moved"}));
    EXPECT_EQ(result.learned[1].event.id, webhook("invitee.created", fake.invitees["E2"]["I2"], "E2").event.id);
    EXPECT_EQ(result.learned[1].address.targets.size(), 3u);
}

TEST_F(SlotLook, TheNewInviteeThatWasCanceledIsMovedAndThenCanceled) {
    fake.book("E1", "I1");
    fake.reschedule("E1", "I1", "E2", "I2");
    fake.cancel("E2", "I2", "host");
    EXPECT_EQ(types(carry_out("slot.look", at("E1", "I1"))), (Names{"slot.moving", "slot.moved", "slot.canceled"}));
    EXPECT_EQ(types(carry_out("slot.look", at("E2", "I2"))), (Names{"slot.moved", "slot.canceled"}));
}

TEST_F(SlotLook, NoShowIsLearned) {
    fake.book("E1", "I1")["no_show"] = {{"uri", "https://api.calendly.com/invitee_no_shows/N1"},
                                        {"created_at", "2026-12-01T07:10:00Z"}};
    EXPECT_EQ(types(carry_out("slot.look", at("E1", "I1"))), Names{"no_show.set"});
}

TEST_F(SlotLook, WithoutAnInviteeTheClaimIsLookedFor) {
    for (const auto* other : {"E1", "E2", "E4"}) fake.book(other, "X")["tracking"] = json::object{{"utm_content", "else"}};
    fake.book("E3", "I3");
    const auto result = carry_out("slot.look", search());
    EXPECT_EQ(facts(result).at("invitee"), json::value(CalendlyFake::invitee_uri("E3", "I3")));
    ASSERT_EQ(types(result), Names{"slot.taken"});
    EXPECT_EQ(json::parse(result.learned[0].event.payload).at("claim"), json::value(booking_id));
}

TEST_F(SlotLook, StrangersSlotsAreReadAFewAtMostWhereAnAddressWasGiven) {
    for (int i = 10; i < 40; ++i) fake.book("E" + std::to_string(i), "X")["tracking"] = nullptr;
    auto request = search();
    request["email"] = "ann@work.example.org";
    EXPECT_EQ(facts(carry_out("slot.look", request)).at("found"), false);
    EXPECT_EQ(fake.count("/invitees"), 5) << "a call each, for every booking that waits";
}

TEST_F(SlotLook, AMembersTokenSearchesItsOwnEvents) {
    fake.owner = false;
    fake.book("E3", "I3");
    EXPECT_EQ(facts(carry_out("slot.look", search())).at("found"), true);
    EXPECT_EQ(facts(carry_out("slot.look", search())).at("found"), true);
    EXPECT_EQ(fake.count("/users/me"), 1);
    EXPECT_EQ(fake.count("GET /calendly/scheduled_events"), 5); // the refusal is met once
}

TEST_F(SlotLook, NobodyWithTheClaimIsNotFound) {
    fake.book("E1", "I1")["tracking"] = nullptr;
    EXPECT_EQ(facts(carry_out("slot.look", search())).at("found"), false);
}

TEST_F(SlotLook, AddressThatWasGivenIsLookedForFirstAndAnyOtherThen) {
    for (int i = 1; i <= 4; ++i) {
        auto& other = fake.book("E" + std::to_string(i), "I" + std::to_string(i));
        other["email"] = "other@example.org";
        other["tracking"] = json::object{};
    }
    fake.book("E9", "I9");
    auto request = search();
    request["email"] = "ann@example.org";
    EXPECT_EQ(facts(carry_out("slot.look", request)).at("found"), true);
    EXPECT_EQ(fake.count("/invitees"), 1) << "nobody else's slot is read";
    request["email"] = "ann@work.example.org";
    EXPECT_EQ(facts(carry_out("slot.look", request)).at("found"), true);
}

TEST_F(SlotLook, TroubleOnTheWayIsARetry) {
    fake.book("E1", "I1");
    fake.fault("/invitees/", Fake::Mishap::answer, {502, {}, "<html>Bad gateway</html>"});
    const auto trouble = carry_out("slot.look", at("E1", "I1"));
    EXPECT_EQ(trouble.kind, Kind::retry);
    EXPECT_EQ(trouble.code, "calendly_502");
    EXPECT_FALSE(trouble.provider_ok);
}

} // namespace
} // namespace appointd::adapters::tests
