#include "tests/unit/adapters/stripe_webhooks.hpp"

namespace appointd::adapters::tests {
namespace {

struct StripeDisputes : StripeWebhooks {
    json::object dispute(std::string_view status) {
        auto body = parsed(
            R"({"id":"du_1","object":"dispute","charge":"ch_1","payment_intent":"pi_1","amount":5000,"currency":"USD","metadata":{}})");
        body["status"] = status;
        return body;
    }
    std::string type_of(std::string_view type, std::string_view status, const json::object& more = {}) {
        return event(type, dispute(status), more).event.type;
    }
};

TEST_F(StripeDisputes, CreatedOpensOne) {
    const auto opened = event("charge.dispute.created", dispute("needs_response"));
    EXPECT_EQ(opened.event.type, "dispute.opened");
    const auto said = payload(opened);
    EXPECT_EQ(said.at("dispute"), "du_1");
    EXPECT_EQ(said.at("payment"), "pi_1");
    EXPECT_EQ(said.at("amount"), 5000);
    EXPECT_EQ(said.at("currency"), "usd");
    EXPECT_EQ(said.at("inquiry"), false);
    EXPECT_EQ(opened.address.unclaimed, engine::Unclaimed::wait);
    EXPECT_EQ(opened.address.reason, "not ours");
}

TEST_F(StripeDisputes, InquiriesAreNamedAndMayBecomeDisputes) {
    const auto inquiry = event("charge.dispute.created", dispute("warning_needs_response"));
    EXPECT_EQ(inquiry.event.type, "dispute.opened");
    EXPECT_EQ(payload(inquiry).at("inquiry"), true);
    EXPECT_EQ(
        type_of("charge.dispute.updated", "needs_response", {{"previous_attributes", {{"status", "warning_under_review"}}}}),
        "dispute.opened");
    EXPECT_EQ(type_of("charge.dispute.closed", "warning_closed"), "dispute.won");
}

TEST_F(StripeDisputes, ClosedSaysWhoWon) {
    EXPECT_EQ(type_of("charge.dispute.closed", "won"), "dispute.won");
    EXPECT_EQ(type_of("charge.dispute.closed", "lost"), "dispute.lost");
    for (const auto* type : {"charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_reinstated"})
        EXPECT_EQ(type_of(type, "prevented"), "dispute.noted") << "nobody says who has the money";
    EXPECT_EQ(type_of("charge.dispute.funds_reinstated", "under_review"), "dispute.won");
}

TEST_F(StripeDisputes, TheRestIsNoted) {
    EXPECT_EQ(type_of("charge.dispute.updated", "under_review"), "dispute.noted");
    EXPECT_EQ(type_of("charge.dispute.updated", "needs_response", {{"previous_attributes", {{"evidence", json::object{}}}}}),
              "dispute.noted");
    EXPECT_EQ(type_of("charge.dispute.funds_withdrawn", "needs_response"), "dispute.noted");
    EXPECT_EQ(type_of("charge.dispute.updated", "a_status_of_tomorrow"), "dispute.noted");
}

TEST_F(StripeDisputes, WithoutAPaymentIntentItIsNotOurs) {
    auto body = dispute("lost");
    body["payment_intent"] = nullptr;
    expect_ignored(event("charge.dispute.closed", body), "not ours");
}

} // namespace
} // namespace appointd::adapters::tests
