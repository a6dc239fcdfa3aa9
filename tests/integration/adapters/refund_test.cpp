#include "tests/integration/adapters/stripe_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class Refunds : public ActivitiesTest<StripeFake> {
protected:
    static json::object refund(std::string_view id, std::string_view amount) {
        return {{"booking", booking_id},
                {"refund", id},
                {"payment", "pi_1"},
                {"form", form({{"payment_intent", "pi_1"},
                               {"amount", amount},
                               {"metadata[booking_id]", booking_id},
                               {"metadata[refund_id]", id}})}};
    }
};

TEST_F(Refunds, MadeIsSaidWithItsStatus) {
    const auto made = facts(carry_out("refund.create", refund("r1", "5000")));
    EXPECT_EQ(made.at("done"), "made");
    EXPECT_EQ(made.at("refund"), "re_1");
    EXPECT_EQ(made.at("status"), "succeeded");
    EXPECT_EQ(made.at("amount"), 5000);
}

TEST_F(Refunds, LostAnswerMakesNoSecondRefund) {
    fake.fault("POST", Fake::Mishap::lose);
    const auto first = attempt("refund.create", refund("r1", "5000"));
    EXPECT_EQ(carry_out(first).kind, Kind::retry);
    EXPECT_EQ(facts(carry_out(again(first))).at("refund"), "re_1");
    EXPECT_EQ(fake.refunds.size(), 1u);
}

TEST_F(Refunds, AlreadyRefundedListsWhatIsThere) {
    carry_out("refund.create", refund("r1", "12000"));
    auto second = attempt("refund.create", refund("r2", "5000"));
    second.idempotency_key = "other";
    const auto said = facts(carry_out(second));
    EXPECT_EQ(said.at("done"), "already_refunded");
    ASSERT_EQ(said.at("refunds").as_array().size(), 1u);
    EXPECT_EQ(said.at("refunds").at(0).at("refund"), "re_1");
    EXPECT_EQ(said.at("refunds").at(0).at("our_refund"), "r1");
    EXPECT_EQ(said.at("refunds").at(0).at("amount"), 12000);
}

TEST_F(Refunds, MoreThanIsLeftListsWhatIsThere) {
    carry_out("refund.create", refund("r1", "5000"));
    auto second = attempt("refund.create", refund("r2", "12000"));
    second.idempotency_key = "other";
    EXPECT_EQ(facts(carry_out(second)).at("done"), "already_refunded");
}

TEST_F(Refunds, TheRefundThatIsOursIsTheOutcome) {
    carry_out("refund.create", refund("r1", "12000"));
    auto pruned = attempt("refund.create", refund("r1", "12000"));
    pruned.idempotency_key = "a key that Stripe has forgotten";
    const auto said = facts(carry_out(pruned));
    EXPECT_EQ(said.at("done"), "made");
    EXPECT_EQ(said.at("refund"), "re_1");
}

TEST_F(Refunds, DisputedIsAFact) {
    fake.fault("POST", Fake::Mishap::answer, StripeFake::error(400, "charge_disputed", "Charge ch_1 has been charged back."));
    EXPECT_EQ(facts(carry_out("refund.create", refund("r1", "5000"))).at("done"), "disputed");
}

TEST_F(Refunds, OtherRefusalsFail) {
    fake.fault("POST", Fake::Mishap::answer,
               StripeFake::error(400, "", "This PaymentIntent does not have a successful charge to refund."));
    const auto refused = carry_out("refund.create", refund("r1", "5000"));
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "stripe_400_invalid_request_error");
}

TEST_F(Refunds, ReplayedErrorLooksThroughAllPagesBeforeANewKey) {
    fake.stored_error = 500;
    const auto first = attempt("refund.create", refund("r1", "2000"));
    carry_out(first);
    EXPECT_TRUE(carry_out(again(first)).next_generation);
    for (int i = 0; i < 5; ++i) {
        auto other = attempt("refund.create", refund("x" + std::to_string(i), "1000"));
        other.idempotency_key = "x" + std::to_string(i);
        carry_out(other);
    }
    fake.refunds.insert(fake.refunds.begin(),
                        {{"id", "re_first"}, {"amount", 2000}, {"status", "pending"}, {"metadata", {{"refund_id", "r1"}}}});
    const auto found = facts(carry_out(again(first)));
    EXPECT_EQ(found.at("refund"), "re_first");
    EXPECT_EQ(found.at("status"), "pending");
}

TEST_F(Refunds, RefusalOfTheRoundBeforeIsNoAnswerToTheNext) {
    fake.stored_error = 400;
    const auto first = attempt("refund.create", refund("r1", "2000"));
    EXPECT_EQ(carry_out(first).kind, Kind::failed);
    auto next = next_round(first);
    EXPECT_TRUE(carry_out(next).next_generation) << "the key answers nothing else any more, and nothing was refunded";
    next = again(next);
    next.idempotency_key = "the next generation";
    EXPECT_EQ(facts(carry_out(next)).at("refund"), "re_1");
}

TEST_F(Refunds, RefusalOfANewRoundIsProvenAlsoWhereNobodyMarksItAsAReplay) {
    fake.fault("POST", Fake::Mishap::answer, StripeFake::error(400, "", "This PaymentIntent has no successful charge."));
    const auto first = attempt("refund.create", refund("r1", "2000"));
    EXPECT_TRUE(carry_out(next_round(first)).next_generation);
    fake.refunds.push_back({{"id", "re_7"}, {"amount", 2000}, {"status", "succeeded"}, {"metadata", {{"refund_id", "r1"}}}});
    fake.fault("POST", Fake::Mishap::answer, StripeFake::error(400, "charge_already_refunded", "It has been refunded."));
    EXPECT_EQ(facts(carry_out(next_round(first))).at("refund"), "re_7");
}

TEST_F(Refunds, OldKeysAreProvenBeforeAnythingIsSent) {
    const auto first = attempt("refund.create", refund("r1", "2000"));
    clock.pass(23h + 1s);
    EXPECT_TRUE(carry_out(again(first)).next_generation);
    EXPECT_EQ(fake.count("POST"), 0);
}

TEST_F(Refunds, ListIsWhole) {
    for (int i = 0; i < 5; ++i)
        fake.refunds.push_back({{"id", "re_" + std::to_string(i)}, {"amount", "10"}, {"status", "failed"}, {"metadata", {}}});
    const auto said = facts(carry_out("refund.list", {{"booking", booking_id}, {"payment", "pi_1"}}));
    ASSERT_EQ(said.at("refunds").as_array().size(), 5u);
    EXPECT_EQ(said.at("refunds").at(0).at("refund"), "re_4");
    EXPECT_EQ(said.at("refunds").at(0).at("amount"), 10);
    EXPECT_TRUE(said.at("refunds").at(0).at("our_refund").is_null());
}

} // namespace
} // namespace appointd::adapters::tests
