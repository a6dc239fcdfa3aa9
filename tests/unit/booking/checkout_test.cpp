#include "tests/unit/booking/desk.hpp"

namespace appointd::booking::testing {

struct CheckoutStory : Desk {
    std::string form(std::string_view name) {
        const auto* fields = array_field(desk.find("checkout.create")->request, "form");
        for (const auto& field : *fields)
            if (field.at(0).as_string() == name) return std::string(field.at(1).as_string());
        return {};
    }
};

TEST_F(CheckoutStory, RequestIsExactAndDoesNotAge) {
    book();
    const auto id = engine::to_string(desk.id);
    EXPECT_EQ(form("mode"), "payment");
    EXPECT_EQ(form("client_reference_id"), id);
    EXPECT_EQ(form("customer_email"), "ann@example.org");
    EXPECT_EQ(form("success_url"), "http://127.0.0.1:8080/b/" + id + "?key=key&checkout=done");
    EXPECT_EQ(form("cancel_url"), "http://127.0.0.1:8080/b/" + id + "?key=key&checkout=left");
    EXPECT_EQ(form("line_items[0][price_data][unit_amount]"), "12000");
    EXPECT_EQ(form("metadata[booking_id]"), id);
    EXPECT_EQ(form("payment_intent_data[metadata][booking_id]"), id);
    EXPECT_EQ(form("expires_at"), "");
}

TEST_F(CheckoutStory, PaidBookingIsConfirmed) {
    book_pending();
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_EQ(pay().disposition, "applied");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.open("meeting.create"));
    EXPECT_FALSE(desk.timer("deadline"));
    EXPECT_FALSE(desk.open("checkout.expire")) << "it is complete";
    EXPECT_TRUE(desk.bound("pi_1"));
    EXPECT_EQ(pay().reason, "already booked");
    desk.expect_replay();
}

TEST_F(CheckoutStory, PaymentThatOutrunsTheCheckoutsOwnAnswerConfirms) {
    book();
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    checkout_made();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_FALSE(desk.open("checkout.expire"));
}

TEST_F(CheckoutStory, IntentsOwnEventConfirmsToo) {
    book_pending();
    auto payload = captured("pi_1");
    for (const auto* name : {"session", "subtotal"}) payload[name] = nullptr;
    desk.send("payment.captured", payload);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(pay().reason, "already booked; now its session is known");
}

TEST_F(CheckoutStory, TaxAndDiscountCountOnlyWhereTheyAreAllowed) {
    auto taxed = [&] {
        auto payload = captured("pi_1", 12900);
        payload["subtotal"] = 12000;
        payload["discount"] = 1000;
        payload["tax"] = 1900;
        return payload;
    };
    book_pending();
    desk.send("payment.captured", taxed());
    EXPECT_TRUE(desk.flagged("amount_mismatch"));

    desk = Fold(monday);
    terms["automatic_tax"] = true;
    terms["allow_promotion_codes"] = true;
    book_pending();
    auto intent = captured("pi_1", 12900);
    intent["session"] = nullptr;
    intent["subtotal"] = nullptr;
    EXPECT_EQ(desk.send("payment.captured", intent).disposition, "deferred");
    desk.send("payment.captured", taxed());
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.parked.empty());
    EXPECT_EQ(sum("captured"), 12900);
}

TEST_F(CheckoutStory, FullDiscountConfirmsWithoutMoney) {
    terms["allow_promotion_codes"] = true;
    book_pending();
    auto payload = captured("cs_1", 0);
    payload["subtotal"] = 12000;
    payload["discount"] = 12000;
    desk.send("payment.captured", payload);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    cancel("host");
    EXPECT_EQ(desk.state(), "CANCELED");
}

TEST_F(CheckoutStory, DeclineKeepsTheCheckoutOpen) {
    book_pending();
    declined();
    EXPECT_EQ(desk.state(), "PAYMENT_FAILED");
    declined();
    EXPECT_EQ(desk.data().declined, 2);
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(CheckoutStory, DeadlineExpiresFirstThenAbandons) {
    book_pending();
    desk.ring("deadline");
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_TRUE(desk.open("checkout.expire"));
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_TRUE(desk.open("slot.cancel"));
    EXPECT_EQ(expired().reason, "already booked: that checkout is closed");
    desk.succeed("slot.cancel", {{"done", "canceled"}});
    EXPECT_EQ(cancel("host").reason, "the slot is free already (echo)");
    EXPECT_TRUE(desk.closed());
    EXPECT_FALSE(desk.timer("reconcile"));
    desk.expect_replay();
}

TEST_F(CheckoutStory, ExpiryWebhookMayComeBeforeTheAnswer) {
    book_pending();
    desk.ring("deadline");
    expired();
    EXPECT_EQ(desk.state(), "ABANDONED");
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    EXPECT_EQ(desk.history.back().reason, "already booked (echo)");
}

TEST_F(CheckoutStory, ExpiryThatOutrunsTheCheckoutsOwnAnswerWaitsForIt) {
    book();
    EXPECT_EQ(expired().disposition, "deferred");
    checkout_made();
    EXPECT_EQ(desk.data().checkouts.front().phase, CheckoutPhase::expired);
    ASSERT_TRUE(desk.open("checkout.create")) << "the window is open: another one is made";
    EXPECT_EQ(desk.data().checkout()->n, 2);
}

TEST_F(CheckoutStory, ExpireRefusedAsCompleteMeansPaid) {
    book_pending();
    desk.ring("deadline");
    desk.succeed("checkout.expire", {{"session", "cs_1"},
                                     {"status", "complete"},
                                     {"payment_status", "paid"},
                                     {"payment", "pi_1"},
                                     {"amount", 12000},
                                     {"subtotal", 12000},
                                     {"discount", 0},
                                     {"tax", 0},
                                     {"currency", "usd"}});
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(pay().reason, "already booked");
}

TEST_F(CheckoutStory, ExpireThatFailsIsFlaggedAndTheStartEndsIt) {
    book_pending();
    desk.ring("deadline");
    desk.fail("checkout.expire", true);
    EXPECT_TRUE(desk.flagged("checkout_open"));
    desk.ring("start");
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_EQ(desk.data().slot.phase, SlotPhase::past);
    desk.ring("reconcile");
    EXPECT_TRUE(desk.open("checkout.expire")) << "opened again";
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(CheckoutStory, LongWindowMakesANewCheckoutWhenTheOldOneEnds) {
    terms["payment_window_seconds"] = 2 * 86400;
    book_pending();
    desk.now += 24h;
    expired();
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_EQ(desk.find("checkout.create")->request.at("n").as_int64(), 2);
    checkout_made();
    EXPECT_EQ(desk.data().checkout()->session, "cs_2");
    desk.ring("deadline");
    desk.succeed("checkout.expire", {{"session", "cs_2"}, {"status", "expired"}});
    EXPECT_EQ(desk.state(), "ABANDONED");
}

TEST_F(CheckoutStory, NoCheckoutAtTheDeadlineAbandonsAtOnce) {
    book();
    desk.fail("checkout.create", true);
    EXPECT_TRUE(desk.flagged("checkout_failed"));
    desk.ring("deadline");
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_TRUE(desk.open("slot.cancel"));
    EXPECT_TRUE(desk.flagged("checkout_failed")) << "it was used up, and may stand at Stripe";
}

TEST_F(CheckoutStory, CheckoutThatIsRefusedWhenNoneIsWantedAsksNobody) {
    book();
    operate("mark_paid", {{"amount", 12000}, {"reference", "cash"}});
    desk.fail("checkout.create", false);
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.attention(), "");

    desk = Fold(monday);
    book();
    cancel("invitee");
    desk.fail("checkout.create", false);
    EXPECT_EQ(desk.attention(), "");
    EXPECT_TRUE(desk.closed());

    desk = Fold(monday);
    book();
    cancel("invitee");
    desk.fail("checkout.create", true);
    EXPECT_TRUE(desk.flagged("checkout_failed")) << "it may have landed: it is asked for again, to be expired";
}

TEST_F(CheckoutStory, CheckoutMadeTooLateIsExpired) {
    book();
    desk.ring("deadline");
    EXPECT_EQ(desk.state(), "ABANDONED");
    checkout_made();
    EXPECT_TRUE(desk.open("checkout.expire"));
    EXPECT_TRUE(desk.json_data().at("checkout").at("url").is_null());
}

TEST_F(CheckoutStory, AsynchronousMoneyHoldsUntilTheStart) {
    book_pending();
    processing();
    EXPECT_FALSE(desk.timer("deadline"));
    desk.now += 1h;
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(CheckoutStory, AsynchronousMoneyFasterThanTheAnswerOfItsCheckoutConfirms) {
    book();
    desk.send("payment.processing", {{"payment", "pi_1"}, {"session", nullptr}, {"booking", engine::to_string(desk.id)}},
              "stripe");
    EXPECT_EQ(processing().reason, "already booked");
    checkout_made();
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.attention(), "");
    EXPECT_TRUE(desk.json_data().at("checkout").at("url").is_null());
}

TEST_F(CheckoutStory, AsynchronousFailureAbandonsWhenTheWindowIsOver) {
    book_pending();
    processing();
    desk.now += 1h;
    failed();
    EXPECT_EQ(desk.state(), "ABANDONED");
    EXPECT_TRUE(desk.open("slot.cancel"));
}

TEST_F(CheckoutStory, AsynchronousFailureWithinTheWindowAsksAgain) {
    book_pending();
    processing();
    failed();
    EXPECT_EQ(desk.state(), "PAYMENT_FAILED");
    EXPECT_TRUE(desk.open("checkout.create"));
    EXPECT_TRUE(desk.timer("deadline"));
    EXPECT_EQ(failed().reason, "already booked");
}

TEST_F(CheckoutStory, MoneyStillUnderWayAtTheStartGoesBackWhenItComes) {
    book_pending();
    processing();
    desk.ring("start");
    EXPECT_EQ(desk.state(), "ABANDONED");
    pay();
    EXPECT_EQ(sum("refunding"), 12000);
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
}

TEST_F(CheckoutStory, WrongSumNeverConfirmsAndGoesBackAtTheStart) {
    book_pending();
    pay("pi_1", 100);
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_TRUE(desk.flagged("amount_mismatch"));
    EXPECT_FALSE(desk.timer("deadline"));
    EXPECT_EQ(sum("waiting"), 100);
    desk.ring("start");
    EXPECT_EQ(desk.state(), "CANCELED");
    EXPECT_EQ(sum("refunding"), 100);
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(CheckoutStory, WrongCurrencyNeverConfirms) {
    book_pending();
    auto payload = captured("pi_1");
    payload["currency"] = "eur";
    desk.send("payment.captured", payload);
    EXPECT_TRUE(desk.flagged("amount_mismatch"));
    EXPECT_EQ(desk.json_data().at("money").at("currency").as_string(), "eur");
}

TEST_F(CheckoutStory, OperatorMayAcceptTheWrongSum) {
    book_pending();
    pay("pi_1", 11000);
    EXPECT_EQ(operate("mark_paid", {{"payment", "pi_9"}}).disposition, "refused");
    operate("mark_paid", {{"payment", "pi_1"}});
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(CheckoutStory, WrongSumReturnedWithinTheWindowMayBePaidAgain) {
    book_pending();
    pay("pi_1", 100);
    operate("refund", {{"amount", 100}});
    refund_made();
    EXPECT_EQ(desk.state(), "PAYMENT_PENDING");
    EXPECT_TRUE(desk.open("checkout.create"));
    EXPECT_TRUE(desk.timer("deadline"));
    checkout_made();
    pay("pi_2");
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

TEST_F(CheckoutStory, SecondPaymentGoesBackWhole) {
    book_confirmed();
    pay("pi_2");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(sum("refunding"), 12000);
    refund_made("re_2");
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_EQ(sum("refunded"), 12000);
    EXPECT_EQ(desk.attention(), "");
    desk.now = slot_end;
    ended(slot_end);
    EXPECT_EQ(sum("kept"), 12000);
}

TEST_F(CheckoutStory, LateMoneyGoesBack) {
    book_abandoned();
    pay();
    EXPECT_EQ(desk.state(), "ABANDONED");
    refund_made();
    EXPECT_EQ(desk.state(), "REFUNDED");
    pay("pi_2");
    EXPECT_EQ(desk.state(), "CANCELED") << "not all of it is back";
    refund_made("re_2");
    EXPECT_EQ(desk.state(), "REFUNDED");
    desk.expect_replay();
}

TEST_F(CheckoutStory, LateMoneyRevivesWhereTheTermsSayAndTheSlotIsOurs) {
    terms["late_money"] = "revive";
    book_abandoned();
    pay();
    EXPECT_EQ(desk.state(), "ABANDONED") << "its slot is gone";

    desk = Fold(monday);
    book_pending();
    desk.ring("deadline");
    desk.succeed("checkout.expire", {{"session", "cs_1"}, {"status", "expired"}});
    const auto refused = desk.find("slot.cancel")->id;
    desk.fail("slot.cancel", false);
    ASSERT_TRUE(desk.flagged("slot_held"));
    pay();
    EXPECT_EQ(desk.state(), "CONFIRMED");
    EXPECT_TRUE(desk.open("meeting.create"));
    EXPECT_EQ(desk.attention(), "") << "the slot is held by right again";
    EXPECT_EQ(operate("retry", {{"activity", refused}}).disposition, "refused") << "nobody frees it behind the customer's back";
}

TEST_F(CheckoutStory, UnexpectedMoneyIsFlaggedAndReturnedWhenNoSlotComes) {
    request();
    auto payload = captured("pi_1", 500);
    desk.send("payment.captured", payload);
    EXPECT_TRUE(desk.flagged("unexpected_money"));
    desk.ring("slot_timeout");
    EXPECT_EQ(sum("refunding"), 500);
    EXPECT_EQ(desk.attention(), "");
}

TEST_F(CheckoutStory, LostWebhooksAreHealedByLooking) {
    book_pending();
    terms["payment_window_seconds"] = 7200;
    desk = Fold(monday);
    book_pending();
    desk.ring("reconcile");
    ASSERT_TRUE(desk.open("checkout.look"));
    EXPECT_TRUE(desk.timer("reconcile"));
    desk.succeed("checkout.look", {{"session", "cs_1"},
                                   {"status", "complete"},
                                   {"payment_status", "paid"},
                                   {"payment", "pi_1"},
                                   {"amount", 12000},
                                   {"subtotal", 12000},
                                   {"discount", 0},
                                   {"tax", 0},
                                   {"currency", "usd"}});
    EXPECT_EQ(desk.state(), "CONFIRMED");
}

} // namespace appointd::booking::testing
