#include "tests/integration/adapters/stripe_fake.hpp"

namespace appointd::adapters::tests {
namespace {

class Checkout : public ActivitiesTest<StripeFake> {
protected:
    static json::object creation() {
        return {{"booking", booking_id},
                {"n", 1},
                {"form", form({{"mode", "payment"},
                               {"client_reference_id", booking_id},
                               {"success_url", "http://x/b?s={CHECKOUT_SESSION_ID}&k=ä"},
                               {"metadata[booking_id]", booking_id},
                               {"metadata[appointd]", "https://book.example.org"}})}};
    }
    static json::object naming(std::string_view session) { return {{"booking", booking_id}, {"session", session}}; }
};

TEST_F(Checkout, CreatedWithTheStoredFormAndTheAttemptsKey) {
    const auto made = facts(carry_out("checkout.create", creation()));
    EXPECT_EQ(made.at("session"), "cs_1");
    EXPECT_EQ(made.at("url"), "https://checkout.test/cs_1");
    EXPECT_EQ(fake.header(0, "Idempotency-Key"), booking_id + ".7.0:1");
    EXPECT_EQ(fake.header(0, "Content-Type"), "application/x-www-form-urlencoded");
    const auto form = form_decode(fake.seen[0].body);
    EXPECT_EQ(find_field(*form, "success_url"), "http://x/b?s={CHECKOUT_SESSION_ID}&k=ä");
}

TEST_F(Checkout, LostAnswerIsRepeatedWithTheSameKeyAndMakesNoSecondSession) {
    fake.fault("POST", Fake::Mishap::lose);
    const auto first = attempt("checkout.create", creation());
    const auto lost = carry_out(first);
    EXPECT_EQ(lost.kind, Kind::retry);
    EXPECT_EQ(lost.code, "stripe_no_answer");
    EXPECT_FALSE(lost.provider_ok);
    EXPECT_FALSE(lost.next_generation);
    EXPECT_EQ(facts(carry_out(again(first))).at("session"), "cs_1");
    EXPECT_EQ(fake.sessions.size(), 1u);
    EXPECT_EQ(fake.seen[0].body, fake.seen[1].body);
}

TEST_F(Checkout, StoredErrorSpendsTheKeyOnlyOnceTheEffectIsProvenAbsent) {
    fake.stored_error = 500;
    const auto first = attempt("checkout.create", creation());
    const auto error = carry_out(first);
    EXPECT_EQ(error.kind, Kind::retry);
    EXPECT_EQ(error.code, "stripe_500_api_error");
    EXPECT_FALSE(error.next_generation);
    const auto replayed = carry_out(again(first));
    EXPECT_EQ(replayed.kind, Kind::retry);
    EXPECT_TRUE(replayed.next_generation);
    EXPECT_EQ(fake.count("GET /stripe/v1/checkout/sessions"), 1);
}

TEST_F(Checkout, StoredErrorWithAnEffectFindsTheEffect) {
    fake.stored_error = 500;
    const auto first = attempt("checkout.create", creation());
    carry_out(first);
    fake.add_session("cs_9", "open");
    EXPECT_EQ(facts(carry_out(again(first))).at("session"), "cs_9");
}

TEST_F(Checkout, SessionThatNamesAnotherInstallationIsNotTheEffect) {
    fake.stored_error = 500;
    const auto first = attempt("checkout.create", creation());
    carry_out(first);
    fake.add_session("cs_9", "open")["metadata"].as_object()["appointd"] = "https://staging.example.org";
    EXPECT_TRUE(carry_out(again(first)).next_generation) << "proven absent";
}

TEST_F(Checkout, OfSeveralSessionsTheOpenOneIsTheAttempts) {
    fake.stored_error = 500;
    const auto first = attempt("checkout.create", creation());
    carry_out(first);
    fake.add_session("cs_1", "expired");
    fake.add_session("cs_2", "open");
    EXPECT_EQ(facts(carry_out(again(first))).at("session"), "cs_2");
}

TEST_F(Checkout, StripeSaysThatTheKeyIsSpent) {
    fake.fault("POST", Fake::Mishap::answer, StripeFake::error(500, "api_error", "boom", {{"Stripe-Should-Retry", "false"}}));
    EXPECT_TRUE(carry_out("checkout.create", creation()).next_generation);
}

TEST_F(Checkout, OldKeysAreNotTrusted) {
    const auto first = attempt("checkout.create", creation());
    fake.add_session("cs_1", "open");
    clock.pass(24h);
    EXPECT_EQ(facts(carry_out(again(first))).at("session"), "cs_1");
    EXPECT_EQ(fake.count("POST"), 0);
    fake.sessions.clear();
    const auto absent = carry_out(again(first));
    EXPECT_TRUE(absent.next_generation);
    EXPECT_EQ(fake.count("POST"), 0);
}

TEST_F(Checkout, SessionsOfOthersAndOfLongAgoProveNothing) {
    const auto first = attempt("checkout.create", creation());
    fake.add_session("cs_other", "open")["client_reference_id"] = "cart";
    fake.add_session("cs_old", "open")["created"] = fake.now - 7200;
    clock.pass(24h);
    EXPECT_TRUE(carry_out(again(first)).next_generation);
}

TEST_F(Checkout, ConcurrentUseOfTheKeyIsTriedAgain) {
    fake.fault("POST", Fake::Mishap::answer, StripeFake::error(409, "idempotency_key_in_use", "in progress"));
    const auto busy = carry_out("checkout.create", creation());
    EXPECT_EQ(busy.kind, Kind::retry);
    EXPECT_TRUE(busy.provider_ok);
    EXPECT_EQ(busy.code, "stripe_409_idempotency_key_in_use");
}

TEST_F(Checkout, OtherParametersUnderOneKeyFailForGood) {
    carry_out("checkout.create", creation());
    auto other = creation();
    other["form"].as_array().push_back(json::array{"locale", "de"});
    const auto misuse = carry_out("checkout.create", other);
    EXPECT_EQ(misuse.kind, Kind::failed);
    EXPECT_EQ(misuse.code, "stripe_400_idempotency_error");
}

TEST_F(Checkout, RefusedParametersFailForGoodInStripesWords) {
    fake.fault("POST", Fake::Mishap::answer,
               StripeFake::error(400, "parameter_unknown", "Received unknown parameter: x, key sk_test_x"));
    const auto refused = carry_out("checkout.create", creation());
    EXPECT_EQ(refused.kind, Kind::failed);
    EXPECT_EQ(refused.code, "stripe_400_parameter_unknown");
    EXPECT_EQ(refused.message, "Received unknown parameter: x, key ***");
}

TEST_F(Checkout, ExpiringAnOpenSessionSaysExpired) {
    fake.add_session("cs_1", "open");
    const auto expired = carry_out("checkout.expire", naming("cs_1"));
    EXPECT_EQ(facts(expired).at("status"), "expired");
    EXPECT_TRUE(expired.binds.empty());
}

TEST_F(Checkout, ExpiringAPaidSessionTellsThePayment) {
    auto& session = fake.add_session("cs_1", "complete");
    session["payment_status"] = "paid";
    session["payment_intent"] = "pi_1";
    const auto result = carry_out("checkout.expire", naming("cs_1"));
    const auto said = facts(result);
    EXPECT_EQ(said.at("status"), "complete");
    EXPECT_EQ(said.at("payment_status"), "paid");
    EXPECT_EQ(said.at("payment"), "pi_1");
    EXPECT_EQ(said.at("amount"), 12000);
    EXPECT_EQ(said.at("subtotal"), 12000);
    EXPECT_EQ(said.at("currency"), "usd");
    ASSERT_EQ(result.binds.size(), 1u);
    EXPECT_EQ(result.binds[0].get(), "/stripe/default/payment/pi_1");
}

TEST_F(Checkout, ExpiringAnUnknownSessionFails) {
    EXPECT_EQ(carry_out("checkout.expire", naming("cs_404")).code, "stripe_404_resource_missing");
}

TEST_F(Checkout, LookingAtAnOpenSessionChangesNothing) {
    fake.add_session("cs_1", "open");
    const auto said = facts(carry_out("checkout.look", naming("cs_1")));
    EXPECT_EQ(said.at("status"), "open");
    EXPECT_EQ(fake.count("POST"), 0);
}

TEST_F(Checkout, LookingWithoutASessionFindsThePaidOneAmongTheBookings) {
    for (int i = 1; i <= 5; ++i) fake.add_session("cs_" + std::to_string(i), "expired");
    fake.sessions["cs_2"]["status"] = "complete";
    fake.sessions["cs_2"]["payment_status"] = "paid";
    fake.sessions["cs_2"]["payment_intent"] = json::object{{"id", "pi_2"}};
    for (const auto& request : {json::object{{"booking", booking_id}, {"session", nullptr}}, naming("cs_unknown")}) {
        const auto said = facts(carry_out("checkout.look", request));
        EXPECT_EQ(said.at("session"), "cs_2");
        EXPECT_EQ(said.at("payment"), "pi_2");
    }
}

TEST_F(Checkout, LookingForWhatWasNeverMadeSaysNone) {
    EXPECT_EQ(facts(carry_out("checkout.look", {{"booking", booking_id}, {"session", nullptr}})).at("status"), "none");
}

TEST_F(Checkout, CompleteButUnpaidAsksThePayment) {
    auto& session = fake.add_session("cs_1", "complete");
    session["payment_intent"] = "pi_1";
    fake.intents["pi_1"] = {{"id", "pi_1"}, {"status", "processing"}};
    EXPECT_EQ(facts(carry_out("checkout.look", naming("cs_1"))).at("payment_status"), "unpaid");
    fake.intents["pi_1"]["status"] = "succeeded";
    EXPECT_EQ(facts(carry_out("checkout.look", naming("cs_1"))).at("payment_status"), "paid");
    fake.intents["pi_1"]["status"] = "requires_payment_method";
    const auto failed = carry_out("checkout.look", naming("cs_1"));
    ASSERT_EQ(failed.learned.size(), 1u);
    EXPECT_EQ(failed.learned[0].event.type, "payment.failed");
    EXPECT_EQ(failed.learned[0].event.source, "reconcile");
}

} // namespace
} // namespace appointd::adapters::tests
