// What a person may do to a booking, state by state (docs/booking.md, "The operator"): what the state refuses is 409 with the
// reason, and nothing is written.
#include "tests/e2e/daemon/rules.hpp"

#include <boost/json/serialize.hpp>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Refusal {
    const char* type;
    json::object payload;
    const char* reason;
};

class OperatorRules : public Rules {
protected:
    void expect_refused(Customer& customer, const std::vector<Refusal>& refusals) {
        customer.await_quiet();
        const json::object before = customer.detail();
        for (const Refusal& one : refusals) {
            const auto answer = customer.send(one.type, one.payload);
            EXPECT_EQ(answer.status, 409) << one.type << " in " << customer.state() << ": " << answer.body;
            EXPECT_THAT(answer.body, HasSubstr(one.reason)) << one.type << " in " << customer.state();
        }
        EXPECT_EQ(customer.detail(), before);
    }
    /// Zoom refuses every create from now on.
    void refuse_meetings() {
        sandbox::Fault refused;
        refused.kind = sandbox::FaultKind::error_before;
        refused.provider = sandbox::Provider::zoom;
        refused.route = "POST /v2/users";
        refused.status = 400;
        stage.sandbox().faults().add(refused);
    }
};
APPOINTD_ON_BOTH_STORES(OperatorRules);

const json::object paid{{"amount", 5000}, {"reference", "cash"}};
const json::object elsewhere{{"amount", 5000}, {"reference", "bank"}};
const json::object a_part{{"amount", 100}};
const json::object guest{{"who", "guest"}};

TEST_P(OperatorRules, WhatTheStateRefusesIs409WithTheReasonAndChangesNothing) {
    Customer ann(stage, "tiers");
    ann.ask();
    expect_refused(ann, {{"operator.refund", a_part, "no payment has that much left"},
                         {"operator.mark_paid", paid, "no slot"},
                         {"operator.complete", {}, "only a confirmed booking can be completed"},
                         {"operator.no_show", guest, "no slot"},
                         {"operator.refunded_elsewhere", elsewhere, "no refund of that size failed"},
                         {"operator.resolve", {{"reason", "dispute"}, {"note", "?"}}, "no such attention is open"}});
    ann.take_slot();
    ann.await_link("checkout");
    expect_refused(ann, {{"operator.refund", a_part, "no payment has that much left"},
                         {"operator.complete", {}, "only a confirmed booking can be completed"},
                         {"operator.no_show", guest, "before the session"},
                         {"operator.refunded_elsewhere", elsewhere, "no refund of that size failed"}});
    ann.pay();
    ann.await_link("meeting");
    expect_refused(ann, {{"operator.mark_paid", paid, "paid already"},
                         {"operator.refund", {{"amount", 5001}}, "no payment has that much left"},
                         {"operator.cancel", {{"refund", 5001}}, "refund is full, policy, none, or an amount"}});
    const Time start = time_field(Customer::part(ann.data(), "slot"), "start").value();
    ann.meet(start, start + 1h);
    ann.await_state("COMPLETED");
    expect_refused(ann, {{"operator.cancel", {}, "the session is over: use refund"},
                         {"operator.mark_paid", paid, "paid already"},
                         {"operator.complete", {}, "only a confirmed booking can be completed"}});
}

TEST_P(OperatorRules, OverIsOverForAnOperatorToo) {
    Customer given_up(stage, "brief", "given.up@example.org"), canceled(stage, "tiers", "canceled@example.org");
    given_up.reach_checkout();
    given_up.await_state("ABANDONED");
    canceled.reach_checkout();
    EXPECT_EQ(canceled.operate("operator.cancel"), 200);
    canceled.await_state("CANCELED");
    for (Customer* over : {&given_up, &canceled}) {
        expect_refused(*over, {{"operator.mark_paid", paid, "book again"},
                               {"operator.complete", {}, "only a confirmed booking can be completed"},
                               {"operator.refund", a_part, "no payment has that much left"},
                               {"operator.no_show", guest, "no session"}});
        const auto again = over->send("operator.cancel", {});
        EXPECT_EQ(disposition_of(again), "ignored") << again.body;
        EXPECT_THAT(over->decisions("operator.cancel"), Contains("ignored: already over"));
    }
}

TEST_P(OperatorRules, CancelReturnsWhatTheOperatorChose) {
    const struct {
        json::value refund;
        std::int64_t refunded;
        const char* state;
    } cases[] = {{"full", 5000, "REFUNDED"}, {"policy", 1650, "CANCELED"}, {"none", 0, "CANCELED"}, {1234, 1234, "CANCELED"}};
    for (const auto& one : cases) {
        Customer ann(stage, "tiers");
        ann.ask();
        ann.take_slot(3h);
        ann.pay();
        ann.await_link("meeting");
        ann.await_quiet();
        EXPECT_EQ(ann.operate("operator.cancel", {{"refund", one.refund}}), 200);
        ann.await_state(one.state);
        ann.await_quiet();
        EXPECT_EQ(int_field(ann.money(), "refunded"), one.refunded) << json::serialize(one.refund);
        EXPECT_EQ(int_field(ann.money(), "kept"), 5000 - one.refunded) << json::serialize(one.refund);
        EXPECT_EQ(ann.live_meetings(), 0U);
        EXPECT_FALSE(ann.slot_is_taken());
        EXPECT_THAT(ann.attention(), IsEmpty());
    }
}

TEST_P(OperatorRules, KeptMoneyMayStillBeReturned) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.cancel", {{"refund", "none"}}), 200);
    ann.await_state("CANCELED");
    ann.await_quiet();
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", 5000}}), 200);
    ann.await_state("REFUNDED");
    EXPECT_EQ(int_field(ann.money(), "kept"), 0);
}

TEST_P(OperatorRules, WholePaymentReturnedByAnOperatorEndsAConfirmedBooking) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", 5000}}), 200);
    ann.await_state("REFUNDED");
    ann.await_quiet();
    EXPECT_EQ(ann.live_meetings(), 0U);
    EXPECT_FALSE(ann.slot_is_taken());
}

TEST_P(OperatorRules, MarkedPaidConfirmsAndClosesTheCheckout) {
    Customer ann(stage, "tiers");
    ann.reach_checkout();
    EXPECT_EQ(ann.operate("operator.mark_paid", paid), 200);
    ann.await_link("meeting");
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_EQ(int_field(ann.money(), "captured"), 5000);
    const json::object ledger = ann.ledger();
    EXPECT_EQ(text_field(array_field(ledger, "sessions")->front().as_object(), "status"), "expired");
}

TEST_P(OperatorRules, CompletesAConfirmedBooking) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.complete"), 200);
    EXPECT_EQ(ann.state(), "COMPLETED");
    EXPECT_EQ(int_field(ann.money(), "kept"), 5000);
}

TEST_P(OperatorRules, HostWhoDidNotComeReturnsAllMoneyWhateverTheTermsSay) {
    Customer ann(stage, "tiers"); // no_show = keep
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.complete"), 200);
    EXPECT_EQ(ann.operate("operator.no_show", guest), 200);
    ann.await_quiet();
    EXPECT_EQ(ann.state(), "COMPLETED");
    Customer bela(stage, "tiers");
    bela.reach_meeting();
    EXPECT_EQ(bela.operate("operator.complete"), 200);
    EXPECT_EQ(bela.operate("operator.no_show", {{"who", "host"}}), 200);
    bela.await_state("REFUNDED");
}

TEST_P(OperatorRules, EachActionStandsInTheHistoryWithActorAndReason) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    EXPECT_EQ(ann.operate("operator.note", {{"text", "asked for another day"}}), 200);
    EXPECT_THAT(ann.decisions("operator.note"), ElementsAre("applied: a note"));
    const json::object note = ann.payload("operator.note");
    EXPECT_EQ(text_field(note, "actor"), "tester");
    EXPECT_EQ(text_field(note, "reason"), "as the test says");
    EXPECT_EQ(text_field(note, "text"), "asked for another day");
}

TEST_P(OperatorRules, FlagIsSettledWithANote) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    ann.control("stripe/dispute", {{"payment", ann.payment()}, {"inquiry", true}});
    ann.await_attention("dispute");
    EXPECT_EQ(ann.operate("operator.resolve", {{"reason", "dispute"}, {"note", "answered the bank"}}), 200);
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_EQ(metric(R"(appointd_attention{reason="dispute"})"), 0);
}

TEST_P(OperatorRules, CallThatIsSkippedLeavesItsFlagInFrontOfAPerson) {
    refuse_meetings();
    Customer ann(stage, "tiers");
    ann.reach_checkout();
    ann.pay();
    ann.await_attention("meeting_failed");
    ann.await_quiet();
    const std::string call = ann.call_id("meeting.create");
    EXPECT_EQ(ann.operate("operator.skip", {{"activity", call}}), 200) << call;
    EXPECT_EQ(ann.state(), "CONFIRMED");
    EXPECT_THAT(ann.attention(), Contains("meeting_failed"));
    EXPECT_EQ(ann.operate("operator.retry", {{"activity", ann.id() + ".1.9"}}), 409);
}

TEST_P(OperatorRules, DryRunSaysWhatWouldHappenAndChangesNothing) {
    Customer ann(stage, "tiers");
    ann.reach_meeting();
    const json::object before = ann.detail();
    const auto would = demo::data_of(ann.send("operator.cancel", {{"refund", "full"}}, true)).value();
    EXPECT_EQ(text_field(would, "state_before"), "CONFIRMED");
    EXPECT_EQ(text_field(would, "state"), "CANCELED");
    std::vector<std::string> kinds;
    for (const json::value& call : *array_field(would, "activities"))
        kinds.push_back(text_field(call.as_object(), "kind").value_or(""));
    EXPECT_THAT(kinds, testing::IsSupersetOf({"meeting.delete", "slot.cancel", "refund.create"}));
    const auto refused = demo::data_of(ann.send("operator.mark_paid", paid, true)).value();
    EXPECT_EQ(text_field(refused, "disposition"), "refused");
    EXPECT_EQ(text_field(refused, "reason"), "paid already");
    EXPECT_EQ(ann.detail(), before);
    EXPECT_EQ(ann.live_meetings(), 1U);
    EXPECT_TRUE(ann.slot_is_taken());
}

TEST_P(OperatorRules, WhatNoOperatorMaySendIs400) {
    Customer ann(stage, "tiers");
    ann.reach_checkout();
    ann.await_quiet();
    const json::object before = ann.detail();
    EXPECT_EQ(ann.operate("payment.captured", {{"payment", "pi_1"}, {"amount", 5000}}), 400);
    EXPECT_EQ(ann.operate("operator.dance"), 400);
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", "much"}}), 400);
    EXPECT_EQ(ann.operate("operator.refund", {{"amount", -5}}), 400);
    EXPECT_EQ(ann.operate("operator.no_show", {{"who", "the cat"}}), 400);
    EXPECT_EQ(ann.operate("operator.cancel", {{"refund", "half"}}), 400);
    EXPECT_EQ(ann.detail(), before);
}

} // namespace
} // namespace appointd::e2e
