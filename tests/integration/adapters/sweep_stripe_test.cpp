#include "adapters/stripe/webhook.hpp"
#include "foundation/digest.hpp"
#include "tests/integration/adapters/stripe_fake.hpp"
#include "workflows/reconciliation/instance.hpp"

#include <gmock/gmock.h>

namespace appointd::adapters::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t ten = 1795168800; // the clock's ten o'clock

class StripeSweep : public ActivitiesTest<StripeFake> {
protected:
    engine::AttemptResult page(std::string_view cursor = "") {
        const auto request = reconciliation::list_request(clock.now() - 1h, clock.now(), cursor);
        return carry_out("stripe.events.list", *parse_object(request));
    }
    std::optional<std::string> next(const engine::AttemptResult& result) { return text_field(facts(result), "next"); }
    static std::vector<std::string> types(const engine::AttemptResult& result) {
        std::vector<std::string> names;
        for (const auto& fact : result.learned) names.push_back(fact.event.type);
        return names;
    }
    json::object paid(std::string_view payment) {
        json::object session = fake.add_session("cs_" + std::string(payment), "complete");
        session["payment_status"] = "paid";
        session["payment_intent"] = payment;
        return session;
    }
    static json::object refund(std::string_view id) {
        return {{"id", id}, {"payment_intent", "pi_1"}, {"status", "succeeded"}, {"amount", 500}, {"currency", "usd"}};
    }
    /// The event that Stripe's webhook would have been.
    engine::Incoming webhook(const json::object& event) {
        net::Request request;
        request.body = json::serialize(event);
        request.headers = {{"Stripe-Signature", "t=1795168800,v1=" + hmac_sha256_hex("k", "1795168800." + request.body)}};
        const auto translate = stripe::webhook_translator({.secrets = "k", .ours = {false, ""}});
        return std::get<engine::Incoming>(translate(request, clock.now()).value());
    }
};

TEST_F(StripeSweep, WhatItTellsIsTheWebhooksOwnEventMarkedWithItsSource) {
    const auto told = fake.add_event("evt_1", "checkout.session.completed", ten - 60, paid("pi_1"));
    const auto result = page();
    ASSERT_EQ(result.learned.size(), 1u);
    const auto& learned = result.learned.front();
    const auto hook = webhook(told);
    EXPECT_EQ(learned.event.source, "reconcile");
    EXPECT_EQ(hook.event.source, "stripe");
    EXPECT_EQ(learned.event.id, hook.event.id) << "whichever comes second is a duplicate";
    EXPECT_EQ(learned.event.type, "payment.captured");
    EXPECT_EQ(learned.event.payload, hook.event.payload);
    EXPECT_EQ(learned.event.occurred_at, hook.event.occurred_at);
    EXPECT_EQ(learned.address.targets, hook.address.targets);
    EXPECT_EQ(facts(result).at("seen"), 1);
    EXPECT_FALSE(next(result));
}

TEST_F(StripeSweep, AWindowIsReadPageByPageAndEachPageOldestFirst) {
    for (int i = 1; i <= 5; ++i)
        fake.add_event("evt_" + std::to_string(i), "charge.refunded", ten - 600 + i,
                       {{"id", "ch_1"}, {"payment_intent", "pi_1"}});
    std::vector<Time> moments;
    std::string cursor;
    int pages = 0;
    for (; pages < 10; ++pages) {
        const auto result = page(cursor);
        EXPECT_LE(result.learned.size(), 2u);
        for (std::size_t i = 1; i < result.learned.size(); ++i)
            EXPECT_LT(result.learned[i - 1].event.occurred_at, result.learned[i].event.occurred_at);
        for (const auto& learned : result.learned) moments.push_back(learned.event.occurred_at);
        const auto following = next(result);
        if (!following) break;
        cursor = *following;
    }
    EXPECT_EQ(pages, 2);
    EXPECT_EQ(moments.size(), 5u);
}

TEST_F(StripeSweep, OnlyTheWindowIsAskedForAndOnlyWhatMeansSomething) {
    fake.add_event("evt_old", "refund.created", ten - 7200, refund("re_old"));
    fake.add_event("evt_other", "customer.created", ten - 60, {{"id", "cus_1"}});
    fake.add_event("evt_new", "refund.created", ten - 60, refund("re_new"));
    EXPECT_THAT(types(page()), ElementsAre("refund.succeeded"));
}

TEST_F(StripeSweep, WhatNobodyCouldEverClaimIsNotWorthARow) {
    fake.add_event("evt_1", "refund.created", ten - 60, {{"id", "re_1"}, {"status", "succeeded"}}); // of no payment
    fake.add_event("evt_2", "checkout.session.completed", ten - 60, {});
    auto& live = fake.add_event("evt_3", "refund.created", ten - 60, refund("re_3"));
    live["livemode"] = true;
    EXPECT_THAT(types(page()), IsEmpty());
}

TEST_F(StripeSweep, ListThatGoesInCirclesEnds) {
    for (int i = 1; i <= 3; ++i)
        fake.add_event("evt_" + std::to_string(i), "refund.created", ten - 60, refund("re_" + std::to_string(i)));
    const json::array same{fake.events[2], fake.events[1]};
    const auto circle = json_response(200, json::object{{"has_more", true}, {"data", same}});
    fake.fault("GET /stripe/v1/events", Fake::Mishap::answer, circle);
    fake.fault("GET /stripe/v1/events", Fake::Mishap::answer, circle);
    const auto first = next(page());
    ASSERT_TRUE(first);
    EXPECT_FALSE(next(page(*first)));
}

TEST_F(StripeSweep, HostileAnswersBreakNothing) {
    for (const auto* body : {R"([])", R"({"data":7})", R"(<html>)", R"("x")", R"({"data":{"id":1}})"}) {
        fake.fault("GET /stripe/v1/events", Fake::Mishap::answer, {200, {{"Content-Type", "application/json"}}, body});
        const auto result = page();
        EXPECT_EQ(result.kind, Kind::failed) << body;
        EXPECT_TRUE(result.provider_ok);
    }
    json::array odd{7,
                    nullptr,
                    json::array{},
                    json::object{},
                    json::object{{"id", "evt_1"}, {"type", "refund.created"}},
                    json::object{{"id", 5}, {"type", json::array{}}, {"data", "x"}}};
    fake.fault("GET /stripe/v1/events", Fake::Mishap::answer,
               json_response(200, json::object{{"has_more", "yes"}, {"data", odd}}));
    const auto result = page();
    EXPECT_EQ(facts(result).at("seen"), 6);
    EXPECT_THAT(result.learned, IsEmpty());
}

TEST_F(StripeSweep, MoreThanWasAskedForIsCut) {
    json::array flood;
    for (int i = 0; i < 500; ++i)
        flood.push_back(
            fake.add_event("evt_" + std::to_string(i), "refund.created", ten - 60, refund("re_" + std::to_string(i))));
    fake.fault("GET /stripe/v1/events", Fake::Mishap::answer,
               json_response(200, json::object{{"has_more", false}, {"data", flood}}));
    EXPECT_LE(page().learned.size(), 100u);
}

TEST_F(StripeSweep, RefusedThenLeftToTheNextTurnAndTheBreakerStaysShut) {
    for (const int status : {404, 500, 503, 401, 409}) {
        fake.fault("GET /stripe/v1/events", Fake::Mishap::answer, StripeFake::error(status, "x", "no"));
        const auto result = page();
        EXPECT_EQ(result.kind, Kind::failed) << status;
        EXPECT_TRUE(result.provider_ok) << status;
    }
}

TEST_F(StripeSweep, LimitedThenItWaitsAsAsked) {
    fake.fault("GET /stripe/v1/events", Fake::Mishap::answer,
               StripeFake::error(429, "rate_limit", "slow", {{"Retry-After", "7"}}));
    const auto result = page();
    EXPECT_EQ(result.kind, Kind::wait);
    EXPECT_TRUE(result.throttled);
    EXPECT_EQ(result.retry_after, Duration(7s));
}

TEST_F(StripeSweep, RequestWithoutAWindowFails) { EXPECT_EQ(carry_out("stripe.events.list", {}).code, "bad_request"); }

TEST_F(StripeSweep, RenewalBeginsTheNextInstance) {
    const reconciliation::Beginning next{"stripe", "default", 2, 600, clock.now(), clock.now()};
    const auto result = carry_out("reconciliation.renew", *parse_object(reconciliation::encode(next)));
    ASSERT_EQ(result.learned.size(), 1u);
    EXPECT_EQ(result.learned.front().event.type, "reconciliation.begun");
    EXPECT_EQ(result.learned.front().address.fresh, reconciliation::id_of("stripe", "default", 2));
    EXPECT_TRUE(fake.seen.empty());
}

} // namespace
} // namespace appointd::adapters::tests
