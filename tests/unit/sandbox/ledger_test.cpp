#include "tests/unit/sandbox/asking.hpp"

#include "sandbox/ledger.hpp"
#include "sandbox/verbs.hpp"

#include <gmock/gmock.h>

namespace appointd::sandbox::testing {
namespace {

struct LedgerTest : ::testing::Test {
    json::object act(std::string_view verb, const json::object& body) {
        const auto result = verb_named(verb)(world, body, now);
        EXPECT_TRUE(result) << verb << ": " << (result ? "" : result.error().message);
        return result ? *result : json::object{};
    }
    Time now = at("2026-12-01T08:00:00Z");
    World world{Clock([this] { return now; }), 1, {}, {}, {}};
};

TEST_F(LedgerTest, AccountsForEveryCentOfAPayment) {
    const json::object metadata{{"booking_id", "bk_1"}};
    const std::string payment =
        text(act("stripe/payment", {{"amount", 5000}, {"currency", "eur"}, {"metadata", metadata}}), "payment");
    act("stripe/refund", {{"payment", payment}, {"amount", 1500}});
    const json::value ledger = ledger_of(world);
    EXPECT_EQ(text(ledger, "payments/0/booking"), "bk_1");
    EXPECT_EQ(pick(ledger, "payments/0/refunded"), json::value(1500));
    EXPECT_EQ(pick(ledger, "payments/0/kept"), json::value(3500));
    EXPECT_EQ(pick(ledger, "totals/eur/captured"), json::value(5000));
    EXPECT_EQ(pick(ledger_of(world, "bk_2"), "payments").get_array().size(), 0u);
}

TEST_F(LedgerTest, ALostDisputeIsNotKept) {
    const std::string payment = text(act("stripe/payment", {{"amount", 5000}}), "payment");
    const std::string dispute = text(act("stripe/dispute", {{"payment", payment}}), "dispute");
    EXPECT_EQ(pick(ledger_of(world), "payments/0/disputed"), json::value(5000));
    act("stripe/close-dispute", {{"dispute", dispute}, {"outcome", "lost"}});
    EXPECT_EQ(pick(ledger_of(world), "payments/0/lost"), json::value(5000));
    EXPECT_EQ(pick(ledger_of(world), "payments/0/kept"), json::value(0));
}

TEST_F(LedgerTest, FindsWhatStandsTwice) {
    const json::object metadata{{"refund_id", "r1"}};
    const std::string payment = text(act("stripe/payment", {{"amount", 5000}}), "payment");
    act("stripe/refund", {{"payment", payment}, {"amount", 1000}, {"metadata", metadata}});
    EXPECT_TRUE(pick(doubles_of(world), "refunds_of_one_refund_id").get_array().empty());
    act("stripe/refund", {{"payment", payment}, {"amount", 1000}, {"metadata", metadata}});
    EXPECT_EQ(text(doubles_of(world), "refunds_of_one_refund_id/0/refund_id"), "r1");
    act("zoom/meeting", {{"agenda", "ref:bk_1"}});
    const std::string twin = text(act("zoom/meeting", {{"agenda", "ref:bk_1 again"}}), "meeting");
    EXPECT_EQ(text(doubles_of(world), "live_meetings_of_one_marker/0/marker"), "bk_1");
    act("zoom/delete", {{"meeting", twin}});
    EXPECT_TRUE(pick(doubles_of(world), "live_meetings_of_one_marker").get_array().empty());
}

TEST_F(LedgerTest, RemembersWhoDidWhat) {
    act("calendly/event-types", {{"uri", "https://api.calendly.com/event_types/intro"}, {"name", "Intro"}});
    const std::string invitee =
        text(act("calendly/book", {{"event_type", "intro"}, {"tracking", {{"utm_content", "bk_9"}}}}), "invitee");
    act("calendly/cancel", {{"invitee", invitee}, {"by", "host"}});
    const json::value effects = effects_of(world);
    EXPECT_EQ(text(effects, "0/kind"), "slot.take");
    EXPECT_EQ(text(effects, "1/kind"), "slot.cancel");
    EXPECT_EQ(text(effects, "1/booking"), "bk_9");
    EXPECT_EQ(text(effects, "1/by"), "person");
    EXPECT_EQ(text(ledger_of(world), "invitees/0/canceler"), "host");
}

TEST_F(LedgerTest, UnknownVerbsAreNone) { EXPECT_EQ(verb_named("stripe/steal"), nullptr); }

} // namespace
} // namespace appointd::sandbox::testing
