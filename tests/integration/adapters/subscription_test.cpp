#include "adapters/calendly/subscription.hpp"
#include "tests/integration/adapters/calendly_fake.hpp"

namespace appointd::adapters::tests {
namespace {

using Action = calendly::Subscription::Action;

class Subscriptions : public ActivitiesTest<CalendlyFake> {
protected:
    Result<calendly::Subscription> ensure(std::string token = "pat") {
        calendly::ApiConfig api{url() + "/calendly", std::move(token)};
        calendly::SubscriptionConfig wanted{"https://book.example/webhooks/calendly", "sign"};
        return ensure_subscription(std::move(api), std::move(wanted));
    }
    Action action() { return ensure().value().action; }
};

TEST_F(Subscriptions, MadeOnceAndThenKept) {
    EXPECT_EQ(action(), Action::made);
    EXPECT_EQ(action(), Action::kept);
    ASSERT_EQ(fake.subscriptions.size(), 1u);
    EXPECT_EQ(fake.subscriptions[0].at("events").as_array().size(), 4u);
    EXPECT_EQ(fake.subscriptions[0].at("scope"), "organization");
}

TEST_F(Subscriptions, DisabledIsMadeAgain) {
    ensure().value();
    fake.subscriptions[0]["state"] = "disabled";
    EXPECT_EQ(action(), Action::renewed);
    ASSERT_EQ(fake.subscriptions.size(), 1u);
    EXPECT_EQ(fake.subscriptions[0].at("state"), "active");
}

TEST_F(Subscriptions, OneThatLacksEventsIsMadeAgain) {
    ensure().value();
    fake.subscriptions[0]["events"] = json::array{"invitee.created"};
    EXPECT_EQ(action(), Action::renewed);
}

TEST_F(Subscriptions, OthersAreLeftAlone) {
    for (int i = 0; i < 5; ++i)
        fake.subscriptions.push_back({{"uri", "https://api.calendly.com/webhook_subscriptions/X" + std::to_string(i)},
                                      {"callback_url", "https://else/" + std::to_string(i)},
                                      {"state", "disabled"},
                                      {"events", json::array{}},
                                      {"scope", "organization"}});
    EXPECT_EQ(action(), Action::made);
    EXPECT_EQ(fake.subscriptions.size(), 6u);
    EXPECT_EQ(action(), Action::kept); // found on the third page
}

TEST_F(Subscriptions, MemberTokensSubscribeForThemselves) {
    fake.owner = false;
    const auto made = ensure().value();
    EXPECT_EQ(made.action, Action::made);
    EXPECT_FALSE(made.organization_wide);
    EXPECT_EQ(action(), Action::kept);
}

TEST_F(Subscriptions, TroubledDeliveriesAreTold) {
    ensure().value();
    fake.subscriptions[0]["retry_started_at"] = "2026-11-20T09:00:00Z";
    EXPECT_TRUE(ensure().value().struggling);
}

TEST_F(Subscriptions, RefusalsAreErrors) {
    EXPECT_EQ(ensure("wrong").error().code, "calendly_401");
    fake.fault("POST", Fake::Mishap::answer, CalendlyFake::error(500, "Internal Server Error"));
    EXPECT_EQ(ensure().error().code, "calendly_500");
    for (int i = 0; i < 2; ++i) fake.fault("users/me", Fake::Mishap::drop); // curl itself asks again where a kept connection dies
    EXPECT_EQ(ensure().error().code, "calendly_no_answer");
}

TEST_F(Subscriptions, AnotherNodeThatWasFasterIsNoError) {
    fake.fault("POST", Fake::Mishap::answer, CalendlyFake::error(409, "Hook with this url already exists"));
    EXPECT_EQ(action(), Action::kept);
}

} // namespace
} // namespace appointd::adapters::tests
