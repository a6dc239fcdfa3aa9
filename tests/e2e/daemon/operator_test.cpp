// What operators and bookkeepers do, with the program itself.
#include "tests/e2e/daemon/child.hpp"
#include "tests/e2e/daemon/customer.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace appointd::e2e {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Ran {
    int code = -1;
    std::string out; ///< standard output and error
};

class OperatorTools : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override { stage.daemon().start(); }
    Ran appointd(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), APPOINTD_EXECUTABLE);
        arguments.insert(arguments.end(), {"--admin", stage.places().admin_url, "--token", "none"});
        const std::string log = stage.directory().string() + "/command" + std::to_string(++commands) + ".log";
        Child child(std::move(arguments), {{"USER", "eve"}}, log);
        const auto code = child.wait(20s);
        return {code.value_or(-1), child.tail(1 << 20)};
    }
    static demo::Town calm() {
        demo::Town town;
        town.misfortune = false;
        return town;
    }
    int commands = 0;
    Stage stage{std::string(GetParam()), quick_pace(), calm()};
};
INSTANTIATE_TEST_SUITE_P(Stores, OperatorTools, testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(OperatorTools, BookingIsExplainedActedOnAndReplayed) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    const Ran told = appointd({"workflows", "explain", ann.id()});
    EXPECT_EQ(told.code, 0) << told.out;
    EXPECT_THAT(told.out,
                AllOf(HasSubstr("CONFIRMED: paid, or free; the session is to come."), HasSubstr("It waits for the session"),
                      HasSubstr("Captured 123.45 USD: 123.45 USD is held until the session."), HasSubstr("Next: ")));

    const Ran tried = appointd({"workflows", "cancel", ann.id(), "--refund", "policy", "--dry-run"});
    EXPECT_THAT(tried.out,
                AllOf(HasSubstr("CONFIRMED > CANCELED"), HasSubstr("refund.create"), HasSubstr("timer        completion: ")));
    EXPECT_EQ(ann.state(), "CONFIRMED");

    const Ran part = appointd({"workflows", "refund", ann.id(), "1000", "--reason", "goodwill"});
    EXPECT_EQ(part.code, 0) << part.out;
    EXPECT_EQ(appointd({"workflows", "refund", ann.id(), "999999"}).code, 1) << "refused";
    EXPECT_EQ(appointd({"workflows", "note", ann.id(), "called, will be late"}).code, 0);
    EXPECT_EQ(appointd({"workflows", "cancel", ann.id(), "--refund", "full", "--reason", "the host is ill"}).code, 0);
    ann.await_state("REFUNDED");
    ann.await_quiet();
    const Ran history = appointd({"workflows", "history", ann.id(), "--json"});
    EXPECT_THAT(history.out, AllOf(HasSubstr("operator.cancel"), HasSubstr("\"actor\":\"eve\""), HasSubstr("the host is ill"),
                                   HasSubstr("called, will be late")));

    const Ran replayed = appointd({"workflows", "replay", ann.id()});
    EXPECT_EQ(replayed.code, 0) << replayed.out;
    EXPECT_THAT(replayed.out, HasSubstr("byte for byte"));
}

TEST_P(OperatorTools, AttentionIsListedByReasonAndSettledWithANote) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    Customer bob(stage, "coaching-60", "bob@example.org");
    bob.reach_meeting();
    ann.control("stripe/dispute", {{"payment", ann.payment()}, {"reason", "fraudulent"}});
    ann.await_attention("dispute");
    EXPECT_THAT(appointd({"workflows", "list", "--attention", "dispute"}).out,
                AllOf(HasSubstr(ann.id()), Not(HasSubstr(bob.id()))));
    EXPECT_THAT(appointd({"workflows", "list", "--attention", "no_meeting"}).out, HasSubstr("no workflows"));
    EXPECT_THAT(stage.metrics(), HasSubstr("appointd_attention{reason=\"dispute\"} 1"));
    EXPECT_THAT(appointd({"workflows", "explain", ann.id()}).out,
                HasSubstr("`appointd workflows resolve " + ann.id() + " dispute"));
    EXPECT_EQ(appointd({"workflows", "resolve", ann.id(), "dispute", "--note", "evidence sent"}).code, 0);
    EXPECT_THAT(ann.attention(), IsEmpty());
    EXPECT_THAT(appointd({"workflows", "list", "--attention"}).out, HasSubstr("no workflows"));
    EXPECT_THAT(stage.metrics(), HasSubstr("appointd_attention{reason=\"dispute\"} 0"));
}

TEST_P(OperatorTools, CallThatCannotBeMadeIsSkipped) {
    Customer ann(stage, "coaching-60");
    ann.reach_checkout();
    sandbox::Fault away;
    away.kind = sandbox::FaultKind::error_before;
    away.provider = sandbox::Provider::zoom;
    away.status = 503;
    stage.sandbox().faults().add(away);
    ann.pay();
    std::string activity;
    ann.await_detail("an open call to Zoom", [&](const json::object& detail) {
        for (const json::value& value : *array_field(detail, "pending_activities"))
            if (text_field(value.as_object(), "kind") == "meeting.create") activity = *text_field(value.as_object(), "id");
        return !activity.empty();
    });
    EXPECT_THAT(appointd({"workflows", "skip", activity, "--dry-run"}).out, HasSubstr(activity));
    EXPECT_EQ(appointd({"workflows", "skip", activity, "--reason", "made by hand"}).code, 0);
    ann.await_attention("meeting_failed");
    EXPECT_THAT(appointd({"workflows", "explain", ann.id()}).out,
                HasSubstr("`appointd workflows retry " + activity + "` tries it again"));
    stage.sandbox().faults().clear();
    EXPECT_EQ(appointd({"workflows", "retry", activity}).code, 0);
    ann.await_link("meeting");
    EXPECT_THAT(ann.attention(), IsEmpty());
}

/// Totals by currency, of the report and of the providers' ledger.
TEST_P(OperatorTools, MoneyReportAddsUpToTheLedger) {
    Customer whole(stage, "coaching-60", "whole@example.org"); // paid, canceled by the host: all back
    whole.reach_meeting();
    whole.control("calendly/cancel", {{"invitee", whole.invitee()}, {"by", "host"}});
    whole.await_state("REFUNDED");
    Customer part(stage, "coaching-60", "part@example.org"); // a share kept by policy is an operator's choice here
    part.reach_meeting();
    EXPECT_EQ(part.operate("operator.cancel", {{"refund", 2345}}), 200);
    part.await_state("CANCELED");
    Customer lost(stage, "coaching-60", "lost@example.org"); // a dispute, lost
    lost.reach_meeting();
    const json::object dispute = lost.control("stripe/dispute", {{"payment", lost.payment()}, {"reason", "fraudulent"}});
    lost.await_attention("dispute");
    lost.control("stripe/close-dispute", {{"dispute", *text_field(dispute, "dispute")}, {"outcome", "lost"}});
    lost.await_attention("dispute_lost");
    Customer surplus(stage, "coaching-60", "surplus@example.org"); // paid twice: one goes back, the session is held
    surplus.reach_meeting();
    surplus.control("stripe/payment", {{"amount", 777}, {"currency", "usd"}, {"metadata", {{"booking_id", surplus.id()}}}});
    surplus.await_detail("the surplus back", [](const json::object& detail) {
        return int_field(Customer::part(Customer::part(detail, "data"), "money"), "refunded") == 777;
    });
    EXPECT_EQ(surplus.operate("operator.complete", {}), 200);
    for (Customer* one : {&whole, &part, &lost, &surplus}) one->await_quiet();
    part.await_detail("its refund settled", [](const json::object& detail) {
        return int_field(Customer::part(Customer::part(detail, "data"), "money"), "refunded") == 2345;
    });

    const std::string today = to_iso(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())).substr(0, 10);
    const std::string yesterday =
        to_iso(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) - std::chrono::days(1)).substr(0, 10);
    const Ran ran = appointd({"report", "money", "--from", yesterday, "--to", today, "--json"});
    ASSERT_EQ(ran.code, 0) << ran.out;
    const json::object report = *parse_object(ran.out);
    ASSERT_EQ(report.at("totals").as_array().size(), 1u) << ran.out;
    const json::object& total = report.at("totals").at(0).as_object();
    const json::object ledger = stage.sandbox().ledger();
    const json::object stripe = Customer::part(Customer::part(ledger, "totals"), "usd");
    EXPECT_EQ(int_field(total, "captured"), int_field(stripe, "captured"));
    EXPECT_EQ(int_field(total, "refunded"), int_field(stripe, "refunded"));
    EXPECT_EQ(int_field(total, "lost"), int_field(stripe, "lost"));
    EXPECT_EQ(int_field(total, "captured"), 4 * 12345 + 777);
    EXPECT_EQ(int_field(total, "refunded"), 12345 + 2345 + 777);
    EXPECT_EQ(int_field(total, "kept_operator"), 10000);
    EXPECT_EQ(int_field(total, "kept_session"), 12345);
    EXPECT_EQ(int_field(total, "lost"), 12345);
    EXPECT_EQ(int_field(Customer::part(total, "closing"), "waiting"), 0);
    EXPECT_EQ(report.at("adds_up"), true);
    const Ran csv = appointd({"report", "money", "--from", yesterday, "--to", today, "--csv"});
    EXPECT_THAT(csv.out, AllOf(HasSubstr("date,session_type,currency,captured"), HasSubstr(",coaching-60,usd,")));
}

TEST_P(OperatorTools, AuditorLooksAtEveryBookingAndFindsNothing) {
    Customer ann(stage, "coaching-60");
    ann.reach_meeting();
    EXPECT_TRUE(stage.eventually([&] {
        static const std::string series = "\nappointd_audited_workflows_total ";
        const std::string text = stage.metrics();
        const auto at = text.find(series);
        return at != std::string::npos && std::stod(text.substr(at + series.size())) >= 3;
    }));
    EXPECT_THAT(stage.metrics(), AllOf(HasSubstr("appointd_invariant_violations_total{invariant=\"M1\"} 0"),
                                       HasSubstr("appointd_invariant_violations_total{invariant=\"H1\"} 0")));
}

} // namespace
} // namespace appointd::e2e
