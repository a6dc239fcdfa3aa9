#include "tests/integration/http/house.hpp"

#include <gmock/gmock.h>

namespace appointd::http {
namespace {

using testing::HasSubstr;

struct AdminEventsTest : House {
    std::string id = std::string(book().at("id").as_string());
    Answer send(const std::string& body, const std::string& headers = "") {
        return ask_admin("POST", "/admin/v1/workflows/" + id + "/events", body, headers);
    }
    std::string state() {
        std::string state;
        change([&](auto& all) { state = all.workflows.front().state; });
        return state;
    }
    json::object last_payload() {
        json::object payload;
        change([&](auto& all) { payload = *parse_object(all.events.back().payload); });
        return payload;
    }
};

TEST_F(AdminEventsTest, OperatorEventIsAppliedAndAudited) {
    const auto data =
        data_of(send(R"({"type":"operator.cancel","payload":{"refund":"full"},"actor":"kim","reason":"asked by phone"})"));
    EXPECT_EQ(data.at("disposition"), "applied");
    EXPECT_EQ(data.at("state"), "CANCELED");
    EXPECT_EQ(data.at("workflow_id"), json::string(id));
    const auto payload = last_payload();
    EXPECT_EQ(payload.at("refund"), "full");
    EXPECT_EQ(payload.at("actor"), "kim");
    EXPECT_EQ(payload.at("reason"), "asked by phone");
    EXPECT_EQ(payload.at("at"), "2026-11-21T10:00:00Z");
    EXPECT_EQ(data_of(send(R"({"type":"operator.cancel"})")).at("reason"), "already over");
}

TEST_F(AdminEventsTest, ActorAndAmountMayStandInThePayload) {
    send(
        R"({"type":"operator.cancel","payload":{"refund":"amount","amount":5,"actor":"kim","reason":"asked by phone"},"dry_run":false})");
    EXPECT_EQ(last_payload().at("actor"), "kim");
    EXPECT_EQ(last_payload().at("reason"), "asked by phone");
    EXPECT_EQ(last_payload().at("refund"), 5);
}

TEST_F(AdminEventsTest, AnEventsOwnReasonStays) {
    send(R"({"type":"operator.resolve","payload":{"reason":"dispute"},"actor":"kim","reason":"settled with the bank"})");
    EXPECT_EQ(last_payload().at("reason"), "dispute");
    EXPECT_EQ(last_payload().at("why"), "settled with the bank");
}

TEST_F(AdminEventsTest, RefusalIs409AndChangesNothing) {
    const Answer answer = send(R"({"type":"operator.refund","payload":{"amount":5}})");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(code_of(answer), "refused");
    EXPECT_THAT(answer.body, HasSubstr("no money"));
    change([](auto& all) { EXPECT_EQ(all.events.size(), 1u); });
}

TEST_F(AdminEventsTest, OnlyOperatorEventsOfTheDefinitionMayBeSent) {
    for (const auto* body :
         {R"({"type":"payment.captured"})", R"({"type":"operator.dance"})", R"({"type":"x"})", R"({})", R"({"type":7})",
          R"({"type":"operator.cancel","payload":[]})", R"({"type":"operator.cancel","dry_run":"yes"})",
          R"({"type":"operator.cancel","extra":1})", R"({"type":"operator.refund"})",
          R"({"type":"operator.refund","payload":{"amount":"5"}})", R"({"type":"operator.refund","payload":{"amount":-5}})",
          R"({"type":"operator.cancel","payload":{"refund":"half"}})"}) {
        const Answer answer = send(body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(code_of(answer), "invalid_request") << body;
    }
    EXPECT_EQ(code_of(send("nonsense")), "malformed");
    EXPECT_EQ(state(), "INITIATED");
}

TEST_F(AdminEventsTest, PayloadThatBreaksTheTransitionIs400AndNoDeadLetter) {
    const Answer answer = send(R"({"type":"operator.note","payload":{"text":"throw"}})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("lacks sense"));
    change([](auto& all) { EXPECT_EQ(all.events.size(), 1u); });
}

TEST_F(AdminEventsTest, DryRunTellsAndChangesNothing) {
    const auto data = data_of(send(R"({"type":"payment.captured","payload":{"amount":12000},"dry_run":true})"));
    EXPECT_EQ(data.at("disposition"), "applied");
    EXPECT_EQ(data.at("state_before"), "INITIATED");
    EXPECT_EQ(data.at("state"), "CONFIRMED");
    EXPECT_EQ(data.at("activities").as_array().at(0).as_object().at("kind"), "meeting.create");
    EXPECT_EQ(data.at("timers").as_array().at(0).as_object().at("name"), "completion");
    const json::array expected{json::object{{"path", "money.captured"}, {"before", 0}, {"after", 12000}}};
    EXPECT_EQ(data.at("data_changes"), expected);
    const json::array timers{json::object{{"name", "completion"}, {"before", nullptr}, {"after", "2026-11-21T11:00:00Z"}}};
    EXPECT_EQ(data.at("timer_changes"), timers);
    for (const auto* name : {"attention", "derived", "reopens", "skips"}) EXPECT_EQ(data.at(name), json::array{}) << name;
    EXPECT_EQ(data.at("closed"), false);
    EXPECT_EQ(state(), "INITIATED");
    change([](auto& all) { EXPECT_EQ(all.events.size(), 1u); });
}

TEST_F(AdminEventsTest, DryRunOfATimerRingsIt) {
    send(R"({"type":"operator.note","payload":{"text":"x"}})");
    change([](auto& all) { all.workflows.front().timers = R"({"completion":{"at":1796115600000000,"set":2}})"; });
    const auto data = data_of(send(R"({"type":"timer.completion","dry_run":true})"));
    const json::array dropped{json::object{{"name", "completion"}, {"before", "2026-12-01T09:00:00Z"}, {"after", nullptr}}};
    EXPECT_EQ(data.at("timer_changes"), dropped);
    EXPECT_EQ(send(R"({"type":"timer.completion"})").status, 400) << "timers are not for people";
}

TEST_F(AdminEventsTest, DryRunOfARefusalSaysSo) {
    const auto data = data_of(send(R"({"type":"operator.refund","payload":{"amount":5},"dry_run":true})"));
    EXPECT_EQ(data.at("disposition"), "refused");
    EXPECT_EQ(data.at("reason"), "no money");
}

TEST_F(AdminEventsTest, IdempotencyKeyIsHonoured) {
    const std::string body = R"({"type":"operator.note","payload":{"text":"hello"}})";
    EXPECT_EQ(data_of(send(body, "Idempotency-Key: n1\r\n")).at("disposition"), "applied");
    EXPECT_EQ(data_of(send(body, "Idempotency-Key: n1\r\n")).at("disposition"), "duplicate");
    EXPECT_EQ(data_of(send(body)).at("disposition"), "applied");
}

TEST_F(AdminEventsTest, UnknownWorkflowIs404) {
    id = "01930000-0000-7000-8000-00000000000f";
    EXPECT_EQ(send(R"({"type":"operator.cancel"})").status, 404);
    id = "nonsense";
    EXPECT_EQ(send(R"({"type":"operator.cancel"})").status, 404);
}

TEST_F(AdminEventsTest, RetryOfAnActivityIsAnOperatorsEvent) {
    change([&](auto& all) {
        engine::ActivityRow activity;
        activity.id = {*engine::parse_workflow_id(id), 2, 0};
        all.activities.push_back(activity);
        activity.id.seq = 9, activity.id.n = 9;
        all.activities.push_back(activity);
    });
    const Answer answer = ask_admin("POST", "/admin/v1/activities/" + id + ".2.0/retry", R"({"actor":"kim"})");
    EXPECT_EQ(data_of(answer).at("disposition"), "applied");
    EXPECT_EQ(last_payload().at("activity"), json::string(id + ".2.0"));
    EXPECT_EQ(last_payload().at("actor"), "kim");
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/" + id + ".2.0/retry").status, 200);
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/" + id + ".9.9/retry").status, 409);
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/" + id + ".3.0/retry").status, 404);
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/nonsense/retry").status, 404);
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/" + id + ".2.0/retry", "[").status, 400);
}

TEST_F(AdminEventsTest, SkipOfAnActivityIsAnOperatorsEventAndCanBeTried) {
    change([&](auto& all) {
        engine::ActivityRow activity;
        activity.id = {*engine::parse_workflow_id(id), 2, 0};
        all.activities.push_back(activity);
    });
    const auto path = "/admin/v1/activities/" + id + ".2.0/skip";
    const auto tried = data_of(ask_admin("POST", path, R"({"actor":"kim","dry_run":true})"));
    EXPECT_EQ(tried.at("dry_run"), true);
    EXPECT_EQ(tried.at("disposition"), "applied");
    change([](auto& all) { EXPECT_EQ(all.events.size(), 1u); });
    EXPECT_EQ(data_of(ask_admin("POST", path, R"({"actor":"kim","reason":"made by hand"})", "Idempotency-Key: s1\r\n"))
                  .at("disposition"),
              "applied");
    change([](auto& all) { EXPECT_EQ(all.events.back().type, "operator.skip"); });
    EXPECT_EQ(last_payload().at("activity"), json::string(id + ".2.0"));
    EXPECT_EQ(last_payload().at("actor"), "kim");
    EXPECT_EQ(last_payload().at("why"), "made by hand");
    EXPECT_EQ(data_of(ask_admin("POST", path, "", "Idempotency-Key: s1\r\n")).at("disposition"), "duplicate");
    EXPECT_EQ(ask_admin("POST", "/admin/v1/activities/" + id + ".3.0/skip").status, 404);
    EXPECT_EQ(ask_admin("POST", path, R"({"dry_run":1})").status, 400);
}

TEST_F(AdminEventsTest, OverloadIs503) {
    change([](auto& all) { all.queue_full = true; });
    EXPECT_EQ(send(R"({"type":"operator.cancel"})").status, 503);
}

} // namespace
} // namespace appointd::http
