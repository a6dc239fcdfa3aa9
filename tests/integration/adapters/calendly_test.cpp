#include "tests/integration/adapters/calendly_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class Calendly : public ActivitiesTest<CalendlyFake> {
protected:
    static json::object link() {
        return {{"booking", booking_id}, {"event_type", event_type}, {"name", "Ann & Poe"}, {"email", "ann+x@example.org"}};
    }
    static json::object cancellation() {
        return {{"booking", booking_id}, {"event", CalendlyFake::event_uri("E1")}, {"reason", "no payment"}};
    }
};

TEST_F(Calendly, LinkCarriesTheBookingAndTheInvitee) {
    const auto made = facts(carry_out("link.create", link()));
    EXPECT_EQ(made.at("url"), "https://calendly.com/d/"
                              "link-1?utm_source=appointd&utm_content=019a9f00-0000-7000-8000-000000000001&name=Ann%20%26%20Poe&"
                              "email=ann%2Bx%40example.org");
    auto bare = link();
    bare["name"] = nullptr;
    bare["email"] = nullptr;
    const std::string url(facts(carry_out("link.create", bare)).at("url").as_string());
    EXPECT_TRUE(url.ends_with("utm_content=" + booking_id));
}

TEST_F(Calendly, LostLinkIsMadeAnew) {
    fake.fault("scheduling_links", Fake::Mishap::lose);
    const auto first = attempt("link.create", link());
    EXPECT_EQ(carry_out(first).kind, Kind::retry);
    EXPECT_EQ(carry_out(again(first)).kind, Kind::succeeded);
}

TEST_F(Calendly, CancelIsSaidOnceAndAlreadyTheSecondTime) {
    fake.book("E1", "I1");
    EXPECT_EQ(facts(carry_out("slot.cancel", cancellation())).at("done"), "canceled");
    EXPECT_EQ(json::parse(fake.seen[0].body).at("reason"), "no payment");
    EXPECT_EQ(facts(carry_out("slot.cancel", cancellation())).at("done"), "already");
}

TEST_F(Calendly, CancelOfAPastEventIsAFact) {
    fake.fault("cancellation", Fake::Mishap::answer, CalendlyFake::error(403, "Event in the past"));
    EXPECT_EQ(facts(carry_out("slot.cancel", cancellation())).at("done"), "past");
}

TEST_F(Calendly, OtherRefusalsFailInCalendlysWords) {
    fake.fault("cancellation", Fake::Mishap::answer, CalendlyFake::error(403, "You are not allowed to cancel this event"));
    const auto refused = carry_out("slot.cancel", cancellation());
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "calendly_403");
    EXPECT_EQ(refused.message, "Permission Denied: You are not allowed to cancel this event");
    EXPECT_EQ(carry_out("slot.cancel", cancellation()).code, "calendly_404");
}

TEST_F(Calendly, RateLimitWaitsForItsReset) {
    fake.fault("cancellation", Fake::Mishap::answer, json_response(429, json::object{}, {{"X-RateLimit-Reset", "42"}}));
    const auto limited = carry_out("slot.cancel", cancellation());
    EXPECT_EQ(limited.kind, Kind::wait);
    EXPECT_TRUE(limited.throttled);
    EXPECT_EQ(limited.retry_after, Duration(42s));
}

TEST_F(Calendly, RequestsThatNameNoEventFail) {
    EXPECT_EQ(carry_out("slot.cancel", {{"event", "nonsense"}}).code, "bad_request");
    EXPECT_EQ(carry_out("link.create", {{"booking", booking_id}}).code, "bad_request");
    EXPECT_TRUE(fake.seen.empty());
}

} // namespace
} // namespace appointd::adapters::tests
